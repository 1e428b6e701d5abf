"""Queries of the content check."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, String, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from ..enums import PostStatus
from ..models import Post, post_tags
from ..models.posts import character_count
from .base import CHUNK
from .dialects import sortable, use_snapshot_isolation
from .identifiers import chunked, chunked_by_length
from .posts.filters import PostFilters, filter_conditions
from .posts.rows import OnFault, PostColumns, PostRow
from .tags import TagRepository

_COLUMNS = PostColumns(["id", "slug", "title", "content", "status", "published_at", "expires_at", "trashed_at"])
# The maximum number of posts, and of characters of their contents, in a batch. A longer post is a batch of its own.
_BATCH_POSTS = 200
_BATCH_CHARACTERS = 1_000_000
# The number of letters in which a misspelled slug and the correct slug have to agree.
_PREFIX_LENGTH = 3
_IS_PRESENT = Post.trashed_at.is_(None)


class PostState(NamedTuple):
    """The id, the slug and the displayed status of a post."""

    id: int
    slug: str
    status: PostStatus


class CheckRepository:
    """Read posts and tags for the content check, in batches whose size does not depend on the size of the blog."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def use_snapshot(self) -> None:
        """Make all queries of the transaction read one snapshot of the database.

        This must be called before the first query.
        """
        await use_snapshot_isolation(self.session)

    async def states_by_slug(self, slugs: Sequence[str]) -> dict[str, PostState]:
        """Return the posts with the given slugs, including trashed posts, by slug."""
        return {post.slug: post for post in await self._states(Post.slug, slugs)}

    async def states_by_id(self, ids: Sequence[int]) -> dict[int, PostState]:
        """Return the posts with the given ids, including trashed posts, by id."""
        return {post.id: post for post in await self._states(Post.id, ids)}

    async def slugs_like(self, slugs: Sequence[str]) -> list[str]:
        """Return slugs that begin like one of the given slugs, and that have at most one letter more or less."""
        lengths = (-1, 0, 1)
        keys = {f"{slug[:_PREFIX_LENGTH]}{len(slug) + length}" for slug in slugs for length in lengths}
        # One query compares all slugs, because neither database has an index that finds similar ones.
        key = func.substr(Post.slug, 1, _PREFIX_LENGTH).concat(cast(func.length(Post.slug), String))
        similar: list[str] = []
        for chunk in chunked(sorted(keys), CHUNK):
            similar += await self.session.scalars(select(Post.slug).where(key.in_(chunk), _IS_PRESENT))
        return similar

    async def content(self, post_id: int) -> str:
        """Return the content of a post, or an empty string if the post does not exist."""
        return await self.session.scalar(select(Post.content).where(Post.id == post_id)) or ""

    async def stream_extra(self, names: Sequence[str]) -> AsyncIterator[tuple[int, Mapping[str, Any]]]:
        """Yield the id and the extra fields of each post whose extra fields may contain one of the given names."""
        stored = cast(Post.extra, String)
        has_name = or_(*(stored.contains(f'"{name}"', autoescape=True) for name in names))
        rows = await self.session.stream(
            select(Post.id, Post.extra).where(has_name).order_by(Post.id), execution_options={"yield_per": CHUNK}
        )
        async for row in rows:
            if isinstance(row.extra, dict):
                yield row.id, row.extra

    async def stream_duplicate_titles(self, filters: PostFilters) -> AsyncIterator[Sequence[Row[Any]]]:
        """Yield the selected posts whose title is also the title of another post, in batches.

        Each row contains the id, the slug and the title of the post, the number of posts with this title, and their
        lowest and highest ids. Posts with equal titles follow each other. Titles are compared without regard to the
        case of ASCII letters.
        """
        key = sortable(Post.title)
        titles = (
            select(
                *(Post.id, Post.slug, Post.title),
                func.count().over(partition_by=key).label("number"),
                func.min(Post.id).over(partition_by=key).label("first_id"),
                func.max(Post.id).over(partition_by=key).label("last_id"),
            )
            .where(_IS_PRESENT)
            .subquery()
        )
        statement = select(titles).where(titles.c.number > 1).order_by(titles.c.first_id, titles.c.id)
        if filters.is_narrow:
            statement = statement.where(titles.c.id.in_(_selected_ids(filters)))
        result = await self.session.stream(statement, execution_options={"yield_per": CHUNK})
        async for rows in result.partitions(CHUNK):
            yield rows

    async def tags_with_posts(self) -> list[tuple[int, str, int]]:
        """Return the id, the name and the number of posts of each tag."""
        return [(tag.id, tag.name, posts) for tag, posts in await TagRepository(self.session).list_with_posts()]

    async def selected_tag_ids(self, filters: PostFilters) -> set[int]:
        """Return the ids of the tags of the selected posts."""
        statement = select(post_tags.c.tag_id).where(post_tags.c.post_id.in_(_selected_ids(filters))).distinct()
        return set(await self.session.scalars(statement))

    async def posts_of_tags(self, tag_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
        """Return the id and the slug of a post of each tag, without trashed posts, by the id of the tag."""
        posts: dict[int, tuple[int, str]] = {}
        for chunk in chunked(tag_ids, CHUNK):
            rows = await self.session.execute(
                select(post_tags.c.tag_id, Post.id, Post.slug)
                .join(Post, Post.id == post_tags.c.post_id)
                .where(post_tags.c.tag_id.in_(chunk), _IS_PRESENT)
            )
            posts |= {tag_id: (post_id, slug) for tag_id, post_id, slug in rows}
        return posts

    async def _states(self, column: Any, values: Sequence[object]) -> list[PostState]:  # noqa: ANN401 - a column of any type
        states: list[PostState] = []
        for chunk in chunked(values, CHUNK):
            rows = await self.session.execute(
                select(Post.id, Post.slug, Post.status, Post.trashed_at).where(column.in_(chunk))
            )
            for id_, slug, status, trashed_at in rows:
                states.append(PostState(id_, slug, PostStatus.TRASHED if trashed_at else PostStatus(status)))
        return states


def read_batches(session: Session, filters: PostFilters, on_fault: OnFault) -> Iterator[list[PostRow]]:
    """Yield the selected posts in batches, in the order of their ids.

    `on_fault` receives a line about each value that cannot be read. A post with such a value is skipped.
    """
    last_id = 0
    while sizes := session.execute(_next_sizes(filters, last_id)).all():
        last_id = sizes[-1][0]
        for group in chunked_by_length(sizes, itemgetter(1), max_items=_BATCH_POSTS, max_length=_BATCH_CHARACTERS):
            ids = [id_ for id_, _ in group]
            rows = session.execute(_COLUMNS.statement.where(Post.id.in_(ids)).order_by(Post.id))
            yield [post for row in rows if (post := _read(row, on_fault))]


def _read(row: Row[Any], on_fault: OnFault) -> PostRow | None:
    """Return the values of a post, or None if a value cannot be read."""
    faults: list[str] = []
    post = _COLUMNS.read_displayed(row, faults.append)
    for fault in faults:
        on_fault(fault)
    return None if faults else post


def _next_sizes(filters: PostFilters, last_id: int) -> Select[int, int]:
    conditions = filter_conditions(filters)
    return select(Post.id, character_count).where(*conditions, Post.id > last_id).order_by(Post.id).limit(CHUNK)


def _selected_ids(filters: PostFilters) -> Select[int]:
    conditions: list[ColumnElement[bool]] = filter_conditions(filters)
    return select(Post.id).where(*conditions)
