"""Posts that a selection or a search chooses: counted, paged, streamed, ranked."""

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
from .filters import PostFilters, PostOrder, after_cursor, cursor_of, matching, ordered, sort_key
from .rows import LISTED, ListedPost, OnFault, listed

if TYPE_CHECKING:
    from ...search.index import Index
    from ...search.query import Query

# A search ranks the newest of its matches, so many at the most: each that is ranked is read.
MOST_RANKED = 2_000
# Of rows that are weighed, what those of a batch may weigh together.
_MOST_WEIGHT = 8_000_000


class ListingRepository:
    """Posts as lists show them, never as objects.

    `on_fault` learns which values of which rows cannot be read; without it, the first one raises InvalidError.
    """

    def __init__(self, session: AsyncSession, *, on_fault: OnFault | None = None) -> None:
        self.session = session
        self._on_fault = on_fault or refuse_invalid_value

    async def count(self, filters: PostFilters) -> int:
        """How many posts are chosen."""
        query = filters.query
        if query and query.clauses and not filters.narrow:
            return await self.session.run_sync(self._index.count, await self._prepared(query))
        statement = select(func.count()).select_from(Post).where(*self._matching(filters))
        return await self.session.scalar(statement) or 0

    async def ids(
        self, filters: PostFilters, order: PostOrder, *, offset: int = 0, limit: int = 0, after: str | None = None
    ) -> list[int]:
        """The ids of the chosen posts, in order; a limit of 0 means all."""
        statement = await self._chosen(_ids(order), filters, order, after=after, walked=bool(limit))
        return list(await self.session.scalars(limit_offset(statement, offset=offset, limit=limit)))

    async def page(
        self, filters: PostFilters, order: PostOrder, *, offset: int = 0, limit: int = 0, after: str | None = None
    ) -> tuple[list[ListedPost], str | None]:
        """The posts of one page, and the cursor behind it if more follow; a limit of 0 means all."""
        statement = await self._chosen(_ids(order), filters, order, after=after, walked=bool(limit))
        # One more than asked for tells whether there is another page. All that is shown of a post is read afterwards,
        # for the few that are left.
        ids = limit_offset(statement, offset=offset, limit=limit and limit + 1).subquery()
        # As the driver gives it, like the other columns; two columns of one name could not be told apart.
        key = type_coerce(sort_key(order), String()).label("sort_key")
        listing = ordered(LISTED.join(ids, ids.c.id == Post.id).add_columns(key), order)
        rows = (await self.session.execute(listing)).all()
        posts = [self._listed(row[:-1]) for row in (rows[:limit] if limit else rows)]
        if not limit or len(rows) <= limit:
            return posts, None
        return posts, cursor_of(order, rows[limit - 1][-1], posts[-1]["id"])

    async def stream(
        self, filters: PostFilters, order: PostOrder, *, offset: int = 0, after: str | None = None
    ) -> AsyncIterator[list[ListedPost]]:
        """All the chosen posts, in order, as one moment saw them, a batch at a time."""
        async for rows in self.stream_rows(LISTED, filters, order, offset=offset, after=after, batch=CHUNK):
            yield [self._listed(row) for row in rows]

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
        """What a statement about posts and their authors says of the chosen ones, so many rows at a time.

        Where `weigh` says how many bytes a row is about, a batch of heavy ones has fewer; the first row comes alone.
        """
        chosen = await self._chosen(statement, filters, order, after=after, walked=True)
        stretched = limit_offset(chosen, offset=offset, limit=limit)
        rows = await self.session.stream(stretched, execution_options={"yield_per": batch})
        size = 1 if weigh else batch
        while found := await rows.fetchmany(size):
            if weigh:
                fitting = _MOST_WEIGHT * len(found) // max(sum(map(weigh, found)), 1)
                size = max(1, min(batch, 2 * size, fitting))
            yield found
            # Whoever took it may be done with it before the next one comes.
            del found

    async def best(
        self, filters: PostFilters, *, offset: int = 0, limit: int = 0
    ) -> list[tuple[ListedPost, float | None]]:
        """What the query finds, with scores, the best first; behind that what is not ranked, the newest first."""
        query = filters.query
        conditions = matching(filters) if filters.narrow else None
        ranking = self._index.select_best(await self._prepared(query), conditions, bound=MOST_RANKED) if query else None
        if ranking is None:
            return [(post, None) for post in await self._rest(filters, (), offset=offset, limit=limit)]
        found = await self._scored(limit_offset(ranking, offset=offset, limit=limit))
        if (limit and len(found) == limit) or len(found) + offset < MOST_RANKED:
            return found
        ranked = {row[0] for row in await self.session.execute(ranking)}
        passed, wanted = max(0, offset - len(ranked)), limit and limit - len(found)
        rest = await self._rest(filters, ranked, offset=passed, limit=wanted)
        return [*found, *((post, None) for post in rest)]

    async def stream_best(
        self, filters: PostFilters, *, offset: int = 0
    ) -> AsyncIterator[Sequence[tuple[ListedPost, float | None]]]:
        """All that the query finds, in the same order, a batch at a time."""
        first = await self.best(filters, limit=MOST_RANKED)
        yield first[offset:]
        if len(first) < MOST_RANKED:
            return
        known, passed = {post["id"] for post, _ in first}, max(0, offset - len(first))
        async for batch in self.stream(filters, PostOrder()):
            rest = [(post, None) for post in batch if post["id"] not in known]
            yield rest[passed:]
            passed = max(0, passed - len(rest))

    async def get_listed(self, ids: Sequence[int]) -> list[ListedPost]:
        """The posts with these ids, in their order."""
        found: dict[int, ListedPost] = {}
        for chunk in chunked(ids, CHUNK):
            rows = await self.session.execute(LISTED.where(Post.id.in_(chunk)))
            found |= {row[0]: self._listed(row) for row in rows}
        return [found[id_] for id_ in ids if id_ in found]

    async def contents(self, ids: Sequence[int]) -> dict[int, str]:
        """The content of the posts with these ids, by id."""
        found: dict[int, str] = {}
        for chunk in chunked(ids, CHUNK):
            rows = await self.session.execute(select(Post.id, Post.content).where(Post.id.in_(chunk)))
            found |= {row[0]: row[1] for row in rows}
        return found

    def _listed(self, row: Sequence[Any]) -> ListedPost:
        return listed(row, self._on_fault)

    async def _scored(self, ranking: Select[Any]) -> list[tuple[ListedPost, float | None]]:
        best = ranking.subquery()
        listing = LISTED.join(best, best.c.id == Post.id).add_columns(best.c.score)
        rows = await self.session.execute(listing.order_by(best.c.score.desc(), Post.id.desc()))
        return [(self._listed(row[:-1]), float(f"{row[-1]:.6g}")) for row in rows]

    async def _rest(
        self, filters: PostFilters, ranked: Collection[int], *, offset: int, limit: int
    ) -> list[ListedPost]:
        ids = [id_ for id_ in await self.ids(filters, PostOrder()) if id_ not in ranked]
        return await self.get_listed(ids[offset : offset + limit if limit else None])

    async def _chosen(
        self, statement: Select[Any], filters: PostFilters, order: PostOrder, *, after: str | None, walked: bool
    ) -> Select[Any]:
        """The statement about the chosen posts, in order.

        `walked` says that an index leads through them in this order, and that a few may be enough.
        """
        common: Sequence[int] = ()
        if walked and order.is_indexed and filters.tag_ids and not knows_common_values(self.session):
            common = await TagRepository(self.session).list_common_ids(filters.tag_ids)
        conditions = self._matching(filters, common_tag_ids=common)
        if after:
            conditions.append(after_cursor(after, order))
        return ordered(statement.where(*conditions), order)

    def _matching(self, filters: PostFilters, *, common_tag_ids: Sequence[int] = ()) -> list[ColumnElement[bool]]:
        conditions = matching(filters, common_tag_ids=common_tag_ids)
        query = filters.query
        if query:
            conditions += self._index.match_conditions(query, Post.id) if query.clauses else [false()]
        return conditions

    async def _prepared(self, query: "Query") -> "Query":
        return await self.session.run_sync(self._index.prepare_query, query)

    @cached_property
    def _index(self) -> "Index":
        # Imported by those who write or search, and by nobody else.
        return get_index(self.session.get_bind().dialect.name)


def _ids(order: PostOrder) -> Select[Any]:
    ids = select(Post.id)
    return ids.join(Post.author) if order.sort is PostSort.AUTHOR else ids
