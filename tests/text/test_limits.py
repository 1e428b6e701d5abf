"""What may be the name of a tag."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.limits import MAX_TAG_NAME, tag_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("python", "python"),
        ("C++", "C++"),
        ("  two \u00a0 words\u3000", "two words"),
        ("e\u0301te\u0301", "été"),
        ("#internal", "#internal"),
        ("日本語", "日本語"),
        ("x" * MAX_TAG_NAME, "x" * MAX_TAG_NAME),
        ("e\u0301" * MAX_TAG_NAME, "é" * MAX_TAG_NAME),
        (" " * 100 + "x", "x"),
    ],
)
def test_a_name_is_composed_and_has_single_blanks(text: str, name: str) -> None:
    assert tag_name(text) == name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must not be empty"),
        (" \u3000", "must not be empty"),
        ("a,b", "has a comma"),
        ("a\tb", "has a control character"),
        ("a\n", "has a control character"),
        ("\0", "has a control character"),
        ("a\x85", "has a control character"),
        ("x" * (MAX_TAG_NAME + 1), "has 51 characters; 50 are the most"),
        ("\u0958" * (MAX_TAG_NAME // 2 + 1), "has 52 characters; 50 are the most"),
    ],
)
def test_what_cannot_be_a_name_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        tag_name(text)


@given(st.text(max_size=60))
def test_the_name_of_a_name_is_itself(text: str) -> None:
    try:
        name = tag_name(text)
    except ValueError:
        return
    assert tag_name(name) == name == unicodedata.normalize("NFC", name)
    assert 0 < len(name) <= MAX_TAG_NAME
