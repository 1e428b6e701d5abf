"""Tests that lines are split into words like the command lines of a shell."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import UsageError
from blogcli.text.shell_words import split_words


@given(st.text(alphabet="ab #'\"\\\t\r\n\u00a0é", max_size=20))
def test_split_words_agrees_with_shlex_except_for_comments(line: str) -> None:
    text = line.replace("#", "x")
    try:
        expected = shlex.split(text)
    except ValueError:
        with pytest.raises(UsageError):
            split_words(text)
    else:
        assert split_words(text) == expected


@given(st.lists(st.text(max_size=10), max_size=5))
def test_split_words_reverses_shlex_join(words: list[str]) -> None:
    assert split_words(shlex.join(words)) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("  # comment", []),
        ("a # b 'c", ["a"]),
        ("a#b", ["a#b"]),
        ("'#a' b", ["#a", "b"]),
        ("''#a", ["#a"]),
        ("\\#a", ["#a"]),
        (r'"a\"b\\c\n"', [r"a\"b\c\n".replace(r"\"", '"')]),
        ("'' a", ["", "a"]),
    ],
)
def test_split_words_of_comments_and_quotes(line: str, words: list[str]) -> None:
    assert split_words(line) == words


@pytest.mark.parametrize(
    ("line", "message"),
    [("a 'b", "A quotation mark is not closed"), ('a "b\\"', "A quotation mark is not closed"), ("a\\", "backslash")],
)
def test_split_words_refuses_incomplete_line(line: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        split_words(line)
