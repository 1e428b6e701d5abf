"""Convert posts and queries to the formats of the search indexes. The functions do not access a database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from ..text.word_count import count_words
from .analyzer import tokenize_markdown, tokens
from .query import Query, Term

# The highest id that a post can have.
MAX_ID = 2**31 - 1
# The id, title and content of a post.
IndexedText = tuple[int, str, str]

# Makes the rows that represent posts in the index, from their texts and, if known, their numbers of words.
MakeDocuments = Callable[..., Sequence[tuple[Any, ...]]]

# The limits of a tsvector in PostgreSQL, and the maximum size of a part of a long post. A tsvector can have 1 MB, but
# the size of a part is only estimated, so the maximum for parts is lower.
_MAX_POSITION = 16_383
_MAX_POSITIONS_PER_LEXEME = 256
_MAX_PART_BYTES = 400_000

# The version of the conversion of texts to rows of the index. It is part of each digest. Increase it if a change makes
# the analyzer return other tokens, or makes `count_words` return other numbers.
ANALYZER_VERSION = 1
# The number of bytes of a digest that are stored.
_DIGEST_SIZE = 16


def make_fts5_rows(
    texts: Sequence[IndexedText], words: Sequence[int] | None = None
) -> list[tuple[int, str, str, bytes]]:
    """Return the rows that represent posts in the index on SQLite.

    A row contains the id of a post, the tokens of its title, the tokens of its content, and the digest of both. Tokens
    are separated by spaces. `words` contains the numbers of words of the posts, if they have been counted before.
    """
    rows: list[tuple[int, str, str, bytes]] = []
    for number, (id_, title, content) in enumerate(map(_replace_invalid_values, texts)):
        title_row = " ".join(tokens(title))
        content_row = " ".join(tokenize_markdown(content))
        # A text with surrogates cannot be stored, so its digest is not used.
        parts = (part.encode(errors="surrogatepass") for part in (title, content, title_row, content_row))
        count = words[number] if words else count_words(content)
        rows.append((id_, title_row, content_row, digest_fts5_row(count, *parts)))
    return rows


def make_ts_rows(texts: Sequence[IndexedText], words: Sequence[int] | None = None) -> list[tuple[int, int, str, int]]:
    """Return the rows that represent posts in the index on PostgreSQL.

    A row contains the id of a post, the number of a part, a tsvector literal, and the number of words of the post. The
    number of the part is 0 if the tsvector contains the whole post. A post that is too long for one tsvector is split
    into parts, which are numbered from 1. `words` contains the numbers of words, if they have been counted before.
    """
    rows: list[tuple[int, int, str, int]] = []
    for number, (id_, title, content) in enumerate(map(_replace_invalid_values, texts)):
        vectors = list(make_ts_vectors(tokens(title), tokenize_markdown(content)))
        first = 1 if len(vectors) > 1 else 0
        count = words[number] if words else count_words(content)
        rows += [(id_, part, vector, count) for part, vector in enumerate(vectors, first)]
    return rows


def digest_fts5_row(words: object, title: bytes, content: bytes, title_row: bytes, content_row: bytes) -> bytes:
    """Return the digest of a post on SQLite: of its number of words, its text, and its row in the index."""
    header = b"%d:%s:%d:%d:" % (ANALYZER_VERSION, str(words).encode(), len(title), len(content))
    digest = sha256(header)
    for part in (title, content, title_row, b"\n", content_row):
        digest.update(part)
    return digest.digest()[:_DIGEST_SIZE]


def _replace_invalid_values(post: IndexedText) -> IndexedText:
    """Return the post with an empty string in place of a title or content that is not a string.

    Another program may have written such a value to the database.
    """
    id_, title, content = post
    title = title if isinstance(title, str) else ""
    content = content if isinstance(content, str) else ""
    return id_, title, content


def format_fts5_expression(clauses: Iterable[Iterable[Term]]) -> str:
    """Return an FTS5 expression that matches a post if at least one term of each clause matches."""
    return " AND ".join(f"({' OR '.join(map(_format_fts5_term, clause))})" for clause in clauses)


def _format_fts5_term(term: Term) -> str:
    scope = f"{term.field} : " if term.field else ""
    return f'{scope}"{" ".join(term.tokens)}"{" *" if term.is_prefix else ""}'


def format_ts_query(clauses: Iterable[Iterable[Term]]) -> str:
    """Return a tsquery that matches a post if at least one term of each clause matches."""
    return " & ".join(f"({' | '.join(map(format_ts_term, clause))})" for clause in clauses)


def format_ts_term(term: Term) -> str:
    """Return a term in the syntax of a tsquery, without its negation."""
    weight = {"title": "A", "content": "D", None: ""}[term.field]
    *first_tokens, last = term.tokens
    ending = f"'{last}':{'*' if term.is_prefix else ''}{weight}".rstrip(":")
    start = [f"'{token}'" + (f":{weight}" if weight else "") for token in first_tokens]
    return f"({' <-> '.join([*start, ending])})"


def make_ts_vectors(title: Sequence[str], content: Sequence[str]) -> Iterator[str]:
    """Yield the tokens of a post as one tsvector literal, or as several literals if a single one would be too large.

    The tokens of the title have the first positions and the weight A. One position after the title remains unused, so
    that a phrase cannot begin in the title and end in the content.
    """
    positions: dict[str, list[str]] = {}
    for position, token in enumerate(title, 1):
        positions.setdefault(token, []).append(f"{position}A")
    size = 0
    offset = len(title) + 2
    for number, token in enumerate(content):
        token_positions = positions.get(token)
        if token_positions is None:
            size += 4 * len(token) + 8
            if size > _MAX_PART_BYTES:
                yield _format_vector(positions)
                positions = {}
                size = 0
                offset = 1 - number
            token_positions = positions[token] = []
        if len(token_positions) < _MAX_POSITIONS_PER_LEXEME:
            token_positions.append(str(min(number + offset, _MAX_POSITION)))
    yield _format_vector(positions)


def _format_vector(positions: dict[str, list[str]]) -> str:
    return " ".join(f"'{token}':{','.join(token_positions)}" for token, token_positions in positions.items())


def list_positive_clauses(query: Query) -> list[tuple[Term, ...]]:
    """Return the clauses of a query that contain no negated terms."""
    return [clause for clause in query.clauses if not any(term.is_negated for term in clause)]
