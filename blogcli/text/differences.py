"""Compare two texts, first by lines and then by the words of the lines that differ."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache
from itertools import groupby, pairwise
from typing import NamedTuple

from .scripts import HAN_AND_KANA
from .sequence_matching import Match, find_matches, is_blank

# The number of equal lines before and after each change that a hunk contains.
CONTEXT = 3
# A changed part of a text with more words than this is compared by lines only.
MAX_WORDS = 5_000
# Punctuation marks, each of which is compared as a word of its own.
_PUNCTUATION = r"!-/:-@\[-`{-~\u00a1\u00ab\u00bb\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u3003\u3008-\u3011\uff01-\uff0f"


class Side(StrEnum):
    """Whether a piece of text is in both texts, only in the old text, or only in the new text."""

    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """A part of two texts that are compared."""

    side: Side
    text: str


class Hunk(NamedTuple):
    """Changed lines together with the equal lines around them.

    The starts are the numbers of the first lines in both texts, counted from 0. Each piece consists of whole lines.
    """

    old_start: int
    new_start: int
    pieces: list[Piece]


def compare_texts(old: str, new: str) -> list[Piece]:
    """Return the pieces of two texts in order, with the changed words of the changed lines.

    The equal and the removed pieces together are the old text, and the equal and the added pieces are the new text.
    """
    return compare_words(compare_lines(old, new))


def compare_lines(old: str, new: str) -> list[Piece]:
    """Return the pieces of two texts in order. Each piece consists of whole lines."""
    return list(_pieces(split_lines(old), split_lines(new)))


def compare_words(pieces: Iterable[Piece]) -> list[Piece]:
    """Replace removed lines that are followed by added lines by the pieces of their words.

    Lines with more than `MAX_WORDS` words are not replaced.
    """
    result: list[Piece] = []
    for side, text in pieces:
        if side is Side.ADDED and result and result[-1].side is Side.REMOVED:
            result += _compare_words(result.pop().text, text)
        else:
            result.append(Piece(side, text))
    by_side = groupby(result, key=lambda piece: piece.side)
    return [Piece(side, "".join(piece.text for piece in group)) for side, group in by_side]


def find_hunks(old: str, new: str, *, context: int = CONTEXT) -> list[Hunk]:
    """Return the changed lines of two texts, with up to `context` equal lines before and after each change.

    Changes with at most twice as many equal lines between them are in the same hunk.
    """
    hunks: list[Hunk] = []
    position = {Side.REMOVED: 0, Side.ADDED: 0}
    pieces = compare_lines(old, new)
    for number, piece in enumerate(pieces):
        lines = split_lines(piece.text)
        if piece.side is Side.EQUAL:
            ends_hunk = len(lines) > 2 * context or number in (0, len(pieces) - 1)
            if hunks:
                hunks[-1].pieces.append(Piece(Side.EQUAL, "".join(lines[:context] if ends_hunk else lines)))
            for side in position:
                position[side] += len(lines)
            if ends_hunk and number < len(pieces) - 1:
                before = lines[max(len(lines) - context, 0) :]
                old_start = position[Side.REMOVED] - len(before)
                new_start = position[Side.ADDED] - len(before)
                hunks.append(Hunk(old_start, new_start, [Piece(Side.EQUAL, "".join(before))]))
            continue
        if not hunks:
            hunks.append(Hunk(0, 0, []))
        hunks[-1].pieces.append(piece)
        position[piece.side] += len(lines)
    return [hunk._replace(pieces=[piece for piece in hunk.pieces if piece.text]) for hunk in hunks]


def unified_lines(hunk: Hunk) -> Iterator[str]:
    """Yield the lines of a hunk, without line ends, in the unified format that the program `patch` reads."""
    lines = [(side, line) for side, text in hunk.pieces for line in split_lines(text)]
    old_count = sum(side is not Side.ADDED for side, _ in lines)
    new_count = sum(side is not Side.REMOVED for side, _ in lines)
    yield f"@@ -{_range(hunk.old_start, old_count)} +{_range(hunk.new_start, new_count)} @@"
    for side, line in lines:
        yield _SIGNS[side] + line.removesuffix("\n")
        if not line.endswith("\n"):
            yield "\\ No newline at end of file"


def mark_words(pieces: Iterable[Piece]) -> str:
    """Return a text in which the removed pieces are marked as `[-old-]` and the added pieces as `{+new+}`.

    The marks do not extend over line ends.
    """
    return "".join(_mark(side, line) for side, text in pieces for line in split_lines(text))


def split_lines(text: str) -> list[str]:
    r"""Return the lines of a text with their line ends. Only `\n` ends a line."""
    lines = text.split("\n")
    last = lines.pop()
    return [*(f"{line}\n" for line in lines), *([last] if last else [])]


_SIGNS = {Side.EQUAL: " ", Side.REMOVED: "-", Side.ADDED: "+"}
_MARKS = {Side.EQUAL: ("", ""), Side.REMOVED: ("[-", "-]"), Side.ADDED: ("{+", "+}")}


def _mark(side: Side, line: str) -> str:
    start, end = _MARKS[side]
    text = line.removesuffix("\n")
    return f"{start}{text}{end}{line[len(text) :]}" if text else line


def _range(start: int, count: int) -> str:
    # The unified format counts lines from 1, and names the line before a range that contains no lines.
    return f"{start + 1}" if count == 1 else f"{start + (count > 0)},{count}"


@cache
def _words() -> re.Pattern[str]:
    return re.compile(rf"[{HAN_AND_KANA}]|[{_PUNCTUATION}]|\n|[^\S\n]+|[^\s{_PUNCTUATION}{HAN_AND_KANA}]+")


def _compare_words(old: str, new: str) -> list[Piece]:
    texts = [_words().findall(text) for text in (old, new)]
    if any(sum(not is_blank(word) for word in words) > MAX_WORDS for words in texts):
        return [Piece(Side.REMOVED, old), Piece(Side.ADDED, new)]
    return list(_pieces(*texts))


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """Yield the pieces of two sequences of lines or words."""
    end = Match(len(old), len(new), 0)
    for previous, match in pairwise([Match(0, 0, 0), *find_matches(old, new), end]):
        removed = "".join(old[previous.old + previous.size : match.old])
        added = "".join(new[previous.new + previous.size : match.new])
        equal = "".join(old[match.old : match.old + match.size])
        for piece in (Piece(Side.REMOVED, removed), Piece(Side.ADDED, added), Piece(Side.EQUAL, equal)):
            if piece.text:
                yield piece
