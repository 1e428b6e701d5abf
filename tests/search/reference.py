"""A reference implementation of search, which reads every post and uses no index."""

from collections.abc import Iterator, Sequence

from blogcli.search.query import Query, Term


def matches(query: Query, fields: dict[str, Sequence[str]]) -> bool:
    """Return whether a query matches a text, given as the tokens of its fields."""
    return bool(query.clauses) and all(
        any(_occurs(term, fields) != term.is_negated for term in clause) for clause in query.clauses
    )


def _occurs(term: Term, fields: dict[str, Sequence[str]]) -> bool:
    looked_at = (tokens for name, tokens in fields.items() if term.field in (None, name))
    return any(True for tokens in looked_at for _ in occurrences(term, tokens))


def occurrences(term: Term, tokens: Sequence[str]) -> Iterator[int]:
    """Return the positions in `tokens` at which a term begins."""
    *before, last = term.tokens
    for start in range(len(tokens) - len(before)):
        ending = tokens[start + len(before)]
        if (ending.startswith(last) if term.is_prefix else ending == last) and all(
            tokens[start + number] == token for number, token in enumerate(before)
        ):
            yield start
