"""Parse search queries. Any text is a valid query."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .analyzer import MAX_TOKEN_LENGTH, is_unspaced, split_pairs, words

# The maximum number of terms (words or phrases) in a query, and the maximum number of tokens in one term. Both are
# lower than the limits of the FTS5 query parser of SQLite.
MAX_TERMS = 64
MAX_TOKENS = 256
# A word with at least this many letters is a prefix, which also matches longer words. A shorter word is a prefix only
# if it ends with *, because a short prefix would match a large part of any index.
MIN_PREFIX_LENGTH = 4

_ITEM = re.compile(
    r'(?P<negated>-?)(?:(?P<field>title|content):)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))', re.IGNORECASE
)
_CURLY_QUOTES = str.maketrans('“”„‟"', '"""""')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase to search for, as a sequence of adjacent tokens.

    If `is_prefix` is true, the last token also matches longer tokens that start with it. If `field` is None, all fields
    are searched. If `is_negated` is true, the term matches posts that do not contain the tokens.
    """

    tokens: tuple[str, ...]
    is_prefix: bool = False
    field: str | None = None
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A search query. A query matches a post if all clauses of the query match.

    A clause matches if at least one of its terms matches. A query without clauses matches no post.
    """

    clauses: tuple[tuple[Term, ...], ...]

    @property
    def positive_terms(self) -> list[Term]:
        """The terms of the query that are not negated."""
        return [term for clause in self.clauses for term in clause if not term.is_negated]


def parse_query(text: str) -> Query:
    """Parse a text as a query.

    A post must contain all words of the query, and all phrases in quotation marks. `-` before a word or phrase negates
    it. `title:` or `content:` before a word or phrase restricts it to this field. If `OR` is between two words or
    phrases, one of the two is sufficient.
    """
    clauses: list[list[Term | None]] = []
    follows_or = False
    items = list(_ITEM.finditer(text.translate(_CURLY_QUOTES)))[:MAX_TERMS]
    for number, item in enumerate(items):
        if item[0] == "OR" and clauses and not follows_or and number + 1 < len(items):
            follows_or = True
            continue
        if follows_or:
            clauses[-1].append(_parse_term(item))
        else:
            clauses.append([_parse_term(item)])
        follows_or = False
    terms = (tuple(term for term in clause if term) for clause in clauses)
    return Query(tuple(clause for clause in terms if clause))


def _parse_term(item: re.Match[str]) -> Term | None:
    text = item["word"] if item["phrase"] is None else item["phrase"]
    term_words = words(text)[:MAX_TOKENS]
    if not term_words:
        return None
    *complete_words, last = term_words
    tokens = [
        token
        for word in complete_words
        for token in (split_pairs(word) if is_unspaced(word) else [word[:MAX_TOKEN_LENGTH]])
    ]
    last_tokens, is_prefix = _split_last_word(last, item["word"])
    return Term(
        tokens=(*tokens, *last_tokens)[:MAX_TOKENS],
        is_prefix=is_prefix,
        field=item["field"].lower() if item["field"] else None,
        is_negated=bool(item["negated"]),
    )


def _split_last_word(word: str, typed: str | None) -> tuple[Sequence[str], bool]:
    """Return the tokens of the last word of a term, and whether the last token is a prefix.

    `typed` is the word as the user typed it, or None if the term is a phrase.
    """
    if is_unspaced(word):
        # The token for the last character alone is omitted. The index contains such a token only at the end of a run,
        # so with this token the query would not match longer runs.
        return (split_pairs(word)[:-1], False) if len(word) > 1 else ([word], True)
    token = word[:MAX_TOKEN_LENGTH]
    if typed is None:
        return [token], False
    return [token], typed.endswith("*") or sum(map(str.isalpha, token)) >= MIN_PREFIX_LENGTH
