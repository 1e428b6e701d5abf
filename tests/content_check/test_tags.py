"""Tests of the rule about tags whose names are nearly equal."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.content_check.tags import CheckedTag, find_similar_tags


def merges(*tags: tuple[str, int]) -> list[str]:
    checked = [CheckedTag(id=number, name=name, posts=posts) for number, (name, posts) in enumerate(tags, 1)]
    return [issue.repair.partition("merge ")[2].rstrip("`") for _, issue in find_similar_tags(checked)]


@pytest.mark.parametrize(
    ("minor", "major"),
    [
        ("open source", "open-source"),
        ("opensource", "open source"),
        ("next.js", "nextjs"),
        ("cafe", "café"),
        ("book", "books"),
        ("topics", "topic!"),
        ("phyton", "python"),
        ("pyhton", "python"),
        ("zero\u200bwidth", "zerowidth"),
        ("snake_case", "snake case"),
    ],
)
def test_similar_tag_is_merged_into_more_frequent_tag(minor: str, major: str) -> None:
    assert [shlex.split(line) for line in merges((minor, 1), (major, 2))] in ([[minor, major]], [["id:1", major]])
    assert merges((major, 2), (minor, 1))


@pytest.mark.parametrize(
    "names",
    [
        ("c", "c++", "c#"),
        ("net", ".net"),
        ("go", "god"),
        ("new", "news"),
        ("form", "from"),
        ("glas", "glass"),
        ("python2", "python3"),
        ("か", "が"),
        ("写真", "真写"),
        ("й", "и"),
        ("!", "?"),
        ("1.0", "2.0"),
        ("france", "french"),
    ],
)
def test_different_tags_are_not_similar(names: tuple[str, ...]) -> None:
    assert merges(*((name, number) for number, name in enumerate(names))) == []


def test_older_tag_is_kept_if_posts_are_equal() -> None:
    assert merges(("open source", 2), ("open-source", 2)) == ["open-source 'open source'"]


def test_tag_is_merged_into_best_of_several() -> None:
    assert merges(("a b c", 1), ("a-b-c", 3), ("abc", 2)) == ["'a b c' a-b-c", "abc a-b-c"]


@pytest.mark.parametrize("name", ["-open-source", "id:opensource", "open\u202esource"])
def test_name_that_is_no_safe_argument_is_replaced_by_id(name: str) -> None:
    assert "id:1" in merges((name, 1), ("opensource", 2), ("idopensource", 2))[0]


@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.integers(0, 3)), max_size=6))
def test_every_merge_reduces_number_of_tags(tags: list[tuple[str, int]]) -> None:
    assert len(merges(*tags)) <= max(len(tags) - 1, 0)
