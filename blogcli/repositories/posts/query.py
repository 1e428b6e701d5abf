"""Count, list, stream and rank the posts that filters or a search query select."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, String, false, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from ...enums import PostSort
from ...models import Post
from ...search import get_index
from ..base import CHUNK, limit_offset
from ..dialects import knows_common_values
from ..identifiers import chunked
from ..invalid_values import refuse_invalid_value
from ..tags import TagRepository
from .filters import PostFilters, PostOrder, after_cursor, encode_cursor, filter_conditions, ordered, sort_key
from .rows import OnFault, PostColumns, PostRow

if TYPE_CHECKING:
    from ...search.index import Index
    from ...search.query import Query

# Only the newest matches of a search are ranked, up to this number, because every ranked post must be read.
MAX_RANKED = 2_000
# The approximate maximum size of a batch in bytes. The size is limited only if `weigh` is given.
_MAX_BATCH_BYTES = 8_000_000
_ONLY_ID = PostColumns(["id"])


class PostQueryRepository:
    """Queries posts as dictionaries of the given columns, instead of model objects.

    `on_fault` is called with a message about each value that cannot be read. If `on_fault` is None, the first such
    value raises InvalidError.
    """

    def __init__(
        self, session: AsyncSession, *, columns: PostColumns = _ONLY_ID, on_fault: OnFault | None = None
    ) -> None:
        self.session = session
        self._columns = columns
        self._on_fault = on_fault or refuse_invalid_value

    async def count(self, filters: PostFilters) -> int:
        """Return the number of posts that the filters select."""
        query = filters.query
        if query and query.clauses and not filters.is_narrow:
            return await self.session.run_sync(self._index.count, await self._prepare(query))
        statement = select(func.count()).select_from(Post).where(*self._conditions(filters))
        return await self.session.scalar(statement) or 0

    async def ids(
        self, filters: PostFilters, order: PostOrder, *, offset: int = 0, limit: int = 0, after: str | None = None
    ) -> list[int]:
        """Return the ids of the selected posts in order. A limit of 0 means no limit. `after` is a cursor."""
        statement = await self._select(_ids(order), filters, order, after=after, walks_index=bool(limit))
        return list(await self.session.scalars(limit_offset(statement, offset=offset, limit=limit)))

    async def page(
        self, filters: PostFilters, order: PostOrder, *, offset: int = 0, limit: int = 0, after: str | None = None
    ) -> tuple[list[PostRow], str | None]:
        """Return a page of the selected posts, and the cursor of the next page.

        The cursor is None if the page is the last one. `after` is the cursor that was returned with the previous page.
        A limit of 0 means no limit.
        """
        statement = await self._select(_ids(order), filters, order, after=after, walks_index=bool(limit))
        # The subquery selects one post more than the limit to determine whether there is another page. It selects only
        # ids, so that the other fields are read only for the posts of the page.
        ids = limit_offset(statement, offset=offset, limit=limit and limit + 1).subquery()
        # With the type String, SQLAlchemy returns the sort key as the driver returned it. The label prevents a conflict
        # with the column from which the key is computed.
        key = type_coerce(sort_key(order), String()).label("sort_key")
        page = ordered(self._columns.statement.join(ids, ids.c.id == Post.id).add_columns(key), order)
        rows = (await self.session.execute(page)).all()
        posts = [self._read(row[:-1]) for row in (rows[:limit] if limit else rows)]
        if not limit or len(rows) <= limit:
            return posts, None
        return posts, encode_cursor(order, rows[limit - 1][-1], posts[-1]["id"])

    async def stream(
        self, filters: PostFilters, order: PostOrder, *, offset: int = 0, after: str | None = None
    ) -> AsyncIterator[list[PostRow]]:
        """Yield batches of the selected posts in order. All posts are read from the same snapshot of the database."""
        statement = self._columns.statement
        async for rows in self.stream_rows(statement, filters, order, offset=offset, after=after, batch=CHUNK):
            yield [self._read(row) for row in rows]

    async def stream_rows(
        self,
        statement: Select[Any],
        filters: PostFilters,
        order: PostOrder,
        *,
        offset: int = 0,
        limit: int = 0,
        after: str | None = None,
        batch: int,
        weigh: Callable[[Row[Any]], int] | None = None,
    ) -> AsyncIterator[Sequence[Row[Any]]]:
        """Execute `statement` for the selected posts, and yield batches of at most `batch` rows.

        The statement must select from posts joined with their authors. `weigh` returns the approximate size of a row in
        bytes. If `weigh` is given, batches of large rows are smaller, and the first batch is a single row.
        """
        selected = await self._select(statement, filters, order, after=after, walks_index=True)
        limited = limit_offset(selected, offset=offset, limit=limit)
        result = await self.session.stream(limited, execution_options={"yield_per": batch})
        size = 1 if weigh else batch
        while rows := await result.fetchmany(size):
            if weigh:
                fitting = _MAX_BATCH_BYTES * len(rows) // max(sum(map(weigh, rows)), 1)
                size = max(1, min(batch, 2 * size, fitting))
            yield rows
            # Without this statement, the rows would stay in memory while the next rows are read.
            del rows

    async def rank(
        self, filters: PostFilters, *, offset: int = 0, limit: int = 0
    ) -> list[tuple[PostRow, float | None]]:
        """Return the matching posts with their scores.

        The newest matches, at most `MAX_RANKED`, are ranked and come first, sorted by score. Unranked posts have the
        score None and follow, newest first. A limit of 0 means no limit.
        """
        query = filters.query
        conditions = filter_conditions(filters) if filters.is_narrow else None
        ranking = self._index.select_best(await self._prepare(query), conditions, bound=MAX_RANKED) if query else None
        if ranking is None:
            return [(post, None) for post in await self._unranked(filters, (), offset=offset, limit=limit)]
        scored = await self._scored(limit_offset(ranking, offset=offset, limit=limit))
        if (limit and len(scored) == limit) or len(scored) + offset < MAX_RANKED:
            return scored
        ranked = {row[0] for row in await self.session.execute(ranking)}
        skipped = max(0, offset - len(ranked))
        unranked = await self._unranked(filters, ranked, offset=skipped, limit=limit and limit - len(scored))
        return [*scored, *((post, None) for post in unranked)]

    async def stream_ranked(
        self, filters: PostFilters, *, offset: int = 0
    ) -> AsyncIterator[Sequence[tuple[PostRow, float | None]]]:
        """Yield batches of all matching posts with their scores, in the same order as `rank`."""
        ranked = await self.rank(filters, limit=MAX_RANKED)
        yield ranked[offset:]
        if len(ranked) < MAX_RANKED:
            return
        ranked_ids = {post["id"] for post, _ in ranked}
        to_skip = max(0, offset - len(ranked))
        async for batch in self.stream(filters, PostOrder()):
            unranked = [(post, None) for post in batch if post["id"] not in ranked_ids]
            yield unranked[to_skip:]
            to_skip = max(0, to_skip - len(unranked))

    async def get_rows(self, ids: Sequence[int]) -> list[PostRow]:
        """Return the posts with these ids, in the order of `ids`. Ids that no post has are skipped."""
        by_id: dict[int, PostRow] = {}
        for chunk in chunked(ids, CHUNK):
            rows = await self.session.execute(self._columns.statement.where(Post.id.in_(chunk)))
            by_id |= {post["id"]: post for post in map(self._read, rows)}
        return [by_id[id_] for id_ in ids if id_ in by_id]

    async def contents(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the contents of the posts with these ids, by id."""
        contents: dict[int, str] = {}
        for chunk in chunked(ids, CHUNK):
            rows = await self.session.execute(select(Post.id, Post.content).where(Post.id.in_(chunk)))
            contents |= {row[0]: row[1] for row in rows}
        return contents

    def _read(self, row: Sequence[Any]) -> PostRow:
        return self._columns.read_displayed(row, self._on_fault)

    async def _scored(self, ranking: Select[Any]) -> list[tuple[PostRow, float | None]]:
        best = ranking.subquery()
        statement = self._columns.statement.join(best, best.c.id == Post.id).add_columns(best.c.score)
        rows = await self.session.execute(statement.order_by(best.c.score.desc(), Post.id.desc()))
        return [(self._read(row[:-1]), float(f"{row[-1]:.6g}")) for row in rows]

    async def _unranked(
        self, filters: PostFilters, ranked: Collection[int], *, offset: int, limit: int
    ) -> list[PostRow]:
        ids = [id_ for id_ in await self.ids(filters, PostOrder()) if id_ not in ranked]
        return await self.get_rows(ids[offset : offset + limit if limit else None])

    async def _select(
        self, statement: Select[Any], filters: PostFilters, order: PostOrder, *, after: str | None, walks_index: bool
    ) -> Select[Any]:
        """Return the statement, restricted to the selected posts, with an ORDER BY clause.

        `walks_index` allows a plan that reads posts in the order of an index and checks the filters for each post. Such
        a plan is faster if only the first posts are needed.
        """
        common_tag_ids: Sequence[int] = ()
        if walks_index and order.is_indexed and filters.tag_ids and not knows_common_values(self.session):
            common_tag_ids = await TagRepository(self.session).list_common_ids(filters.tag_ids)
        conditions = self._conditions(filters, common_tag_ids=common_tag_ids)
        if after:
            conditions.append(after_cursor(after, order))
        return ordered(statement.where(*conditions), order)

    def _conditions(self, filters: PostFilters, *, common_tag_ids: Sequence[int] = ()) -> list[ColumnElement[bool]]:
        conditions = filter_conditions(filters, common_tag_ids=common_tag_ids)
        query = filters.query
        if query:
            conditions += self._index.match_conditions(query, Post.id) if query.clauses else [false()]
        return conditions

    async def _prepare(self, query: "Query") -> "Query":
        return await self.session.run_sync(self._index.prepare_query, query)

    @cached_property
    def _index(self) -> "Index":
        # The index module is imported on first use, because most queries do not need it.
        return get_index(self.session.get_bind().dialect.name)


def _ids(order: PostOrder) -> Select[Any]:
    ids = select(Post.id)
    return ids.join(Post.author) if order.sort is PostSort.AUTHOR else ids
