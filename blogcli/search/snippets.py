"""The stretch of a text around what was looked for; pure."""

import re
from collections.abc import Iterator, Sequence

from ..enums import HIT_MARK
from .analyzer import UNSPACED, fold, is_unspaced, words
from .markup import without_markup
from .query import Query, Term

_WIDTH = 160
_BEFORE = 40
# The words of a post lie at its start more often than not, and a snippet is only a taste.
_LOOKED_AT = 200_000
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]*(?:\s+\"[^\"\n]{0,300}\")?\)")
_LINE_MARKS = re.compile(r"^[ \t]*[#>|]+|\|", re.MULTILINE)
_UNDERSCORES = re.compile(r"(?<!\w)_+|(?<!_)_++(?!\w)")
_WORD = re.compile(rf"[{UNSPACED}]+|[^\s{UNSPACED}]+")


def snippet(content: str, query: Query | None) -> str:
    """A line of the content around its first hit, with the hits marked; its start, where there is none."""
    text = _readable(content[:_LOOKED_AT])
    hits = _hits(text, _Wanted(query.wanted)) if query else iter(())
    hit = next(hits, None)
    start = _start(text, hit[0] if hit else 0)
    end = _end(text, start + _WIDTH)
    marked, position = [], start
    while hit and hit[1] <= end:
        marked += [text[position : hit[0]], HIT_MARK, text[slice(*hit)], HIT_MARK]
        position, hit = hit[1], next(hits, None)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{''.join(marked)}{text[position:end]}{after}"


def _readable(content: str) -> str:
    text = _LINE_MARKS.sub(" ", without_markup(_LINK.sub(r"\1", content))).replace("*", "").replace("`", "")
    return " ".join((_UNDERSCORES.sub("", text) if "_" in text else text).split())


class _Wanted:
    """The tokens that are looked for: whole ones, and beginnings."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.whole = {token for term in terms for token in term.tokens}
        self.beginnings = tuple(term.tokens[-1] for term in terms if term.is_prefix)
        self.any = re.compile("|".join(re.escape(token) for token in self.whole) or "(?!)")

    def has(self, token: str) -> bool:
        return token in self.whole or token.startswith(self.beginnings)


def _hits(text: str, wanted: _Wanted) -> Iterator[tuple[int, int]]:
    """Where words stand that have a token which is looked for; characters in a run of a script without spaces."""
    for found in _likely_words(text, wanted):
        if is_unspaced(found[0]):
            yield from _hits_in_run(found[0], found.start(), wanted)
        elif any(wanted.has(word) for word in words(found[0])):
            first, last = _inner(found[0])
            yield found.start() + first, found.start() + last


def _likely_words(text: str, wanted: _Wanted) -> Iterator[re.Match[str]]:
    """The words in which a token occurs somewhere; all words, where folding moves the characters."""
    folded, position = fold(text), 0
    if len(folded) != len(text):
        yield from _WORD.finditer(text)
        return
    while occurrence := wanted.any.search(folded, position):
        start = max(position, text.rfind(" ", 0, occurrence.start()) + 1)
        for found in _WORD.finditer(text, start):
            position = found.end()
            if position > occurrence.start():
                yield found
                break
        else:
            return


def _hits_in_run(run: str, offset: int, wanted: _Wanted) -> Iterator[tuple[int, int]]:
    folded = fold(run)
    if len(folded) != len(run):
        return
    covered = [False] * len(run)
    for start in range(len(run)):
        for length in (1, 2):
            if folded[start : start + length] in wanted.whole:
                covered[start : start + length] = [True] * len(run[start : start + length])
    for stretch in re.finditer("1+", "".join("1" if each else "0" for each in covered)):
        yield offset + stretch.start(), offset + stretch.end()


def _inner(word: str) -> tuple[int, int]:
    """Where a word stands without the punctuation around it."""
    letters = [number for number, character in enumerate(word) if character.isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (0, len(word))


def _start(text: str, hit: int) -> int:
    start = max(0, hit - _BEFORE)
    if not start:
        return 0
    blank = text.find(" ", start, hit)
    return blank + 1 if blank >= 0 else start


def _end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    blank = text.rfind(" ", end - _BEFORE, end)
    return blank if blank >= 0 else end
