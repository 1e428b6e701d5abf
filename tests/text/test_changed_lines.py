"""Tests of showing the lines of a text that edits change."""

from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.changed_lines import EditedLine, list_edited_lines
from blogcli.text.replacements import ReplacementRule


def show(text: str, old: str, new: str, max_lines: int = 3) -> list[EditedLine]:
    return list_edited_lines(text, ReplacementRule(old, new).iter_edits(text), max_lines=max_lines)


def test_lines_contain_old_and_new_text() -> None:
    lines = show("one\na old b old c\r\nno\nold\nold\nold", "old", "new")
    assert lines == [
        EditedLine(2, [("", "a "), ("-", "old"), ("+", "new"), ("", " b "), ("-", "old"), ("+", "new"), ("", " c")], 2),
        EditedLine(4, [("-", "old"), ("+", "new")], 1),
        EditedLine(5, [("-", "old"), ("+", "new")], 1),
    ]


def test_removed_text_has_no_new_part() -> None:
    assert show("a old", " old", "") == [EditedLine(1, [("", "a"), ("-", " old")], 1)]


def test_text_with_line_ends_is_in_line_of_its_start() -> None:
    lines = show("x\na\nb c\na\nb", "a\nb", "z")
    assert lines == [
        EditedLine(2, [("-", "a\nb"), ("+", "z"), ("", " c")], 1),
        EditedLine(4, [("-", "a\nb"), ("+", "z")], 1),
    ]


def test_long_texts_are_truncated() -> None:
    (line,) = show("a" * 100 + "x" * 300 + "b" * 100 + "x" * 300 + "c" * 100, "x" * 300, "y" * 300)
    lengths = [(kind, len(text)) for kind, text in line.parts]
    changed = [("-", 201), ("+", 201)]
    assert lengths == [("", 41), *changed, ("", 81), *changed, ("", 41)]
    (line,) = show("old " * 100, "old", "new")
    assert line.shown == 5
    assert line.parts[-1] == ("", " old old old old old old old old old old…")


@given(st.text(st.sampled_from("ab\n"), max_size=30))
def test_unchanged_and_old_parts_are_the_line(text: str) -> None:
    for line in show(text, "a", "x", max_lines=40):
        parts = "".join(part for kind, part in line.parts if kind != "+")
        source = text.split("\n")[line.number - 1]
        assert parts.removesuffix("…") in source
        assert line.shown == min(source.count("a"), 5)
