"""Make snippets of posts. A snippet is the part of a text around the first match of a query."""

import re
from collections.abc import Iterator, Sequence

from ..enums import HIT_MARK
from ..text.scripts import UNSPACED
from .analyzer import fold, is_unspaced, words
from .markup import remove_markup
from .query import Query, Term

# The maximum length of a snippet, and the maximum length of the text in the snippet before the first match. The marks
# around matches are not counted.
_WIDTH = 160
_CONTEXT = 40
# Only this number of characters at the start of the content is searched for matches, to save time for very long posts.
_MAX_CONTENT = 200_000
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]*(?:\s+\"[^\"\n]{0,300}\")?\)")
_LINE_MARKS = re.compile(r"^[ \t]*[#>|]+|\|", re.MULTILINE)
_UNDERSCORES = re.compile(r"(?<!\w)_+|(?<!_)_++(?!\w)")
_WORD = re.compile(rf"[{UNSPACED}]+|[^\s{UNSPACED}]+")


def snippet(content: str, query: Query | None) -> str:
    """Return the part of the content around the first match, or the start of the content if nothing matches.

    HIT_MARK is inserted before and after each match in the snippet.
    """
    text = _remove_formatting(content[:_MAX_CONTENT])
    hits = _find_matches(text, _Matcher(query.positive_terms)) if query else iter(())
    hit = next(hits, None)
    start = _find_start(text, hit[0] if hit else 0)
    end = _find_end(text, start + _WIDTH)
    marked = []
    position = start
    while hit and hit[1] <= end:
        marked += [text[position : hit[0]], HIT_MARK, text[slice(*hit)], HIT_MARK]
        position = hit[1]
        hit = next(hits, None)
    prefix = "…" if start else ""
    suffix = "…" if end < len(text) else ""
    return f"{prefix}{''.join(marked)}{text[position:end]}{suffix}"


def _remove_formatting(content: str) -> str:
    text = _LINE_MARKS.sub(" ", remove_markup(_LINK.sub(r"\1", content))).replace("*", "").replace("`", "")
    return " ".join((_UNDERSCORES.sub("", text) if "_" in text else text).split())


class _Matcher:
    """Tells whether a token of a text equals a token of a query term, or begins with a prefix in the query."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.whole = {token for term in terms for token in term.tokens}
        self.prefixes = tuple(term.tokens[-1] for term in terms if term.is_prefix)
        self.any = re.compile("|".join(re.escape(token) for token in self.whole) or "(?!)")

    def matches(self, token: str) -> bool:
        return token in self.whole or token.startswith(self.prefixes)


def _find_matches(text: str, matcher: _Matcher) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each matching part of the text.

    Such a part is a word or, in a script without spaces between words, a sequence of characters.
    """
    for match in _find_likely_words(text, matcher):
        if is_unspaced(match[0]):
            yield from _find_matches_in_run(match[0], match.start(), matcher)
        elif any(matcher.matches(word) for word in words(match[0])):
            first, last = _trim_punctuation(match[0])
            yield match.start() + first, match.start() + last


def _find_likely_words(text: str, matcher: _Matcher) -> Iterator[re.Match[str]]:
    """Yield match objects for those words of the text that contain a token of the query.

    If folding changes the length of the text, yields all words, because positions in the folded text then differ from
    positions in the text.
    """
    folded = fold(text)
    position = 0
    if len(folded) != len(text):
        yield from _WORD.finditer(text)
        return
    while occurrence := matcher.any.search(folded, position):
        start = max(position, text.rfind(" ", 0, occurrence.start()) + 1)
        for match in _WORD.finditer(text, start):
            position = match.end()
            if position > occurrence.start():
                yield match
                break
        else:
            return


def _find_matches_in_run(run: str, offset: int, matcher: _Matcher) -> Iterator[tuple[int, int]]:
    folded = fold(run)
    if len(folded) != len(run):
        return
    covered = [False] * len(run)
    for start in range(len(run)):
        for length in (1, 2):
            if folded[start : start + length] in matcher.whole:
                covered[start : start + length] = [True] * len(run[start : start + length])
    for run_of_ones in re.finditer("1+", "".join("1" if is_covered else "0" for is_covered in covered)):
        yield offset + run_of_ones.start(), offset + run_of_ones.end()


def _trim_punctuation(word: str) -> tuple[int, int]:
    """Return the start and the end of a word without the punctuation around it."""
    letters = [number for number, character in enumerate(word) if character.isalnum()]
    return (letters[0], letters[-1] + 1) if letters else (0, len(word))


def _find_start(text: str, hit: int) -> int:
    start = max(0, hit - _CONTEXT)
    if not start:
        return 0
    space = text.find(" ", start, hit)
    return space + 1 if space >= 0 else start


def _find_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - _CONTEXT, end)
    return space if space >= 0 else end
