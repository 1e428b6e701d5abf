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
    func,
    not_,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session

from ..models import Post
from .analyzer import markdown_tokens, tokens
from .documents import positive_clauses, ts_query, ts_term, ts_vectors
from .index import Text
from .query import Query, Term

# Part 0 is a whole post; the parts of a long one are numbered from 1.
_INDEX = table("post_search", column("post_id", Integer), column("part", Integer), column("document", TSVECTOR))
# Of the weights D, C, B, A: a title (A) counts ten times a content (D).
_WEIGHTS = text("'{0.1, 0.1, 0.1, 1.0}'::real[]")

_DIFFERING = text("""
    SELECT coalesce(wanted.id, held.post_id)
    FROM unnest(CAST(:ids AS int[]), CAST(:parts AS int[]), CAST(:documents AS text[])) AS wanted (id, part, document)
    FULL JOIN (SELECT * FROM post_search WHERE post_id = ANY (CAST(:ids AS int[]))) AS held
    ON held.post_id = wanted.id AND held.part = wanted.part
    WHERE held.document IS DISTINCT FROM CAST(wanted.document AS tsvector)
""")


def differing(connection: Connection | Session, texts: Sequence[Text]) -> list[int]:
    """The ids of the posts that a search would not find by these texts, or by others."""
    rows = [row for text_ in texts for row in _rows(text_)]
    columns = {f"{name}s": [row[name] for row in rows] for name in ("id", "part", "document")}
    return sorted(set(connection.execute(_DIFFERING, columns).scalars()))


def put(connection: Connection | Session, texts: Sequence[Text]) -> None:
    """Let a search find the posts by these texts, and no longer by what was theirs before."""
    rows = [row for text_ in texts for row in _rows(text_)]
    if not rows:
        return
    connection.execute(text("DELETE FROM post_search WHERE post_id = :id"), [{"id": row["id"]} for row in rows])
    # The driver would send a tsvector in a form of its own.
    values = "VALUES (:id, :part, CAST(CAST(:document AS text) AS tsvector))"
    connection.execute(text(f"INSERT INTO post_search (post_id, part, document) {values}"), rows)


def found(query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    """The conditions that the post with that id is found by the query."""
    whole = select(_INDEX.c.post_id).where(_INDEX.c.part == 0, _matches(_signed(query)))
    return [id_.in_(union_all(whole, _long(query)))]


def best(query: Query, conditions: Sequence[ColumnElement[bool]], *, bound: int) -> Select[Any] | None:
    """Ids and scores of the best of the newest `bound` posts that meet the conditions; None if no word ranks them."""
    positive = positive_clauses(query)
    if not positive:
        return None
    newest = select(Post.id).where(and_(*found(query, Post.id), *conditions)).order_by(Post.id.desc()).limit(bound)
    ids = newest.subquery()
    wanted = cast(ts_query(positive), TSQUERY)
    score = func.max(func.ts_rank_cd(_WEIGHTS, _INDEX.c.document, wanted)).label("score")
    ranked = select(ids.c.id, score).join_from(ids, _INDEX, _INDEX.c.post_id == ids.c.id).group_by(ids.c.id)
    return ranked.order_by(score.desc(), ids.c.id.desc())


def _rows(text_: Text) -> list[dict[str, Any]]:
    id_, title, content = text_
    vectors = list(ts_vectors(tokens(title), markdown_tokens(content)))
    first = 1 if len(vectors) > 1 else 0
    return [{"id": id_, "part": part, "document": vector} for part, vector in enumerate(vectors, first)]


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
