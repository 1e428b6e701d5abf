"""Posts written."""

from collections.abc import Callable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..enums import PostStatus
from ..models import Post, Tag, User
from ..models.base import utc_now
from ..repositories.base import RowLock
from ..repositories.posts import PostRepository
from ..repositories.tags import TagRepository
from ..schemas.posts import PostCreate, PostDetail
from ..titles import slug_of
from .authors import author_named
from .selections import known_users, refuse_taken_slug
from .states import set_state
from .summaries import post_detail

# Two commands may choose the same free slug at once; the one that loses chooses again.
_SLUG_ATTEMPTS = 5


async def check_writable(sessions: SessionFactory, author: str | None) -> None:
    """Raise what `create_post` would for a database that cannot be used and an author who does not exist."""
    async with sessions() as session:
        await session.connection()
        if author is not None:
            await known_users(session, [author])


async def create_post(
    sessions: SessionFactory, new: PostCreate, *, author: str | None = None, dry_run: bool = False
) -> PostDetail:
    """Add a post, by `author`, an id or an e-mail, or else by whom `new` names.

    Raises NotFoundError for an unknown author, ConflictError for a slug that is taken, InvalidError for a scheduled
    post without a date.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        if author is not None:
            (user,) = await known_users(session, [author], lock=RowLock.SHARED)
        else:
            user = await author_named(session, new.author or "", lock=RowLock.SHARED)
        tags = await TagRepository(session).ensure(new.tags)
        return post_detail(await _add_under_a_slug(session, new, lambda slug: _compose(new, user, tags, slug)))


def _compose(new: PostCreate, author: User, tags: list[Tag], slug: str) -> Post:
    values = new.model_dump(include={"title", "excerpt", "extra"})
    post = Post(**values, slug=slug, author=author, tags=tags, status=PostStatus.DRAFT)
    post.write(new.content)
    set_state(post, new.status, new.published_at, utc_now())
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
