"""Show the differences between two texts and between the fields of two records."""

from collections.abc import Iterable, Iterator, Mapping

from ..text.differences import (
    Piece,
    Side,
    compare_texts,
    compare_words,
    find_hunks,
    mark_words,
    split_lines,
    unified_lines,
)
from .console import Console
from .layout import Cell, paint
from .text import safe_text

_STYLES = {"-": "red", "+": "green", "@": "cyan"}
_WORD_STYLES = {Side.REMOVED: "struck red", Side.ADDED: "green"}
# The fields whose values are compared by words. A changed value of any other field is replaced as a whole.
_TEXTS = frozenset({"title", "content", "excerpt", "tags", "extra"})


def compare_fields(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, list[Piece]]]:
    """Yield the name and the pieces of each field whose text differs. A missing field is like an empty text."""
    for name in dict.fromkeys([*new, *old]):
        former = old.get(name, "")
        text = new.get(name, "")
        if former == text:
            continue
        if name in _TEXTS:
            yield name, compare_texts(former, text)
        else:
            yield name, [piece for piece in (Piece(Side.REMOVED, former), Piece(Side.ADDED, text)) if piece.text]


def unified_difference(console: Console, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """Yield lines that begin with `-` for removed and with `+` for added lines.

    The lines of the field `content` have the unified format, which the program `patch` can apply to the content.
    """
    for name in dict.fromkeys([*new, *old]):
        if name != "content" and old.get(name, "") != new.get(name, ""):
            values = ((sign, fields[name]) for sign, fields in (("-", old), ("+", new)) if fields.get(name))
            for sign, value in values:
                yield from (_paint_line(console, f"{sign}{line}") for line in f"{name}: {value}".split("\n"))
    hunks = find_hunks(old.get("content", ""), new.get("content", ""))
    if hunks:
        yield from (_paint_line(console, "--- content"), _paint_line(console, "+++ content"))
    for hunk in hunks:
        yield from (_paint_line(console, line) for line in unified_lines(hunk))


def word_difference(
    console: Console, old: Mapping[str, str], new: Mapping[str, str], *, has_marks: bool
) -> Iterator[str]:
    """Yield lines in which removed words are struck and red, and added words are green.

    If `has_marks` is set or if the output has no color, removed words are enclosed in `[-` and `-]`, and added words in
    `{+` and `+}`.
    """
    has_marks = has_marks or not console.has_color
    short_fields = ({name: text for name, text in fields.items() if name != "content"} for fields in (old, new))
    for name, pieces in compare_fields(*short_fields):
        yield from _word_lines(console, [Piece(Side.EQUAL, f"{name}: "), *pieces], has_marks=has_marks)
    for hunk in find_hunks(old.get("content", ""), new.get("content", "")):
        yield _paint_line(console, next(unified_lines(hunk)))
        yield from _word_lines(console, compare_words(hunk.pieces), has_marks=has_marks)


def _word_lines(console: Console, pieces: Iterable[Piece], *, has_marks: bool) -> Iterator[str]:
    """Yield the lines of pieces, with each part of a line in the style of its piece."""
    line: list[str] = []
    for side, text in pieces:
        for part in split_lines(text):
            marked = mark_words([Piece(side, part)]) if has_marks else part
            cell = Cell(_make_safe(console, marked.removesuffix("\n")), _WORD_STYLES.get(side, ""))
            line.append(paint(cell, has_color=console.has_color))
            if part.endswith("\n"):
                yield "".join(line)
                line = []
    if line:
        yield "".join(line)


def _paint_line(console: Console, line: str) -> str:
    return paint(Cell(_make_safe(console, line), _STYLES.get(line[:1], "")), has_color=console.has_color)


def _make_safe(console: Console, line: str) -> str:
    """Escape control characters for a terminal. In a pipe or file, the text is exact, so that it can be applied."""
    if not console.stdout_is_terminal:
        return line
    # The line ends of other systems are not shown, because nearly all lines of a text would end with an escape.
    return "\t".join(safe_text(part) for part in line.removesuffix("\r").split("\t"))
