"""The index on PostgreSQL: a tsvector for each post, several for one whose words do not fit into one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    cast,
    column,
    exists,
    func,
    not_,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session, aliased

from ..models import Post
from .documents import positive_clauses, ts_documents, ts_query, ts_term
from .index import Conditions
from .query import Query, Term

# Part 0 is a whole post; the parts of a long one are numbered from 1.
_INDEX = table("post_search", column("post_id", Integer), column("part", Integer), column("document", TSVECTOR))
_trash = aliased(Post)
# Of the weights D, C, B, A: a title (A) counts ten times a content (D).
_WEIGHTS = text("'{0.1, 0.1, 0.1, 1.0}'::real[]")

_INSERT = text("""
    INSERT INTO post_search (post_id, part, document) SELECT id, part, CAST(document AS tsvector)
    FROM unnest(CAST(:ids AS int[]), CAST(:parts AS int[]), CAST(:documents AS text[])) AS written (id, part, document)
""")
_DIFFERING = text("""
    SELECT coalesce(wanted.id, held.post_id)
    FROM unnest(CAST(:ids AS int[]), CAST(:parts AS int[]), CAST(:documents AS text[])) AS wanted (id, part, document)
    FULL JOIN (SELECT * FROM post_search WHERE post_id = ANY (CAST(:ids AS int[]))) AS held
    ON held.post_id = wanted.id AND held.part = wanted.part
    WHERE held.document IS DISTINCT FROM CAST(wanted.document AS tsvector)
""")


documents = ts_documents


def differing(connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
    """The ids of the posts that a search would not find by these rows, or by others."""
    return sorted(set(connection.execute(_DIFFERING, _columns(documents)).scalars()))


def is_broken(connection: Connection | Session) -> bool:  # noqa: ARG001 - the same on both databases
    """Whether the index is inconsistent in itself: never, since it is a table like others."""
    return False


def recreate(connection: Connection | Session) -> None:
    """Replace the index by an empty one."""
    connection.execute(_INDEX.delete())


def expect_many(connection: Connection | Session) -> None:
    """Nothing: rows are written as they come."""


def write(
    connection: Connection | Session,
    documents: Sequence[tuple[Any, ...]],
    *,
    are_new: bool = False,
) -> None:
    """Let a search find the posts by these rows, and, unless they are new, no longer by what was theirs before."""
    if not documents:
        return
    columns = _columns(documents)
    if not are_new:
        connection.execute(_INDEX.delete().where(_INDEX.c.post_id.in_(set(columns["ids"]))))
    connection.execute(_INSERT, columns)


def _columns(documents: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    ids, parts, vectors = zip(*documents, strict=True)
    return {"ids": list(ids), "parts": list(parts), "documents": list(vectors)}


def prepare(session: Session, query: Query) -> Query:
    """The query as it is; the planner learns what it costs to look into a vector."""
    # A hundred times as much as it thinks: vectors lie outside the table. It would rather read very many of them, in
    # the order in which they are wanted, than ask the index.
    session.execute(text("SELECT set_config('cpu_operator_cost', '0.25', true), set_config('jit', 'off', true)"))
    return query


def found(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """The conditions that the post with that id is found by the query."""
    whole = select(_INDEX.c.post_id).where(_INDEX.c.part == 0, _matches(_signed(query)))
    return [id_.in_(union_all(whole, _long(query)))]


def best(query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
    """Ids and scores of the best of the newest `bound` posts that meet the conditions; None if no word ranks them."""
    positive = positive_clauses(query)
    if not positive:
        return None
    score = func.ts_rank_cd(_WEIGHTS, column("document"), cast(ts_query(positive), TSQUERY))
    # In this order, so that of a common word only the newest matches are looked for, and none is ranked in vain.
    newest = _meeting(conditions, select(_INDEX.c.post_id, _INDEX.c.document).where(*_whole(query)))
    whole = newest.order_by(_INDEX.c.post_id.desc()).limit(bound).subquery()
    parts = _meeting(conditions, select(_INDEX).where(_INDEX.c.part > 0, _INDEX.c.post_id.in_(_long(query)))).subquery()
    scored = union_all(
        select(whole.c.post_id.label("id"), score.label("score")).select_from(whole),
        select(parts.c.post_id, func.max(score)).select_from(parts).group_by(parts.c.post_id),
    ).subquery()
    ranked = select(scored).order_by(scored.c.id.desc()).limit(bound).subquery()
    return select(ranked).order_by(ranked.c.score.desc(), ranked.c.id.desc())


def count(session: Session, query: Query) -> int:
    """How many posts outside the trash the query finds."""
    whole = _meeting(None, select(func.count()).select_from(_INDEX).where(*_whole(query)))
    long = _long(query).subquery()
    parts = _meeting(None, select(func.count()).select_from(long), long.c.post_id)
    return session.scalar(select(whole.scalar_subquery() + parts.scalar_subquery())) or 0


def _whole(query: Query) -> list[ColumnElement[bool]]:
    return [_INDEX.c.part == 0, _matches(_signed(query))]


def _meeting(
    conditions: Conditions, statement: Select[Any], id_: SQLColumnExpression[int] = _INDEX.c.post_id
) -> Select[Any]:
    if conditions is not None:
        return statement.join(Post, Post.id == id_).where(*conditions)
    return statement.where(~exists().where(_trash.id == id_, _trash.trashed_at.is_not(None)))


def _signed(query: Query) -> str:
    return " & ".join(f"({' | '.join(_signed_term(term) for term in clause)})" for clause in query.clauses)


def _signed_term(term: Term) -> str:
    return f"!{ts_term(term)}" if term.is_negated else ts_term(term)


def _matches(query: str) -> ColumnElement[bool]:
    return _INDEX.c.document.op("@@")(cast(query, TSQUERY))


def _long(query: Query) -> Select[Any] | CompoundSelect[Any]:
    """The long posts that are found: the words may lie in different parts."""

    def holds(term: Term) -> ColumnElement[bool]:
        occurs = func.bool_or(_matches(ts_term(term)))
        return not_(occurs) if term.is_negated else occurs

    clauses = [or_(*(holds(term) for term in clause)) for clause in query.clauses]
    return select(_INDEX.c.post_id).where(_INDEX.c.part > 0).group_by(_INDEX.c.post_id).having(and_(*clauses))
