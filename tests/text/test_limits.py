"""Tests of the normalization of tag names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.limits import MAX_TAG_NAME, normalize_tag_name


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
def test_normalize_tag_name_returns_nfc_without_extra_spaces(text: str, name: str) -> None:
    assert normalize_tag_name(text) == name


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "must not be empty"),
        (" \u3000", "must not be empty"),
        ("a,b", "contains a comma"),
        ("a\tb", "contains a control character"),
        ("a\n", "contains a control character"),
        ("\0", "contains a control character"),
        ("a\x85", "contains a control character"),
        ("x" * (MAX_TAG_NAME + 1), "must have at most 50 characters, not 51"),
        ("\u0958" * (MAX_TAG_NAME // 2 + 1), "must have at most 50 characters, not 52"),
    ],
)
def test_normalize_tag_name_refuses_invalid_name(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        normalize_tag_name(text)


@given(st.text(max_size=60))
def test_normalize_tag_name_is_idempotent(text: str) -> None:
    try:
        name = normalize_tag_name(text)
    except ValueError:
        return
    assert normalize_tag_name(name) == name == unicodedata.normalize("NFC", name)
    assert 0 < len(name) <= MAX_TAG_NAME
