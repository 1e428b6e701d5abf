"""Title -> slug."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.slugify import slug_of
from blogcli.text.slugs import MAX_SLUG_LENGTH, slug_problem


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("  Don't   panic ", "dont-panic"),
        ("Don\u2019t", "dont"),
        ("Crème brûlée", "creme-brulee"),
        ("Cre\u0300me", "creme"),
        ("Straße", "strasse"),
        ("snake_case", "snake-case"),
        ("Привет, мир", "привет-мир"),
        ("你好，世界", "你好-世界"),
        ("नमस्ते दुनिया", "नमस्ते-दुनिया"),
        ("สวัสดีชาวโลก", "สวัสดีชาวโลก"),
        ("2024", "2024"),
        ("!!!", "post"),
        ("🎉", "post"),
        ("", "post"),
    ],
)
def test_a_title_becomes_a_readable_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug


def test_a_long_title_is_cut_at_a_word_and_leaves_room_for_a_number() -> None:
    slug = slug_of("wonderful " * 60)
    assert len(slug) <= MAX_SLUG_LENGTH - len("-1234567")
    assert set(slug.split("-")) == {"wonderful"}


def test_one_endless_word_is_cut() -> None:
    assert len(slug_of("w" * 500)) == MAX_SLUG_LENGTH - len("-1234567")


@given(st.text(max_size=300))
def test_every_title_gets_a_slug_that_can_be_an_address(title: str) -> None:
    assert slug_problem(slug_of(title)) is None
