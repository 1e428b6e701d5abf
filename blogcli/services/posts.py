"""Posts found and shown."""

from collections.abc import AsyncIterator, Sequence

from ..database import SessionFactory
from ..repositories.posts import PostRepository
from ..repositories.selections import PostOrder
from ..schemas.base import Page
from ..schemas.posts import PostDetail, PostSummary
from ..schemas.selection import PostSelection
from .selections import filters_of, referenced_ids
from .summaries import listed_summary, post_detail

# Posts that a long list reads at a time.
STREAMED = 1_000


async def list_posts(
    sessions: SessionFactory, selection: PostSelection, *, with_total: bool = False
) -> Page[PostSummary]:
    """The chosen posts, in order, with a cursor to go on from; NotFoundError for an unknown tag or author."""
    async with sessions() as session:
        posts = PostRepository(session)
        filters = await filters_of(session, selection)
        order = PostOrder(selection.sort, selection.descending)
        found, following = await posts.page(
            filters, order, offset=selection.offset, limit=selection.limit, after=selection.after
        )
        total = await posts.count_matching(filters) if with_total else None
        return Page(items=[listed_summary(post) for post in found], total=total, next=following)


async def stream_posts(sessions: SessionFactory, selection: PostSelection) -> AsyncIterator[list[PostSummary]]:
    """All the chosen posts, in order, a batch at a time, so that memory does not grow with their number.

    Raises NotFoundError for an unknown tag or author.
    """
    async with sessions() as session:
        posts, following, offset = PostRepository(session), selection.after, selection.offset
        filters, order = await filters_of(session, selection), PostOrder(selection.sort, selection.descending)
        while True:
            found, following = await posts.page(filters, order, offset=offset, limit=STREAMED, after=following)
            yield [listed_summary(post) for post in found]
            if following is None:
                return
            offset = 0


async def count_posts(sessions: SessionFactory, selection: PostSelection) -> int:
    """How many posts the filters choose, whatever the limit."""
    async with sessions() as session:
        return await PostRepository(session).count_matching(await filters_of(session, selection))


async def show_posts(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[PostDetail]:
    """The posts that are named, with their text; NotFoundError naming every one that does not exist."""
    async with sessions() as session:
        ids, _ = await referenced_ids(session, list(references), ignore_missing=ignore_missing)
        return [post_detail(post) for post in await PostRepository(session).get_details(ids)]


async def missing_posts(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """The references that name no post."""
    async with sessions() as session:
        return (await PostRepository(session).resolve(references))[1]
