"""Find the equal items of two sequences of lines or words."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

# The maximum estimated number of steps in which `difflib` may compare two parts of a text. Parts that would need more
# steps are treated as different, because the time of `difflib` is not linear.
_MAX_STEPS = 20_000_000


class Match(NamedTuple):
    """A run of equal items in two sequences."""

    old: int
    new: int
    size: int


def find_matches(old: Sequence[str], new: Sequence[str]) -> Iterator[Match]:
    """Yield the runs of equal items of two sequences in order, in time that is linear in their lengths.

    Items that occur once in each of the sequences are matched first. They divide the sequences into parts, which
    `difflib` compares.
    """
    return _join(_matches(old, new))


def is_blank(item: str) -> bool:
    """Return whether an item consists of blanks without a line end. Blanks alone are not matched."""
    return item.isspace() and "\n" not in item


def _matches(old: Sequence[str], new: Sequence[str]) -> Iterator[Match]:
    start, end = _common_ends(old, new)
    yield Match(0, 0, start)
    part = Match(start, start, 0)
    for anchor in [*_unique_matches(old, new, start, end), Match(len(old) - end, len(new) - end, end)]:
        yield from _compare_part(old, new, part, anchor)
        yield anchor
        part = Match(anchor.old + anchor.size, anchor.new + anchor.size, 0)


def _join(matches: Iterable[Match]) -> Iterator[Match]:
    """Join matches that follow each other without a gap in both sequences."""
    current = Match(0, 0, 0)
    for match in matches:
        if (match.old, match.new) == (current.old + current.size, current.new + current.size):
            current = current._replace(size=current.size + match.size)
        else:
            yield current
            current = match
    yield current


def _common_ends(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """Return the number of equal items at the start, and the number of other equal items at the end."""
    shorter = min(len(old), len(new))
    start = next((number for number in range(shorter) if old[number] != new[number]), shorter)
    rest = shorter - start
    return start, next((number for number in range(rest) if old[-1 - number] != new[-1 - number]), rest)


def _unique_matches(old: Sequence[str], new: Sequence[str], start: int, end: int) -> list[Match]:
    """Return the items that occur once in the middle of each sequence, without those whose order differs."""
    new_positions = _unique_positions(new, start, len(new) - end)
    old_positions = _unique_positions(old, start, len(old) - end)
    pairs = [(old_positions[item], new_positions[item]) for item in old_positions if item in new_positions]
    # The longest increasing subsequence is found by patience sorting: each pair is put on the first pile whose top has
    # a greater position, and refers to the top of the pile before.
    tops: list[int] = []
    top_numbers: list[int] = []
    previous: list[int | None] = []
    for number, (_, position) in enumerate(pairs):
        pile = bisect_left(tops, position)
        previous.append(top_numbers[pile - 1] if pile else None)
        tops[pile : pile + 1] = [position]
        top_numbers[pile : pile + 1] = [number]
    chosen: list[Match] = []
    current = top_numbers[-1] if top_numbers else None
    while current is not None:
        chosen.append(Match(*pairs[current], 1))
        current = previous[current]
    return chosen[::-1]


def _unique_positions(items: Sequence[str], start: int, stop: int) -> dict[str, int]:
    counts = Counter(items[start:stop])
    return {items[number]: number for number in range(start, stop) if counts[items[number]] == 1}


def _compare_part(old: Sequence[str], new: Sequence[str], start: Match, stop: Match) -> Iterator[Match]:
    """Yield the runs of equal items between two positions.

    A run that contains only blanks is yielded only at the start and at the end, where it follows or precedes other
    equal items.
    """
    olds = old[start.old : stop.old]
    news = new[start.new : stop.new]
    first, last = _common_ends(olds, news)
    yield Match(start.old, start.new, first)
    olds = olds[first : len(olds) - last]
    news = news[first : len(news) - last]
    if olds and news and _estimate_steps(olds, news) <= _MAX_STEPS:
        matcher = SequenceMatcher(is_blank, olds, news, autojunk=False)
        for old_start, new_start, size in matcher.get_matching_blocks():
            if not all(map(is_blank, olds[old_start : old_start + size])):
                yield Match(start.old + first + old_start, start.new + first + new_start, size)
    yield Match(stop.old - last, stop.new - last, last)


def _estimate_steps(olds: Sequence[str], news: Sequence[str]) -> int:
    """Return the number of steps that `difflib` takes at most to compare two sequences."""
    counts = Counter(news)
    pairs = sum(counts[item] for item in olds if not is_blank(item))
    return (len(olds) + pairs) * min(len(olds), len(news))
