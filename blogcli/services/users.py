"""Users: added, listed, changed, let in, removed."""

from collections.abc import Sequence

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
from ..schemas.users import UserCreate, UserDeletion, UserSummary, UserUpdate
from .passwords import hash_password, verify_password
from .posts.lookup import known_users, users_named


async def create_user(
    sessions: SessionFactory,
    new: UserCreate,
    *,
    password: str | None,
    if_not_exists: bool = False,
    dry_run: bool = False,
) -> Changes[UserSummary]:
    """Add a user; without a password nobody can log in as them.

    Raises ConflictError when the address is taken (unless that is what `if_not_exists` allows), and InvalidError for
    a password that will not do.
    """
    hashed = UNUSABLE_PASSWORD if password is None else await hash_password(password)
    async with sessions.begin(dry_run=dry_run) as session:
        users = UserRepository(session)
        existing = await users.get_by_email(new.email)
        if existing is not None and if_not_exists:
            return Changes(changed=[], unchanged=1, existing=await _summaries(session, [existing]))
        if existing is not None:
            raise ConflictError(f"There is a user {new.email} (id {existing.id})")
        user = await users.create_from(new, hashed_password=hashed)
        return Changes(changed=[_summary(user, 0)])


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
    """Users with the number of their posts outside the trash."""
    async with sessions() as session:
        users = UserRepository(session)
        found = await users.list_with_posts(
            is_active=is_active, needle=needle, sort=sort, descending=descending, offset=offset, limit=limit
        )
        total = await users.count_matching(is_active=is_active, needle=needle)
        return Page(items=[_summary(user, posts) for user, posts in found], total=total)


async def show_users(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[UserSummary]:
    """The users that are named; NotFoundError naming every one that does not exist."""
    async with sessions() as session:
        found, _ = await users_named(session, references, ignore_missing=ignore_missing)
        return await _summaries(session, found)


async def missing_users(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """The references that name nobody."""
    async with sessions() as session:
        return (await UserRepository(session).resolve(references))[1]


async def update_user(
    sessions: SessionFactory, reference: str, update: UserUpdate, *, dry_run: bool = False
) -> Changes[UserSummary]:
    """Change what is set; NotFoundError when there is no such user, ConflictError when the address is another's."""
    async with sessions.begin(dry_run=dry_run) as session:
        users = UserRepository(session)
        (user,) = await known_users(session, [reference], lock=RowLock.EXCLUSIVE)
        holder = await users.get_by_email(update.email) if "email" in update.model_fields_set else None
        if holder is not None and holder.id != user.id:
            raise ConflictError(f"There is a user {update.email} (id {holder.id})")
        differs = await users.update_from(user, update)
        await session.flush()
        changed = await _summaries(session, [user])
        return Changes(changed=changed if differs else [], unchanged=int(not differs))


async def set_active(
    sessions: SessionFactory,
    references: Sequence[str],
    *,
    active: bool,
    ignore_missing: bool = False,
    dry_run: bool = False,
) -> Changes[UserSummary]:
    """Let users in or keep them out; NotFoundError naming every one that does not exist."""
    async with sessions.begin(dry_run=dry_run) as session:
        found, missing = await users_named(session, references, ignore_missing=ignore_missing, lock=RowLock.EXCLUSIVE)
        altered = [user for user in found if user.set_active(active=active)]
        await session.flush()
        changed = await _summaries(session, altered)
        return Changes(changed=changed, unchanged=len(found) - len(altered), missing=missing)


async def set_password(
    sessions: SessionFactory, reference: str, password: str, *, dry_run: bool = False
) -> Changes[UserSummary]:
    """Replace a user's password; NotFoundError for an unknown user, InvalidError for a password that will not do."""
    hashed = await hash_password(password)
    async with sessions.begin(dry_run=dry_run) as session:
        (user,) = await known_users(session, [reference], lock=RowLock.EXCLUSIVE)
        user.hashed_password = hashed
        await session.flush()
        return Changes(changed=await _summaries(session, [user]))


async def check_password(sessions: SessionFactory, reference: str, password: str) -> bool:
    """Whether the password is the user's; NotFoundError for an unknown user."""
    async with sessions() as session:
        (user,) = await known_users(session, [reference])
        hashed = user.hashed_password
    return await verify_password(hashed, password)


async def plan_deletion(
    sessions: SessionFactory,
    references: Sequence[str],
    *,
    reassign_to: str | None = None,
    purge_posts: bool = False,
    ignore_missing: bool = False,
) -> UserDeletion:
    """Return what `delete_users` would do, without a lock; raises what it raises."""
    async with sessions() as session:
        found, missing = await users_named(session, references, ignore_missing=ignore_missing)
        heir = await _heir_of(session, found, reassign_to)
        return await _deletion(session, found, heir, missing, purge=purge_posts)


async def delete_users(
    sessions: SessionFactory,
    references: Sequence[str],
    *,
    reassign_to: str | None = None,
    purge_posts: bool = False,
    ignore_missing: bool = False,
    dry_run: bool = False,
) -> UserDeletion:
    """Remove users, and give their posts to another user or delete them permanently.

    Raises NotFoundError naming every user that does not exist, ConflictError while posts remain that neither option
    provides for, UsageError when a user to be deleted is to take over the posts.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        users, posts = UserRepository(session), PostRepository(session)
        # All in one statement, so that they are locked in the order of their ids.
        await users.resolve([*references, *([reassign_to] if reassign_to else [])], lock=RowLock.EXCLUSIVE)
        found, missing = await users_named(session, references, ignore_missing=ignore_missing)
        await users.lock_posts([user.id for user in found])
        heir = await _heir_of(session, found, reassign_to)
        deletion = await _deletion(session, found, heir, missing, purge=purge_posts)
        for user in found:
            if heir is not None:
                await users.reassign_posts(user.id, heir.id)
            elif purge_posts:
                await posts.purge_by_author(user.id)
            await users.delete(user)
        return deletion


async def _heir_of(session: AsyncSession, users: Sequence[User], reference: str | None) -> User | None:
    if reference is None:
        return None
    (heir,) = await known_users(session, [reference])
    if heir in users:
        raise UsageError(f"{heir.email} is to be deleted and cannot take over the posts")
    return heir


async def _deletion(
    session: AsyncSession, users: Sequence[User], heir: User | None, missing: list[str], *, purge: bool
) -> UserDeletion:
    posts, total = PostRepository(session), 0
    for user in users:
        alive, trashed = await posts.count_by_author(user.id)
        total += alive + trashed
        if total and heir is None and not purge:
            raise ConflictError(
                f"{user.email} has posts: {alive:,}, and {trashed:,} in the trash",
                hint="Assign them to another user with --reassign-to USER, or delete them with --purge-posts.",
            )
    changed = await _summaries(session, users)
    return UserDeletion(changed=changed, missing=missing, posts=total, heir=heir.email if heir else None)


async def _summaries(session: AsyncSession, users: Sequence[User]) -> list[UserSummary]:
    posts = dict(await UserRepository(session).post_counts([user.id for user in users]))
    return [_summary(user, posts.get(user.id, 0)) for user in users]


def _summary(user: User, posts: int) -> UserSummary:
    return UserSummary(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        is_active=user.is_active,
        posts=posts,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )
