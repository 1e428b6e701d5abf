"""Merge two changed versions of a text line by line."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .differences import split_lines
from .sequence_matching import Match, find_matches

# The lines that enclose the two versions of a part that both sides have changed, and the line between the versions. A
# line of equals signs alone would make the text before it a heading in Markdown, so that it could be part of a text.
_START_MARKER = "<<<<<<< yours"
_MIDDLE_MARKER = "======= stored"
_END_MARKER = ">>>>>>> end"
_MARKERS = (_START_MARKER, _MIDDLE_MARKER, _END_MARKER)


class MergedText(NamedTuple):
    """A merged text, and the number of its parts that both sides have changed in different ways."""

    text: str
    conflicts: int


class _Run(NamedTuple):
    """A run of lines that are equal in the base and in both changed versions."""

    base: int
    yours: int
    stored: int
    size: int


def merge_texts(base: str, yours: str, stored: str) -> MergedText:
    """Merge the changes between `base` and `yours` with the changes between `base` and `stored`.

    A part that both sides have changed in different ways is a conflict. The merged text contains both versions of the
    part, enclosed by the conflict markers.
    """
    base_lines = split_lines(base)
    your_lines = split_lines(yours)
    stored_lines = split_lines(stored)
    merged: list[str] = []
    conflicts = 0
    position = _Run(0, 0, 0, 0)
    for run in _common_runs(base_lines, your_lines, stored_lines):
        old = base_lines[position.base : run.base]
        your_part = your_lines[position.yours : run.yours]
        stored_part = stored_lines[position.stored : run.stored]
        if stored_part in (old, your_part):
            merged += your_part
        elif old == your_part:
            merged += stored_part
        else:
            merged += _mark_conflict(your_part, stored_part)
            conflicts += 1
        merged += base_lines[run.base : run.base + run.size]
        position = _Run(run.base + run.size, run.yours + run.size, run.stored + run.size, 0)
    return MergedText("".join(merged), conflicts)


def count_markers(text: str) -> int:
    """Return the number of lines of a text that are conflict markers."""
    return sum(line.rstrip() in _MARKERS for line in split_lines(text))


def _mark_conflict(your_part: Sequence[str], stored_part: Sequence[str]) -> list[str]:
    lines = [_START_MARKER, *your_part, _MIDDLE_MARKER, *stored_part, _END_MARKER]
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _common_runs(base: Sequence[str], yours: Sequence[str], stored: Sequence[str]) -> Iterator[_Run]:
    """Yield the runs of lines that are equal in all three sequences, and an empty run at the end."""
    your_matches = list(find_matches(base, yours))
    stored_matches = list(find_matches(base, stored))
    your_number = 0
    stored_number = 0
    while your_number < len(your_matches) and stored_number < len(stored_matches):
        your_match = your_matches[your_number]
        stored_match = stored_matches[stored_number]
        start = max(your_match.old, stored_match.old)
        end = min(_end(your_match), _end(stored_match))
        if start < end:
            your_start = your_match.new + start - your_match.old
            stored_start = stored_match.new + start - stored_match.old
            yield _Run(start, your_start, stored_start, end - start)
        if _end(your_match) <= _end(stored_match):
            your_number += 1
        else:
            stored_number += 1
    yield _Run(len(base), len(yours), len(stored), 0)


def _end(match: Match) -> int:
    return match.old + match.size
