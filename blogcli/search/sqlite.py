"""The index on SQLite: an FTS5 table whose rows are the posts' tokens, split by us."""

import json
from collections.abc import Mapping, Sequence
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
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ..models import Post
from .documents import fts5_documents, fts5_expression, positive_clauses
from .index import Conditions
from .query import Query, Term

_INDEX = table("post_search", column("rowid", Integer), column("title", String), column("content", String))
# FTS5 gives each table a hidden column of its own name, for MATCH and for bm25().
_SELF: ColumnElement[Any] = column("post_search")
_TITLE_WEIGHT, _CONTENT_WEIGHT = 10.0, 1.0
# Of each beginning the next word, and the next one behind that, until there is none.
_WORDS = text("""
    WITH RECURSIVE words (start, word) AS (
        SELECT value, (
            SELECT term FROM post_search_terms WHERE term >= value AND term < value || char(1114111) LIMIT 1
        ) FROM json_each(:starts)
        UNION ALL
        SELECT start, (
            SELECT term FROM post_search_terms WHERE term >= word || char(1) AND term < start || char(1114111) LIMIT 1
        ) FROM words WHERE word IS NOT NULL LIMIT :most
    )
    SELECT start, word FROM words
""")
_MOST_WORDS = 128
_GATHERED = 16 * 1024 * 1024
# The row of a post is a page to read; this index holds only the few that lie in the trash.
_OUTSIDE_TRASH = text(
    "NOT EXISTS (SELECT 1 FROM posts AS trash INDEXED BY ix_posts_trashed "
    "WHERE trash.id = post_search.rowid AND trash.trashed_at IS NOT NULL)"
)


documents = fts5_documents


def differing(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
    """The ids of the posts that a search would not find by these rows, or by others."""
    rows = connection.execute(select(_INDEX).where(_INDEX.c.rowid.in_([document[0] for document in documents])))
    held = {tuple(row) for row in rows}
    return [document[0] for document in documents if document not in held]


def is_broken(connection: Connection | Session) -> bool:
    """Whether FTS5 finds its own tables inconsistent; this takes the lock of a writer."""
    try:
        connection.execute(text("INSERT INTO post_search (post_search) VALUES ('integrity-check')"))
    except DBAPIError as error:
        if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_READONLY")):
            raise
        return True
    return False


def recreate(connection: Connection | Session) -> None:
    """Replace the index by an empty one of the same definition."""
    definition = connection.scalar(text("SELECT sql FROM sqlite_schema WHERE name = 'post_search'"))
    connection.execute(text("DROP TABLE post_search"))
    driver = connection.connection() if isinstance(connection, Session) else connection
    driver.exec_driver_sql(str(definition))
    expect_many(connection)


def expect_many(connection: Connection | Session) -> None:
    """Let more rows gather in memory before they are written as a segment: of fewer, fewer are merged later on."""
    # 100,000 posts take two thirds of the time that they take with 1 MB, the default. Source: SQLite's fts5_config.c.
    connection.execute(
        text("INSERT INTO post_search (post_search, rank) VALUES ('hashsize', :size)"), {"size": _GATHERED}
    )


def write(
    connection: Connection | Session,
    documents: Sequence[tuple[Any, ...]],
    *,
    are_new: bool = False,  # noqa: ARG001 - what replaces nothing costs no more
) -> None:
    """Let a search find the posts by these rows, and, unless they are new, no longer by what was theirs before."""
    statement = text("INSERT OR REPLACE INTO post_search (rowid, title, content) VALUES (:id, :title, :content)")
    rows = [{"id": id_, "title": title, "content": content} for id_, title, content in documents]
    if rows:
        connection.execute(statement, rows)


def prepare(session: Session, query: Query) -> Query:
    """The query with the words that there are in place of beginnings, as long as they are few.

    For a beginning FTS5 gathers all its matches, twice, before it gives the first.
    """
    starts = {term.tokens[0] for clause in query.clauses for term in clause if _is_expandable(term)}
    words: dict[str, list[str | None]] = {start: [] for start in starts}
    if starts:
        for start, word in session.execute(_WORDS, {"starts": json.dumps(sorted(starts)), "most": _MOST_WORDS}):
            words[start].append(word)
    # Where nothing stands behind the last one, there may be more.
    known = {start: found[:-1] for start, found in words.items() if len(found) > 1 and found[-1] is None}
    clauses = (tuple(chain.from_iterable(_expanded(term, known) for term in clause)) for clause in query.clauses)
    return Query(tuple(clauses))


def _is_expandable(term: Term) -> bool:
    return term.is_prefix and len(term.tokens) == 1 and not term.is_negated


def _expanded(term: Term, known: Mapping[str, Sequence[str | None]]) -> list[Term]:
    if not _is_expandable(term) or term.tokens[0] not in known:
        return [term]
    return [replace(term, tokens=(word,), is_prefix=False) for word in known[term.tokens[0]] if word]


def found(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """The conditions that the post with that id is found by the query."""
    expression, unwanted = _wanted(query), _unwanted(query)
    conditions = _either(query, id_)
    if expression:
        conditions.append(id_.in_(_ids(f"({expression}) NOT {unwanted}" if unwanted else expression)))
    elif unwanted:
        conditions.append(id_.not_in(_ids(unwanted)))
    return conditions


def best(query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
    """Ids and scores of the best of the newest `bound` posts that meet the conditions; None if no word ranks them."""
    expression = _wanted(query)
    if not expression:
        return None
    rank = func.bm25(_SELF, _TITLE_WEIGHT, _CONTENT_WEIGHT).label("rank")
    newest = select(_INDEX.c.rowid.label("id"), rank).where(_matched(query), *_either(query, _INDEX.c.rowid))
    if conditions is None:
        newest = newest.where(_OUTSIDE_TRASH)
    else:
        newest = newest.join(Post, Post.id == _INDEX.c.rowid).where(*conditions)
    ranked = newest.order_by(_INDEX.c.rowid.desc()).limit(bound).subquery()
    return select(ranked.c.id, (-ranked.c.rank).label("score")).order_by(ranked.c.rank, ranked.c.id.desc())


def count(session: Session, query: Query) -> int:
    """How many posts outside the trash the query finds."""
    if _wanted(query):
        source = select(func.count()).select_from(_INDEX).where(_matched(query), *_either(query, _INDEX.c.rowid))
        return session.scalar(source.where(_OUTSIDE_TRASH)) or 0
    conditions = found(query, Post.id)
    return session.scalar(select(func.count()).select_from(Post).where(Post.trashed_at.is_(None), *conditions)) or 0


def _matched(query: Query) -> ColumnElement[bool]:
    expression, unwanted = _wanted(query), _unwanted(query)
    return _SELF.op("MATCH")(f"({expression}) NOT {unwanted}" if unwanted else expression)


def _wanted(query: Query) -> str:
    return fts5_expression(positive_clauses(query))


def _unwanted(query: Query) -> str:
    terms = [clause[0] for clause in query.clauses if len(clause) == 1 and clause[0].is_negated]
    return fts5_expression([terms]) if terms else ""


def _either(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """The clauses of which one half is what must not occur: FTS5 cannot say that."""
    mixed = [clause for clause in query.clauses if len(clause) > 1 and any(term.is_negated for term in clause)]
    return [or_(*(_holds(term, id_) for term in clause)) for clause in mixed]


def _holds(term: Term, id_: SQLColumnExpression[int]) -> ColumnElement[bool]:
    ids = _ids(fts5_expression([[term]]))
    return id_.not_in(ids) if term.is_negated else id_.in_(ids)


def _ids(expression: str) -> Select[Any]:
    return select(_INDEX.c.rowid).where(_SELF.op("MATCH")(expression))
