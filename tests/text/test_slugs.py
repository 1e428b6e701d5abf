"""Tests of the validation and numbering of slugs."""

from itertools import chain, islice

import pytest

from blogcli.text.slugs import MAX_SLUG_LENGTH, slug_batches, slug_problem


@pytest.mark.parametrize(
    "slug",
    [
        "hello-world",
        "2024",
        "v1.2",
        "a_b~c",
        "größe",
        "привет-мир",
        "你好",
        "नमस्ते-दुनिया",
        "สวัสดี",
        "a" * MAX_SLUG_LENGTH,
    ],
)
def test_slug_problem_of_valid_slug_is_none(slug: str) -> None:
    assert slug_problem(slug) is None


@pytest.mark.parametrize(
    ("slug", "problem"),
    [
        ("", "empty"),
        ("a" * (MAX_SLUG_LENGTH + 1), "longer than 255"),
        ("Hello", "upper-case"),
        ("ÄRGER", "upper-case"),
        (".hidden", "dot"),
        ("hidden.", "dot"),
        ("a..b", "dot"),
        ("a b", "only letters"),
        ("a/b", "only letters"),
        ("a\n", "only letters"),
        ("caf\u0065\u0301", "only letters"),
    ],
)
def test_slug_problem_of_invalid_slug_is_described(slug: str, problem: str) -> None:
    assert problem in (slug_problem(slug) or "")


def test_slug_batches_are_numbered_without_gap() -> None:
    slugs = islice(chain.from_iterable(slug_batches("post")), 2_000)
    assert list(slugs) == ["post", *(f"post-{number}" for number in range(2, 2_001))]


def test_slug_batches_grow() -> None:
    sizes = [len(batch) for batch in islice(slug_batches("post"), 7)]
    assert sizes == [1, 10, 100, 1_000, 10_000, 10_000, 10_000]
