"""Posts as both indexes hold them, and queries as both understand them; pure, and without a database."""

from collections.abc import Iterable, Iterator, Sequence

from .analyzer import markdown_tokens, tokens
from .query import Query, Term

# A post as it is written: id, title, content.
Text = tuple[int, str, str]

# tsvector holds 1 MB of lexemes and positions, positions up to this one, and so many of each lexeme.
_LAST_POSITION = 16_383
_MOST_POSITIONS = 256
_PART_BYTES = 400_000


def fts5_documents(texts: Sequence[Text]) -> list[Text]:
    """The posts as FTS5 is given them: the tokens of each, separated by blanks."""
    return [
        (id_, " ".join(tokens(title)), " ".join(markdown_tokens(content)))
        for id_, title, content in map(_legible, texts)
    ]


def ts_documents(texts: Sequence[Text]) -> list[tuple[int, int, str]]:
    """The posts as vectors: id, number of the part, literal; part 0 is a whole post."""
    found: list[tuple[int, int, str]] = []
    for id_, title, content in map(_legible, texts):
        vectors = list(ts_vectors(tokens(title), markdown_tokens(content)))
        first = 1 if len(vectors) > 1 else 0
        found += [(id_, part, vector) for part, vector in enumerate(vectors, first)]
    return found


def _legible(post: Text) -> Text:
    """Return a post in which values that are not text, which another program wrote, are empty."""
    id_, title, content = post
    return id_, title if isinstance(title, str) else "", content if isinstance(content, str) else ""


def fts5_expression(clauses: Iterable[Iterable[Term]]) -> str:
    """What FTS5 understands: clauses that all hold, of terms of which one is enough."""
    return " AND ".join(f"({' OR '.join(map(_fts5_term, clause))})" for clause in clauses)


def _fts5_term(term: Term) -> str:
    scope = f"{term.field} : " if term.field else ""
    return f'{scope}"{" ".join(term.tokens)}"{" *" if term.is_prefix else ""}'


def ts_query(clauses: Iterable[Iterable[Term]]) -> str:
    """What tsquery understands: the same."""
    return " & ".join(f"({' | '.join(map(ts_term, clause))})" for clause in clauses)


def ts_term(term: Term) -> str:
    """One term as tsquery understands it."""
    weight = {"title": "A", "content": "D", None: ""}[term.field]
    *before, last = term.tokens
    ending = f"'{last}':{'*' if term.is_prefix else ''}{weight}".rstrip(":")
    start = [f"'{token}'" + (f":{weight}" if weight else "") for token in before]
    return f"({' <-> '.join([*start, ending])})"


def ts_vectors(title: Sequence[str], content: Sequence[str]) -> Iterator[str]:
    """Tokens as literals of tsvector: one, or several where one cannot hold all of them.

    The title has weight A and comes first; the gap behind it keeps phrases from reaching into the content.
    """
    positions: dict[str, list[str]] = {}
    for place, token in enumerate(title, 1):
        positions.setdefault(token, []).append(f"{place}A")
    size, offset = 0, len(title) + 2
    for number, token in enumerate(content):
        places = positions.get(token)
        if places is None:
            size += 4 * len(token) + 8
            if size > _PART_BYTES:
                yield _literal(positions)
                positions, size, offset = {}, 0, 1 - number
            places = positions[token] = []
        if len(places) < _MOST_POSITIONS:
            places.append(str(min(number + offset, _LAST_POSITION)))
    yield _literal(positions)


def _literal(positions: dict[str, list[str]]) -> str:
    return " ".join(f"'{token}':{','.join(places)}" for token, places in positions.items())


def positive_clauses(query: Query) -> list[tuple[Term, ...]]:
    """The clauses in which nothing is negated."""
    return [clause for clause in query.clauses if not any(term.is_negated for term in clause)]
