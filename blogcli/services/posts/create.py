"""Create posts."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...enums import PostStatus
from ...errors import ConflictError, UsageError
from ...models import Post, Tag, User
from ...models.base import utc_now
from ...repositories.base import RowLock
from ...repositories.posts.repository import PostRepository
from ...repositories.tags import TagRepository
from ...schemas.base import Changes
from ...schemas.posts.records import PostDetail
from ...text.slugify import slugify_title
from .authors import resolve_author
from .bulk import check_slug_is_free
from .lookup import resolve_users
from .status import set_status
from .summaries import post_detail

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostCreate

# The maximum number of free slugs that are tried. Another command may take a free slug before this command inserts the
# post.
_MAX_SLUG_ATTEMPTS = 5
# The namespace of the UUIDs that are derived from keys.
_KEY_NAMESPACE = UUID("0b8ad1f0-54b9-4a3e-9c56-3d0f7c0a6d4e")


async def check_writable(sessions: SessionFactory, author: str | None) -> None:
    """Raise the errors that `create_post` would raise for any post.

    These errors are the errors of a database that cannot be used, and NotFoundError if `author` does not exist.
    """
    async with sessions() as session:
        await session.connection()
        if author is not None:
            await resolve_users(session, [author])


async def create_post(
    sessions: SessionFactory,
    new: "PostCreate",
    *,
    author: str | None = None,
    if_not_exists: bool = False,
    dry_run: bool = False,
) -> Changes[PostDetail]:
    """Create a post.

    `author` is an id or an e-mail address, and overrides the author that `new` names. If `if_not_exists` is true, and a
    post already has the key of `new`, that post is returned as existing. If `new` has no key, the same applies to a
    post with the slug of `new`.

    Raises NotFoundError for an unknown author, ConflictError if the slug or the key is in use, and InvalidError for a
    scheduled post without a date. Raises UsageError if `if_not_exists` is true and `new` has neither a key nor a slug.
    """
    if if_not_exists and new.key is None and new.slug is None:
        raise UsageError(
            "--if-not-exists needs --key or --slug", hint="Give the key or the slug by which to find the post."
        )
    async with sessions.begin(dry_run=dry_run) as session:
        existing = await _find_existing(session, new, if_not_exists=if_not_exists)
        if existing is None:
            user = await _resolve_author(session, new, author)
            tags = await TagRepository(session).get_or_create(new.tags)
            try:
                post = await _add_with_slug(session, new, lambda slug: _make_post(new, user, tags, slug))
            except IntegrityError:
                # Another command has created a post with the same key or slug after the key and the slug were checked.
                existing = await _find_existing(session, new, if_not_exists=if_not_exists)
                if existing is None:
                    raise
        if existing is not None:
            return Changes(changed=[], unchanged=1, existing=[existing])
        return Changes(changed=[post_detail(post)], published=[post.id] if post.is_public else [])


async def _find_existing(session: AsyncSession, new: "PostCreate", *, if_not_exists: bool) -> PostDetail | None:
    posts = PostRepository(session)
    if new.key is not None:
        id_ = await posts.get_id_by_uuid(uuid_of_key(new.key))
    else:
        id_ = (await posts.get_slug_owner(new.slug) or (None,))[0] if if_not_exists and new.slug else None
    if id_ is None:
        return None
    (post,) = await posts.get_details([id_])
    if not if_not_exists:
        raise ConflictError(
            f"A post with the key {new.key!r} exists: post {post.id} ({post.slug})",
            hint="Choose another --key, or add --if-not-exists.",
        )
    return post_detail(post)


async def _resolve_author(session: AsyncSession, new: "PostCreate", author: str | None) -> User:
    if author is None:
        return await resolve_author(session, new.author or "")
    (user,), _ = await resolve_users(session, [author], lock=RowLock.SHARED)
    return user


def uuid_of_key(key: str) -> UUID:
    """Return the UUID of the post with a key. The UUID depends only on the key."""
    return uuid5(_KEY_NAMESPACE, key)


def _make_post(new: "PostCreate", author: User, tags: list[Tag], slug: str) -> Post:
    values = new.model_dump(include={"title", "excerpt", "extra"})
    if new.key is not None:
        values["uuid"] = uuid_of_key(new.key)
    post = Post(**values, slug=slug, author=author, tags=tags, status=PostStatus.DRAFT)
    post.write(new.content)
    set_status(post, new.status, new.published_at, utc_now())
    return post


async def _add_with_slug(session: AsyncSession, new: "PostCreate", make_post: Callable[[str], Post]) -> Post:
    posts = PostRepository(session)
    if new.slug is not None:
        await check_slug_is_free(posts, new.slug)
        async with session.begin_nested():
            return await posts.add(make_post(new.slug))
    for attempts_left in reversed(range(_MAX_SLUG_ATTEMPTS)):
        slug = await posts.free_slug(slugify_title(new.title))
        try:
            async with session.begin_nested():
                return await posts.add(make_post(slug))
        except IntegrityError:
            if not attempts_left:
                raise
    raise AssertionError("the last attempt returns or raises")
