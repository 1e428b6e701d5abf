"""The search index on PostgreSQL. It contains a tsvector for each post, or several if the post is too long for one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from .documents import format_ts_query, format_ts_term, list_positive_clauses, make_ts_rows
from .index import Conditions
from .postgresql_check import row_digest, split_columns
from .query import Query, Term

# The column `part` is 0 if `document` contains the whole post. A post that is too long for one tsvector is split into
# parts, which are numbered from 1.
_INDEX = table("post_search", column("post_id", Integer), column("part", Integer), column("document", TSVECTOR))
_trash = aliased(Post)
# The weights of the labels D, C, B and A. A match in the title (label A) counts ten times as much as a match in the
# content (label D).
_WEIGHTS = text("'{0.1, 0.1, 0.1, 1.0}'::real[]")

_NEW_ROWS = """
    SELECT id, part, CAST(document AS tsvector) AS document, words, count(*) OVER (PARTITION BY id) AS parts
    FROM unnest(CAST(:ids AS int[]), CAST(:parts AS int[]), CAST(:documents AS text[]), CAST(:words AS int[]))
    AS new_rows (id, part, document, words)
"""
_INSERT = text(f"""
    INSERT INTO post_search (post_id, part, document, digest)
    SELECT n.id, n.part, n.document, {row_digest("p", "n.words", "n.parts")}
    FROM ({_NEW_ROWS}) AS n JOIN posts AS p ON p.id = n.id
""")  # noqa: S608 - the statement consists of constants
_INSERT_WITHOUT_DIGESTS = text(f"""
    INSERT INTO post_search (post_id, part, document) SELECT id, part, document FROM ({_NEW_ROWS}) AS n
""")  # noqa: S608 - the statement consists of constants


documents = make_ts_rows


def recreate(connection: Connection | Session) -> None:
    """Replace the index with an empty index."""
    connection.execute(_INDEX.delete())


@contextmanager
def suspended_indexes(connection: Connection) -> Iterator[None]:
    """Drop the GIN index inside the block, because creating it takes half the time of updating it for each row."""
    connection.execute(text("DROP INDEX ix_post_search_document"))
    yield
    connection.execute(text("CREATE INDEX ix_post_search_document ON post_search USING gin (document)"))


def prepare_bulk_write(connection: Connection | Session) -> None:
    """Do nothing, because PostgreSQL needs no preparation for writing many rows."""


def write(
    connection: Connection | Session,
    documents: Sequence[tuple[Any, ...]],
    *,
    are_new: bool = False,
) -> None:
    """Write rows and their digests to the index.

    Existing rows of the posts are replaced. If `are_new` is true, no such rows may exist.
    """
    if not documents:
        return
    columns = split_columns(documents)
    if not are_new:
        connection.execute(_INDEX.delete().where(_INDEX.c.post_id.in_(set(columns["ids"]))))
    connection.execute(_INSERT, columns)


def write_without_digests(connection: Connection, documents: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of new posts to an index that does not store digests yet."""
    if documents:
        connection.execute(_INSERT_WITHOUT_DIGESTS, split_columns(documents))


def prepare_query(session: Session, query: Query) -> Query:
    """Tell the query planner the cost of reading a tsvector in this transaction, and return the query unchanged."""
    # Large vectors are stored outside the table, so reading a vector costs about a hundred times as much as the planner
    # assumes by default. With the default cost, the planner would read many vectors in the order of the result instead
    # of using the index.
    session.execute(text("SELECT set_config('cpu_operator_cost', '0.25', true), set_config('jit', 'off', true)"))
    return query


def match_conditions(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """Return the conditions under which a query that has clauses matches the post with the id `id_`."""
    whole = select(_INDEX.c.post_id).where(_INDEX.c.part == 0, _matches(_format_signed_query(query)))
    return [id_.in_(union_all(whole, _select_long(query)))]


def select_best(query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
    """Return a statement that selects the ids and scores of the newest `bound` matching posts, best score first.

    Returns None if every clause of the query contains a negated term, because such clauses do not affect the score.
    """
    positive = list_positive_clauses(query)
    if not positive:
        return None
    score = func.ts_rank_cd(_WEIGHTS, column("document"), cast(format_ts_query(positive), TSQUERY))
    # Only the newest matches are ranked, because ranking all posts that contain a common word would be slow.
    newest = _apply_conditions(conditions, select(_INDEX.c.post_id, _INDEX.c.document).where(*_match_whole(query)))
    whole = newest.order_by(_INDEX.c.post_id.desc()).limit(bound).subquery()
    parts = _apply_conditions(
        conditions, select(_INDEX).where(_INDEX.c.part > 0, _INDEX.c.post_id.in_(_select_long(query)))
    ).subquery()
    scored = union_all(
        select(whole.c.post_id.label("id"), score.label("score")).select_from(whole),
        select(parts.c.post_id, func.max(score)).select_from(parts).group_by(parts.c.post_id),
    ).subquery()
    ranked = select(scored).order_by(scored.c.id.desc()).limit(bound).subquery()
    return select(ranked).order_by(ranked.c.score.desc(), ranked.c.id.desc())


def count(session: Session, query: Query) -> int:
    """Count the posts outside the trash that match the query."""
    whole = _apply_conditions(None, select(func.count()).select_from(_INDEX).where(*_match_whole(query)))
    long = _select_long(query).subquery()
    parts = _apply_conditions(None, select(func.count()).select_from(long), long.c.post_id)
    return session.scalar(select(whole.scalar_subquery() + parts.scalar_subquery())) or 0


def _match_whole(query: Query) -> list[ColumnElement[bool]]:
    return [_INDEX.c.part == 0, _matches(_format_signed_query(query))]


def _apply_conditions(
    conditions: Conditions, statement: Select[Any], id_: SQLColumnExpression[int] = _INDEX.c.post_id
) -> Select[Any]:
    if conditions is not None:
        return statement.join(Post, Post.id == id_).where(*conditions)
    return statement.where(~exists().where(_trash.id == id_, _trash.trashed_at.is_not(None)))


def _format_signed_query(query: Query) -> str:
    """Return a tsquery for all clauses of a query, including negated terms."""
    return " & ".join(f"({' | '.join(_format_signed_term(term) for term in clause)})" for clause in query.clauses)


def _format_signed_term(term: Term) -> str:
    return f"!{format_ts_term(term)}" if term.is_negated else format_ts_term(term)


def _matches(query: str) -> ColumnElement[bool]:
    return _INDEX.c.document.op("@@")(cast(query, TSQUERY))


def _select_long(query: Query) -> Select[Any] | CompoundSelect[Any]:
    """Return a statement that selects the ids of the long posts that match the query.

    A long post also matches if its parts match different terms of the query.
    """

    def matches(term: Term) -> ColumnElement[bool]:
        occurs = func.bool_or(_matches(format_ts_term(term)))
        return not_(occurs) if term.is_negated else occurs

    clauses = [or_(*(matches(term) for term in clause)) for clause in query.clauses]
    return select(_INDEX.c.post_id).where(_INDEX.c.part > 0).group_by(_INDEX.c.post_id).having(and_(*clauses))
