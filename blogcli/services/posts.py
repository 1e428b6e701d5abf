"""Posts: written, listed, shown."""

from collections.abc import Callable, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..enums import PostStatus
from ..errors import InvalidError
from ..models import Post, Tag, User
from ..models.base import utc_now
from ..repositories.posts import PostRepository
from ..repositories.selections import PostOrder
from ..repositories.tags import TagRepository
from ..schemas.base import Page
from ..schemas.posts import PostCreate, PostDetail, PostSummary
from ..schemas.selection import PostSelection
from .selections import filters_of, known_users, referenced_ids, refuse_taken_slug
from .summaries import post_detail, post_summary

# Two commands may choose the same free slug at once; the one that loses chooses again.
_SLUG_ATTEMPTS = 5


async def create_post(sessions: SessionFactory, new: PostCreate, *, author: str, dry_run: bool = False) -> PostDetail:
    """Add a post.

    Raises NotFoundError for an unknown author, ConflictError for a slug that is taken, InvalidError for a scheduled
    post without a date.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        (user,) = await known_users(session, [author])
        tags = await TagRepository(session).ensure(new.tags)
        return post_detail(await _add_under_a_slug(session, new, lambda slug: _compose(new, user, tags, slug)))


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
        return Page(items=[post_summary(post) for post in found], total=total, next=following)


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


def _compose(new: PostCreate, author: User, tags: list[Tag], slug: str) -> Post:
    values = new.model_dump(include={"title", "excerpt", "published_at", "extra"})
    post = Post(**values, slug=slug, author=author, tags=tags, status=PostStatus.DRAFT)
    post.write(new.content)
    now = utc_now()
    if new.status is PostStatus.SCHEDULED and new.published_at is None:
        raise InvalidError("A scheduled post needs a date", hint="Give --published-at.")
    if new.status is PostStatus.SCHEDULED or (new.status is PostStatus.PUBLISHED and (new.published_at or now) > now):
        post.status = PostStatus.SCHEDULED
    elif new.status is PostStatus.PUBLISHED:
        post.publish(now)
    return post


async def _add_under_a_slug(session: AsyncSession, new: PostCreate, compose: Callable[[str], Post]) -> Post:
    posts = PostRepository(session)
    if new.slug is not None:
        await refuse_taken_slug(posts, new.slug)
        return await posts.add(compose(new.slug))
    for attempts_left in reversed(range(_SLUG_ATTEMPTS)):
        slug = await posts.free_slug(new.title)
        try:
            async with session.begin_nested():
                return await posts.add(compose(slug))
        except IntegrityError:
            if not attempts_left:
                raise
    raise AssertionError("the last attempt returns or raises")
