"""Tests of the comparison of texts."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.differences import (
    MAX_WORDS,
    Piece,
    Side,
    compare_lines,
    compare_texts,
    compare_words,
    find_hunks,
    mark_words,
    split_lines,
    unified_lines,
)

LINES = st.sampled_from(["a\n", "b\n", "\n", "one two\n", "one  three\n", "\u5b57\u5b58 x\n", "c\r\n", "\u2028\n"])
TEXTS = st.builds(lambda lines, last: "".join(lines) + last, st.lists(LINES, max_size=30), st.sampled_from(["", "end"]))
ANY_TEXTS = TEXTS | st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def apply(pieces: list[Piece], side: Side) -> str:
    return "".join(piece.text for piece in pieces if piece.side in (Side.EQUAL, side))


@given(ANY_TEXTS, ANY_TEXTS)
def test_pieces_give_both_texts(old: str, new: str) -> None:
    for pieces in (compare_lines(old, new), compare_texts(old, new)):
        assert apply(pieces, Side.REMOVED) == old
        assert apply(pieces, Side.ADDED) == new
        assert all(piece.text for piece in pieces)
        assert all(first.side is not second.side for first, second in pairwise(pieces))


@given(TEXTS, TEXTS)
def test_pieces_of_lines_are_whole_lines(old: str, new: str) -> None:
    pieces = compare_lines(old, new)
    for text, side in ((old, Side.REMOVED), (new, Side.ADDED)):
        assert [line for piece in pieces if piece.side in (Side.EQUAL, side) for line in split_lines(piece.text)] == (
            split_lines(text)
        )


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_unified_lines_applied_to_old_text_give_new_text(old: str, new: str, context: int) -> None:
    lines = [line for hunk in find_hunks(old, new, context=context) for line in unified_lines(hunk)]
    assert patch(old, lines) == new


def patch(text: str, unified: list[str]) -> str:
    """Apply the lines of a unified diff to a text, as the program `patch` does."""
    old = split_lines(text)
    new: list[str] = []
    position = 0
    for line, following in pairwise([*unified, ""]):
        end = "" if following.startswith("\\") else "\n"
        if header := re.fullmatch(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@", line):
            start = int(header[1]) - (header[2] != "0")
            new += old[position:start]
            position = start
            assert len(new) == int(header[3]) - (header[4] != "0")
        elif line[:1] in ("-", " "):
            assert old[position] == line[1:] + end
            position += 1
        if line[:1] in ("+", " "):
            new.append(line[1:] + end)
    return "".join([*new, *old[position:]])


def test_compare_texts_marks_changed_words() -> None:
    old = "Hello world, this is\n\nA line\nanother\n"
    new = "Hello there world, this was\n\nA line\nnew\nanother\n"
    assert mark_words(compare_texts(old, new)) == (
        "Hello {+there +}world, this [-is-]{+was+}\n\nA line\n{+new+}\nanother\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("\u5b57\u5b58\u5b59", "\u5b57\u5b5a\u5b59", "\u5b57[-\u5b58-]{+\u5b5a+}\u5b59"),
        ("End.", "End!", "End[-.-]{+!+}"),
        ("red green blue", "one two three", "[-red green blue-]{+one two three+}"),
        ("one two", "one  two", "one[- -]{+  +}two"),
        ("", "one\ntwo", "{+one+}\n{+two+}"),
        ("one\n\ntwo\n", "", "[-one-]\n\n[-two-]\n"),
        ("one", "one", "one"),
        ("e\u0301t\u00e9", "ete", "[-e\u0301t\u00e9-]{+ete+}"),
    ],
)
def test_mark_words_of_small_texts(old: str, new: str, marked: str) -> None:
    assert mark_words(compare_texts(old, new)) == marked


def test_line_that_is_too_long_is_not_compared_by_words() -> None:
    line = "word " * (MAX_WORDS + 1)
    lines = compare_lines(f"{line}old\n", f"{line}new\n")
    assert compare_words(lines) == lines == [Piece(Side.REMOVED, f"{line}old\n"), Piece(Side.ADDED, f"{line}new\n")]


def test_words_of_long_text_with_few_changes_are_compared() -> None:
    lines = [f"Line {number} of the text\n\n" for number in range(50_000)]
    old = "".join(lines)
    lines[100] = "Line 100 of that text\n\n"
    lines[40_000] = ""
    pieces = compare_texts(old, "".join(lines))
    changed = [piece for piece in pieces if piece.side is not Side.EQUAL]
    assert [piece.text.strip() for piece in changed] == ["the", "that", "Line 40000 of the text"]


def test_find_hunks_joins_close_changes() -> None:
    lines = [f"{number}\n" for number in range(40)]
    changed = list(lines)
    for number in (10, 16, 30):
        changed[number] = "x\n"
    hunks = find_hunks("".join(lines), "".join(changed))
    assert [(hunk.old_start, hunk.new_start) for hunk in hunks] == [(7, 7), (27, 27)]
    assert next(unified_lines(hunks[0])) == "@@ -8,13 +8,13 @@"


def test_find_hunks_of_equal_texts_is_empty() -> None:
    assert find_hunks("a\n", "a\n") == find_hunks("", "") == []


def test_unified_lines_of_inserted_line_name_line_before() -> None:
    (hunk,) = find_hunks("a\nb\n", "a\nx\nb\n", context=0)
    assert list(unified_lines(hunk)) == ["@@ -1,0 +2 @@", "+x"]
