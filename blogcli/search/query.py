"""What a person types -> what is looked for; pure. Every text is a query: nothing is a syntax error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .analyzer import LONGEST_TOKEN, is_unspaced, pairs, words

# More than anybody types; SQLite's parser of queries has its limits.
MOST_TERMS = 64
MOST_TOKENS = 256
# A shorter prefix touches a large part of any index.
SHORTEST_PREFIX = 4

_ITEM = re.compile(
    r'(?P<negated>-?)(?:(?P<field>title|content):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))', re.IGNORECASE
)
_CURLY_QUOTES = str.maketrans('“”„‟"', '"""""')


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand next to each other, the last perhaps only begun, in one field or in either."""

    tokens: tuple[str, ...]
    is_prefix: bool = False
    field: str | None = None
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """Clauses that must all hold; a clause holds if one of its terms does. Without clauses nothing is found."""

    clauses: tuple[tuple[Term, ...], ...]

    @property
    def wanted(self) -> list[Term]:
        """The terms that a post is found for, and not for the lack of."""
        return [term for clause in self.clauses for term in clause if not term.is_negated]


def parse_query(text: str) -> Query:
    """The query that a text means.

    Words and "phrases" must all occur; `-` stands before what must not, OR between two of which one is enough,
    `title:` or `content:` before what is looked for there.
    """
    clauses: list[list[Term | None]] = []
    joins = False
    items = list(_ITEM.finditer(text.translate(_CURLY_QUOTES)))[:MOST_TERMS]
    for number, item in enumerate(items):
        if item[0] == "OR" and clauses and not joins and number + 1 < len(items):
            joins = True
            continue
        if joins:
            clauses[-1].append(_term(item))
        else:
            clauses.append([_term(item)])
        joins = False
    found = (tuple(term for term in clause if term) for clause in clauses)
    return Query(tuple(clause for clause in found if clause))


def _term(item: re.Match[str]) -> Term | None:
    text = item["word"] if item["phrase"] is None else item["phrase"]
    found = words(text)[:MOST_TOKENS]
    if not found:
        return None
    *before, last = found
    tokens = [token for word in before for token in (pairs(word) if is_unspaced(word) else [word[:LONGEST_TOKEN]])]
    ending, is_prefix = _ending(last, item["word"])
    return Term(
        tokens=(*tokens, *ending)[:MOST_TOKENS],
        is_prefix=is_prefix,
        field=item["field"].lower() if item["field"] else None,
        is_negated=bool(item["negated"]),
    )


def _ending(word: str, typed: str | None) -> tuple[Sequence[str], bool]:
    """The last tokens of a term, and whether words that begin with them match too; `typed` is a bare word's text."""
    if is_unspaced(word):
        # The run may go on: then the last character alone is no token of its own.
        return (pairs(word)[:-1], False) if len(word) > 1 else ([word], True)
    token = word[:LONGEST_TOKEN]
    if typed is None:
        return [token], False
    return [token], typed.endswith("*") or sum(map(str.isalpha, token)) >= SHORTEST_PREFIX
