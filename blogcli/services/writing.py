"""Posts written."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..enums import PostStatus
from ..errors import InvalidError
from ..models import Post, Tag, User
from ..models.base import utc_now
from ..repositories.base import RowLock
from ..repositories.posts import PostRepository
from ..repositories.tags import TagRepository
from ..schemas.posts import PostCreate, PostDetail
from ..titles import slug_of
from .selections import known_users, refuse_taken_slug
from .summaries import post_detail

# Two commands may choose the same free slug at once; the one that loses chooses again.
_SLUG_ATTEMPTS = 5


async def create_post(sessions: SessionFactory, new: PostCreate, *, author: str, dry_run: bool = False) -> PostDetail:
    """Add a post.

    Raises NotFoundError for an unknown author, ConflictError for a slug that is taken, InvalidError for a scheduled
    post without a date.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        (user,) = await known_users(session, [author], lock=RowLock.SHARED)
        tags = await TagRepository(session).ensure(new.tags)
        return post_detail(await _add_under_a_slug(session, new, lambda slug: _compose(new, user, tags, slug)))


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
        slug = await posts.free_slug(slug_of(new.title))
        try:
            async with session.begin_nested():
                return await posts.add(compose(slug))
        except IntegrityError:
            if not attempts_left:
                raise
    raise AssertionError("the last attempt returns or raises")
