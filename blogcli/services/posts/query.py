"""List, stream, count and show posts."""

from collections.abc import AsyncIterator, Sequence

from ...database import SessionFactory
from ...repositories.posts.query import PostQueryRepository
from ...repositories.posts.repository import PostRepository
from ...repositories.posts.rows import OnFault, PostRow
from ...schemas.base import Page
from ...schemas.posts.records import PostDetail, PostSummary
from ...schemas.posts.selection import PostSelection
from .lookup import order_of, resolve_filters, resolve_posts
from .summaries import PRINTED_SUMMARY, SUMMARY, post_detail


async def list_posts(
    sessions: SessionFactory,
    selection: PostSelection,
    *,
    with_total: bool = False,
    on_fault: OnFault | None = None,
) -> Page[PostSummary]:
    """Return a page of the selected posts with the cursor of the next page.

    If a value cannot be read, the value is left empty and `on_fault` receives a message. If `on_fault` is None, such a
    value raises InvalidError. Raises NotFoundError if a tag or an author does not exist.
    """
    async with sessions() as session:
        posts = PostQueryRepository(session, columns=SUMMARY, on_fault=on_fault)
        filters = await resolve_filters(session, selection)
        rows, next_cursor = await posts.page(
            filters, order_of(selection), offset=selection.offset, limit=selection.limit, after=selection.after
        )
        total = await posts.count(filters) if with_total else None
        return Page(items=[PostSummary(**row) for row in rows], total=total, next=next_cursor)


async def stream_posts(
    sessions: SessionFactory, selection: PostSelection, *, on_fault: OnFault | None = None
) -> AsyncIterator[Sequence[PostRow]]:
    """Yield all selected posts in order, in batches, so that memory does not grow with the number of posts.

    Each post is a mapping with the keys and values of a `PostSummary` in JSON, because creating a `PostSummary` takes
    longer than reading the row. If a value cannot be read, the value is left empty and `on_fault` receives a message.
    If `on_fault` is None, such a value raises InvalidError. Raises NotFoundError if a tag or an author does not exist.
    """
    async with sessions() as session:
        posts = PostQueryRepository(session, columns=PRINTED_SUMMARY, on_fault=on_fault)
        filters = await resolve_filters(session, selection)
        batches = posts.stream(filters, order_of(selection), offset=selection.offset, after=selection.after)
        async for rows in batches:
            yield rows


async def count_posts(sessions: SessionFactory, selection: PostSelection) -> int:
    """Return the number of posts that match the filters of a selection, regardless of its limit and offset.

    Raises NotFoundError if a tag or an author does not exist.
    """
    async with sessions() as session:
        return await PostQueryRepository(session).count(await resolve_filters(session, selection))


async def show_posts(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[PostDetail]:
    """Return the posts that the references name, with their content.

    Raises NotFoundError if a reference names no post, unless `ignore_missing` is true.
    """
    async with sessions() as session:
        ids, _ = await resolve_posts(session, references, ignore_missing=ignore_missing)
        return [post_detail(post) for post in await PostRepository(session).get_details(ids)]


async def public_ids(sessions: SessionFactory, ids: Sequence[int]) -> list[int]:
    """Return the ids from `ids` whose posts are published and not in the trash."""
    async with sessions() as session:
        return await PostRepository(session).public_ids(ids)


async def find_missing_posts(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """Return the references that name no post."""
    async with sessions() as session:
        return (await PostRepository(session).resolve(references))[1]
