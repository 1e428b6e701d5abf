"""A reference implementation of search. It reads every post and uses no index."""

from collections.abc import Iterator, Sequence

from blogcli.search.query import Query, Term


def matches(query: Query, fields: dict[str, Sequence[str]]) -> bool:
    """Return whether a query matches a post. `fields` contains the tokens of each field of the post."""
    return bool(query.clauses) and all(
        any(_occurs(term, fields) != term.is_negated for term in clause) for clause in query.clauses
    )


def _occurs(term: Term, fields: dict[str, Sequence[str]]) -> bool:
    searched_fields = (tokens for name, tokens in fields.items() if term.field in (None, name))
    return any(True for tokens in searched_fields for _ in occurrences(term, tokens))


def occurrences(term: Term, tokens: Sequence[str]) -> Iterator[int]:
    """Yield each index in `tokens` at which an occurrence of the term begins."""
    *first_tokens, last_token = term.tokens
    for start in range(len(tokens) - len(first_tokens)):
        token_at_end = tokens[start + len(first_tokens)]
        is_end_equal = token_at_end.startswith(last_token) if term.is_prefix else token_at_end == last_token
        if is_end_equal and all(tokens[start + number] == token for number, token in enumerate(first_tokens)):
            yield start
