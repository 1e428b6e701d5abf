"""The index on SQLite: an FTS5 table whose rows are the posts' tokens, split by us."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    and_,
    column,
    func,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session

from ..models import Post
from .documents import Document, fts5_expression, positive_clauses
from .query import Query, Term

_INDEX = table("post_search", column("rowid", Integer), column("title", String), column("content", String))
# FTS5 gives each table a hidden column of its own name, for MATCH and for bm25().
_SELF: ColumnElement[Any] = column("post_search")
_TITLE_WEIGHT, _CONTENT_WEIGHT = 10.0, 1.0


def differing(connection: Connection | Session, documents: Sequence[Document]) -> list[int]:
    """The ids of the posts that the index holds no document of, or another one."""
    rows = connection.execute(select(_INDEX).where(_INDEX.c.rowid.in_([each.id for each in documents])))
    held = {row.rowid: (row.title, row.content) for row in rows}
    return [each.id for each in documents if held.get(each.id) != (" ".join(each.title), " ".join(each.content))]


def put(connection: Connection | Session, documents: Iterable[Document]) -> None:
    """Write the documents, each in place of the one that the post had."""
    statement = text("INSERT OR REPLACE INTO post_search (rowid, title, content) VALUES (:id, :title, :content)")
    rows = [{"id": each.id, "title": " ".join(each.title), "content": " ".join(each.content)} for each in documents]
    if rows:
        connection.execute(statement, rows)


def found(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """The conditions that the post with that id is found by the query."""
    expression, unwanted = _wanted(query), _unwanted(query)
    conditions = _either(query, id_)
    if expression:
        conditions.append(id_.in_(_ids(f"({expression}) NOT {unwanted}" if unwanted else expression)))
    elif unwanted:
        conditions.append(id_.not_in(_ids(unwanted)))
    return conditions


def best(query: Query, conditions: Sequence[ColumnElement[bool]], *, bound: int) -> Select[Any]:
    """Ids and scores of the best posts among the newest `bound` that meet the conditions, the best first."""
    expression, unwanted = _wanted(query), _unwanted(query)
    matched = _SELF.op("MATCH")(f"({expression}) NOT {unwanted}" if unwanted else expression)
    rank = func.bm25(_SELF, _TITLE_WEIGHT, _CONTENT_WEIGHT)
    newest = (
        select(Post.id.label("id"), rank.label("rank"))
        .select_from(_INDEX.join(Post, Post.id == _INDEX.c.rowid))
        .where(and_(matched, *_either(query, Post.id), *conditions))
        .order_by(_INDEX.c.rowid.desc())
        .limit(bound)
        .subquery()
    )
    return select(newest.c.id, -newest.c.rank).order_by(newest.c.rank, newest.c.id.desc())


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
