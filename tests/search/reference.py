"""What a query means, said as plainly as can be: no index, every post looked at."""

from collections.abc import Iterator, Sequence

from blogcli.search.query import Query, Term


def matches(query: Query, fields: dict[str, Sequence[str]]) -> bool:
    """Whether a text, given as the tokens of its fields, is found by the query: the meaning of the grammar."""
    return bool(query.clauses) and all(
        any(_occurs(term, fields) != term.is_negated for term in clause) for clause in query.clauses
    )


def _occurs(term: Term, fields: dict[str, Sequence[str]]) -> bool:
    looked_at = (tokens for name, tokens in fields.items() if term.field in (None, name))
    return any(True for tokens in looked_at for _ in occurrences(term, tokens))


def occurrences(term: Term, tokens: Sequence[str]) -> Iterator[int]:
    """The places in `tokens` at which the term begins."""
    *before, last = term.tokens
    for start in range(len(tokens) - len(before)):
        ending = tokens[start + len(before)]
        if (ending.startswith(last) if term.is_prefix else ending == last) and all(
            tokens[start + number] == token for number, token in enumerate(before)
        ):
            yield start
