"""Tests of slugs that are made from titles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.slugify import slugify_title
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
def test_slugify_title_keeps_script_of_title(title: str, slug: str) -> None:
    assert slugify_title(title) == slug


def test_slugify_title_truncates_at_word() -> None:
    slug = slugify_title("wonderful " * 60)
    assert len(slug) <= MAX_SLUG_LENGTH - len("-1234567")
    assert set(slug.split("-")) == {"wonderful"}


def test_slugify_title_truncates_long_word() -> None:
    assert len(slugify_title("w" * 500)) == MAX_SLUG_LENGTH - len("-1234567")


@given(st.text(max_size=300))
def test_slugify_title_returns_valid_slug(title: str) -> None:
    assert slug_problem(slugify_title(title)) is None
