"""Create, list, change, activate and delete users."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..enums import UserSort
from ..errors import ConflictError, UsageError
from ..models import User
from ..models.users import UNUSABLE_PASSWORD
from ..repositories.base import RowLock
from ..repositories.posts.repository import PostRepository
from ..repositories.users import UserRepository
from ..schemas.base import Changes, Page
from ..schemas.users import UserDeletion, UserSummary
from .passwords import DEFAULT_HASHER, Hasher
from .posts.lookup import resolve_users

if TYPE_CHECKING:
    from ..schemas.inputs.users import UserCreate, UserUpdate


async def create_user(
    sessions: SessionFactory,
    new: "UserCreate",
    *,
    password: str | None,
    hasher: Hasher = DEFAULT_HASHER,
    if_not_exists: bool = False,
    dry_run: bool = False,
) -> Changes[UserSummary]:
    """Create a user. If `password` is None, the user cannot log in.

    If a user with this address exists and `if_not_exists` is true, the existing user is returned unchanged. If a user
    with this address exists and `if_not_exists` is false, raises ConflictError. Raises InvalidError if the hasher
    rejects the password.
    """
    hashed = UNUSABLE_PASSWORD if password is None else await hasher.hash(password)
    async with sessions.begin(dry_run=dry_run) as session:
        users = UserRepository(session)
        existing = await users.get_by_email(new.email)
        if existing is not None and if_not_exists:
            return Changes(changed=[], unchanged=1, existing=await summarize_users(session, [existing]))
        if existing is not None:
            raise ConflictError(f"User {new.email} exists (id {existing.id})")
        user = await users.create_from(new, hashed_password=hashed)
        return Changes(changed=[_summarize(user, 0)])


async def list_users(
    sessions: SessionFactory,
    *,
    is_active: bool | None = None,
    needle: str | None = None,
    sort: UserSort = UserSort.ID,
    descending: bool = False,
    offset: int = 0,
    limit: int = 0,
) -> Page[UserSummary]:
    """Return a page of users. The number of posts of each user does not include posts in the trash."""
    async with sessions() as session:
        users = UserRepository(session)
        rows = await users.list_with_posts(
            is_active=is_active, needle=needle, sort=sort, descending=descending, offset=offset, limit=limit
        )
        total = await users.count_matching(is_active=is_active, needle=needle)
        return Page(items=[_summarize(user, posts) for user, posts in rows], total=total)


async def show_users(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[UserSummary]:
    """Return the users that the references name.

    Raises NotFoundError if a reference names no user, unless `ignore_missing` is true.
    """
    async with sessions() as session:
        users, _ = await resolve_users(session, references, ignore_missing=ignore_missing)
        return await summarize_users(session, users)


async def find_missing_users(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """Return the references that name no user."""
    async with sessions() as session:
        _, missing = await UserRepository(session).resolve(references)
        return missing


async def update_user(
    sessions: SessionFactory, reference: str, update: "UserUpdate", *, dry_run: bool = False
) -> Changes[UserSummary]:
    """Assign the values that `update` sets to the fields of a user.

    Raises NotFoundError if the user does not exist, and ConflictError if another user has the new address.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        users = UserRepository(session)
        (user,), _ = await resolve_users(session, [reference], lock=RowLock.EXCLUSIVE)
        other_user = None if update.email is None else await users.get_by_email(update.email)
        if other_user is not None and other_user.id != user.id:
            raise ConflictError(f"User {update.email} exists (id {other_user.id})")
        differs = await users.update_from(user, update)
        await session.flush()
        changed = await summarize_users(session, [user])
        return Changes(changed=changed if differs else [], unchanged=int(not differs))


async def set_active(
    sessions: SessionFactory,
    references: Sequence[str],
    *,
    active: bool,
    ignore_missing: bool = False,
    dry_run: bool = False,
) -> Changes[UserSummary]:
    """Activate or deactivate users.

    Raises NotFoundError if a reference names no user, unless `ignore_missing` is true.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        users, missing = await resolve_users(session, references, ignore_missing=ignore_missing, lock=RowLock.EXCLUSIVE)
        changed = [user for user in users if user.set_active(active=active)]
        await session.flush()
        summaries = await summarize_users(session, changed)
        return Changes(changed=summaries, unchanged=len(users) - len(changed), missing=missing)


async def plan_deletion(
    sessions: SessionFactory,
    references: Sequence[str],
    *,
    reassign_to: str | None = None,
    purge_posts: bool = False,
    ignore_missing: bool = False,
) -> UserDeletion:
    """Return what `delete_users` would delete or change, without locking rows.

    Raises the same errors as `delete_users`.
    """
    async with sessions() as session:
        users, missing = await resolve_users(session, references, ignore_missing=ignore_missing)
        heir = await _find_heir(session, users, reassign_to)
        return await _describe_deletion(session, users, heir, missing, purge_posts=purge_posts)


async def delete_users(
    sessions: SessionFactory,
    references: Sequence[str],
    *,
    reassign_to: str | None = None,
    purge_posts: bool = False,
    ignore_missing: bool = False,
    dry_run: bool = False,
) -> UserDeletion:
    """Delete users. Their posts are assigned to the user `reassign_to`, or deleted if `purge_posts` is true.

    Raises NotFoundError if a reference names no user, unless `ignore_missing` is true. Raises NotFoundError if the user
    `reassign_to` does not exist, and UsageError if `reassign_to` names one of the users to delete. Raises ConflictError
    if a user has posts and neither `reassign_to` nor `purge_posts` is given.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        repository = UserRepository(session)
        # One statement locks all users in the order of their ids, so that two commands never wait for each other.
        await repository.resolve([*references, *([reassign_to] if reassign_to else [])], lock=RowLock.EXCLUSIVE)
        users, missing = await resolve_users(session, references, ignore_missing=ignore_missing)
        await repository.lock_posts([user.id for user in users])
        heir = await _find_heir(session, users, reassign_to)
        deletion = await _describe_deletion(session, users, heir, missing, purge_posts=purge_posts)
        for user in users:
            if heir is not None:
                await repository.reassign_posts(user.id, heir.id)
            elif purge_posts:
                await PostRepository(session).purge_by_author(user.id)
            await repository.delete(user)
        return deletion


async def _find_heir(session: AsyncSession, users: Sequence[User], reference: str | None) -> User | None:
    if reference is None:
        return None
    (heir,), _ = await resolve_users(session, [reference])
    if heir in users:
        raise UsageError(f"{heir.email} is one of the users to delete and cannot take over their posts")
    return heir


async def _describe_deletion(
    session: AsyncSession, users: Sequence[User], heir: User | None, missing: list[str], *, purge_posts: bool
) -> UserDeletion:
    total = 0
    for user in users:
        not_trashed, trashed = await PostRepository(session).count_by_author(user.id)
        total += not_trashed + trashed
        if total and heir is None and not purge_posts:
            raise ConflictError(
                f"{user.email} has posts: {not_trashed:,}, and {trashed:,} in the trash",
                hint="Assign them to another user with --reassign-to USER, or delete them with --purge-posts.",
            )
    changed = await summarize_users(session, users)
    return UserDeletion(changed=changed, missing=missing, posts=total, heir=heir.email if heir else None)


async def summarize_users(session: AsyncSession, users: Sequence[User]) -> list[UserSummary]:
    """Return the records of users, each with the number of posts that are not in the trash."""
    posts = dict(await UserRepository(session).count_posts([user.id for user in users]))
    return [_summarize(user, posts.get(user.id, 0)) for user in users]


def _summarize(user: User, posts: int) -> UserSummary:
    return UserSummary(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        posts=posts,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )
