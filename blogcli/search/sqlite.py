"""The search index on SQLite, which is an FTS5 table that contains the tokens of each post."""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    column,
    func,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from ..models import Post
from .documents import format_fts5_expression, list_positive_clauses, make_fts5_rows
from .index import Conditions
from .query import Query, Term
from .sqlite_check import store_digests

_INDEX = table("post_search", column("rowid", Integer), column("title", String), column("content", String))
# The hidden column of the FTS5 table. It has the same name as the table. MATCH and bm25() require this column.
_SELF: ColumnElement[Any] = column("post_search")
_TITLE_WEIGHT = 10.0
_CONTENT_WEIGHT = 1.0
# Selects, for each of the given prefixes, the words in the index that begin with the prefix, in order. A null after the
# words of a prefix shows that all its words were returned. The null is missing if the statement stopped at the limit.
_WORDS_WITH_PREFIX = text("""
    WITH RECURSIVE words (start, word) AS (
        SELECT value, (
            SELECT term FROM post_search_terms WHERE term >= value AND term < value || char(1114111) LIMIT 1
        ) FROM json_each(:starts)
        UNION ALL
        SELECT start, (
            SELECT term FROM post_search_terms WHERE term >= word || char(1) AND term < start || char(1114111) LIMIT 1
        ) FROM words WHERE word IS NOT NULL LIMIT :limit
    )
    SELECT start, word FROM words
""")
_MAX_WORDS = 128
# The number of bytes that FTS5 collects in memory before it writes them to the database as a segment.
_HASH_SIZE = 16 * 1024 * 1024
# Excludes trashed posts. SQLite looks up each post in the index ix_posts_trashed, which contains only the few trashed
# posts. The row of the post is not read.
_OUTSIDE_TRASH = text(
    "NOT EXISTS (SELECT 1 FROM posts AS trash INDEXED BY ix_posts_trashed "
    "WHERE trash.id = post_search.rowid AND trash.trashed_at IS NOT NULL)"
)


documents = make_fts5_rows


def recreate(connection: Connection | Session) -> None:
    """Replace the index with an empty index that has the same definition."""
    definition = connection.scalar(text("SELECT sql FROM sqlite_schema WHERE name = 'post_search'"))
    connection.execute(text("DROP TABLE post_search"))
    driver = connection.connection() if isinstance(connection, Session) else connection
    driver.exec_driver_sql(str(definition))
    connection.execute(text("DELETE FROM post_search_digests"))
    prepare_bulk_write(connection)


def suspended_indexes(connection: Connection) -> AbstractContextManager[None]:  # noqa: ARG001 - part of the interface `Index`
    """Return a context manager that does nothing, because FTS5 cannot store rows without indexing them."""
    return nullcontext()


def prepare_bulk_write(connection: Connection | Session) -> None:
    """Increase the number of bytes that FTS5 collects in memory before it writes a segment.

    Larger segments save time, because FTS5 has to merge fewer segments.
    """
    # The larger size reduces the time to index 100,000 posts by a third. The default is 1 MB (see fts5_config.c).
    connection.execute(
        text("INSERT INTO post_search (post_search, rank) VALUES ('hashsize', :size)"), {"size": _HASH_SIZE}
    )


def write(
    connection: Connection | Session,
    documents: Sequence[tuple[Any, ...]],
    *,
    are_new: bool = False,  # noqa: ARG001 - one statement both inserts and replaces rows
) -> None:
    """Write rows and their digests to the index.

    Existing rows of the posts are replaced. If `are_new` is true, no such rows may exist.
    """
    write_without_digests(connection, documents)
    store_digests(connection, documents)


def write_without_digests(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> None:
    """Write rows to an index that does not store digests yet."""
    statement = text("INSERT OR REPLACE INTO post_search (rowid, title, content) VALUES (:id, :title, :content)")
    rows = [{"id": id_, "title": title, "content": content} for id_, title, content, _ in documents]
    if rows:
        connection.execute(statement, rows)


def prepare_query(session: Session, query: Query) -> Query:
    """Replace each prefix in a query with the words in the index that begin with the prefix, unless there are too many.

    A query without prefixes is faster, because FTS5 collects all matches of a prefix twice before it returns the first
    match.
    """
    starts = {term.tokens[0] for clause in query.clauses for term in clause if _is_expandable(term)}
    words: dict[str, list[str | None]] = {start: [] for start in starts}
    if starts:
        for start, word in session.execute(
            _WORDS_WITH_PREFIX, {"starts": json.dumps(sorted(starts)), "limit": _MAX_WORDS}
        ):
            words[start].append(word)
    # If the last value for a prefix is not null, the statement has not returned all words with the prefix, so the
    # prefix is not replaced. A prefix without any words is not replaced either.
    words_by_prefix = {start: values[:-1] for start, values in words.items() if len(values) > 1 and values[-1] is None}
    clauses = (
        tuple(chain.from_iterable(_expand(term, words_by_prefix) for term in clause)) for clause in query.clauses
    )
    return Query(tuple(clauses))


def _is_expandable(term: Term) -> bool:
    return term.is_prefix and len(term.tokens) == 1 and not term.is_negated


def _expand(term: Term, words_by_prefix: Mapping[str, Sequence[str | None]]) -> list[Term]:
    if not _is_expandable(term) or term.tokens[0] not in words_by_prefix:
        return [term]
    return [replace(term, tokens=(word,), is_prefix=False) for word in words_by_prefix[term.tokens[0]] if word]


def match_conditions(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """Return the conditions under which a query that has clauses matches the post with the id `id_`."""
    expression = _format_positive_expression(query)
    negated = _format_negated_expression(query)
    conditions = _match_mixed_clauses(query, id_)
    if expression:
        conditions.append(id_.in_(_select_ids(f"({expression}) NOT {negated}" if negated else expression)))
    elif negated:
        conditions.append(id_.not_in(_select_ids(negated)))
    return conditions


def select_best(query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
    """Return a statement that selects the ids and scores of the newest `bound` matching posts, best score first.

    Returns None if every clause of the query contains a negated term, because such clauses do not affect the score.
    """
    expression = _format_positive_expression(query)
    if not expression:
        return None
    rank = func.bm25(_SELF, _TITLE_WEIGHT, _CONTENT_WEIGHT).label("rank")
    newest = select(_INDEX.c.rowid.label("id"), rank).where(
        _match_query(query), *_match_mixed_clauses(query, _INDEX.c.rowid)
    )
    if conditions is None:
        newest = newest.where(_OUTSIDE_TRASH)
    else:
        newest = newest.join(Post, Post.id == _INDEX.c.rowid).where(*conditions)
    ranked = newest.order_by(_INDEX.c.rowid.desc()).limit(bound).subquery()
    return select(ranked.c.id, (-ranked.c.rank).label("score")).order_by(ranked.c.rank, ranked.c.id.desc())


def count(session: Session, query: Query) -> int:
    """Count the posts outside the trash that match the query."""
    if _format_positive_expression(query):
        source = (
            select(func.count())
            .select_from(_INDEX)
            .where(_match_query(query), *_match_mixed_clauses(query, _INDEX.c.rowid))
        )
        return session.scalar(source.where(_OUTSIDE_TRASH)) or 0
    conditions = match_conditions(query, Post.id)
    return session.scalar(select(func.count()).select_from(Post).where(Post.trashed_at.is_(None), *conditions)) or 0


def _match_query(query: Query) -> ColumnElement[bool]:
    expression = _format_positive_expression(query)
    negated = _format_negated_expression(query)
    return _SELF.op("MATCH")(f"({expression}) NOT {negated}" if negated else expression)


def _format_positive_expression(query: Query) -> str:
    return format_fts5_expression(list_positive_clauses(query))


def _format_negated_expression(query: Query) -> str:
    terms = [clause[0] for clause in query.clauses if len(clause) == 1 and clause[0].is_negated]
    return format_fts5_expression([terms]) if terms else ""


def _match_mixed_clauses(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """Return a condition for each clause that has several terms, at least one of which is negated.

    An FTS5 expression cannot contain such clauses.
    """
    mixed = [clause for clause in query.clauses if len(clause) > 1 and any(term.is_negated for term in clause)]
    return [or_(*(_match_term(term, id_) for term in clause)) for clause in mixed]


def _match_term(term: Term, id_: SQLColumnExpression[int]) -> ColumnElement[bool]:
    ids = _select_ids(format_fts5_expression([[term]]))
    return id_.not_in(ids) if term.is_negated else id_.in_(ids)


def _select_ids(expression: str) -> Select[Any]:
    return select(_INDEX.c.rowid).where(_SELF.op("MATCH")(expression))
