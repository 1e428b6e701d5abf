"""Posts found and shown."""

from collections.abc import AsyncIterator, Sequence

from ...database import SessionFactory
from ...repositories.posts.query import ListingRepository
from ...repositories.posts.repository import PostRepository
from ...repositories.posts.rows import ListedPost, OnFault
from ...schemas.base import Page
from ...schemas.posts import PostDetail, PostSelection, PostSummary
from .lookup import filters_of, order_of, referenced_ids
from .summaries import listed_post, post_detail


async def list_posts(
    sessions: SessionFactory,
    selection: PostSelection,
    *,
    with_total: bool = False,
    on_fault: OnFault | None = None,
) -> Page[PostSummary]:
    """The chosen posts, in order, with a cursor to go on from; NotFoundError for an unknown tag or author.

    `on_fault` learns which values cannot be read, and are left empty; without it they raise InvalidError.
    """
    async with sessions() as session:
        posts, filters = ListingRepository(session, on_fault=on_fault), await filters_of(session, selection)
        found, following = await posts.page(
            filters, order_of(selection), offset=selection.offset, limit=selection.limit, after=selection.after
        )
        total = await posts.count(filters) if with_total else None
        return Page(items=[listed_post(PostSummary, post) for post in found], total=total, next=following)


async def stream_posts(
    sessions: SessionFactory, selection: PostSelection, *, on_fault: OnFault | None = None
) -> AsyncIterator[Sequence[ListedPost]]:
    """All the chosen posts, in order, a batch at a time, so that memory does not grow with their number.

    They come in the form in which `PostSummary` is printed: to make one of each would take longer than to find it.
    Raises NotFoundError for an unknown tag or author. `on_fault` is as in `list_posts`.
    """
    async with sessions() as session:
        posts, filters = ListingRepository(session, on_fault=on_fault), await filters_of(session, selection)
        batches = posts.stream(filters, order_of(selection), offset=selection.offset, after=selection.after)
        async for batch in batches:
            yield batch


async def count_posts(sessions: SessionFactory, selection: PostSelection) -> int:
    """How many posts the filters choose, whatever the limit."""
    async with sessions() as session:
        return await ListingRepository(session).count(await filters_of(session, selection))


async def show_posts(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[PostDetail]:
    """The posts that are named, with their text; NotFoundError naming every one that does not exist."""
    async with sessions() as session:
        ids, _ = await referenced_ids(session, list(references), ignore_missing=ignore_missing)
        return [post_detail(post) for post in await PostRepository(session).get_details(ids)]


async def public_ids(sessions: SessionFactory, ids: Sequence[int]) -> list[int]:
    """Return those of the ids that are of posts which are published and not in the trash."""
    async with sessions() as session:
        return await PostRepository(session).public_ids(ids)


async def missing_posts(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """The references that name no post."""
    async with sessions() as session:
        return (await PostRepository(session).resolve(references))[1]
