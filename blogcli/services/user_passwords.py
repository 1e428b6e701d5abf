"""Set and check the passwords of users."""

from sqlalchemy.exc import SQLAlchemyError

from ..database import SessionFactory
from ..errors import BlogError, NotFoundError
from ..repositories.base import RowLock
from ..repositories.users import UserRepository
from ..schemas.base import Changes
from ..schemas.users import UserSummary
from .passwords import DEFAULT_HASHER, Hasher
from .posts.lookup import resolve_users
from .users import summarize_users


async def set_password(
    sessions: SessionFactory, reference: str, password: str, *, hasher: Hasher = DEFAULT_HASHER, dry_run: bool = False
) -> Changes[UserSummary]:
    """Replace the password of a user.

    Raises NotFoundError if the user does not exist, and InvalidError if the hasher rejects the password.
    """
    hashed = await hasher.hash(password)
    async with sessions.begin(dry_run=dry_run) as session:
        (user,), _ = await resolve_users(session, [reference], lock=RowLock.EXCLUSIVE)
        user.hashed_password = hashed
        await session.flush()
        return Changes(changed=await summarize_users(session, [user]))


async def check_password(
    sessions: SessionFactory, reference: str, password: str, *, hasher: Hasher = DEFAULT_HASHER
) -> bool:
    """Return whether `password` is the password of a user.

    If the stored hash of the correct password has other parameters than the hasher, the password is hashed again.
    Raises NotFoundError if the user does not exist. The check takes as long for an unknown user as for any other, so
    the error suggests no similar user.
    """
    async with sessions() as session:
        users, missing = await resolve_users(session, [reference], ignore_missing=True)
    hashed = users[0].hashed_password if users else None
    is_correct = await hasher.verify(hashed, password)
    if missing:
        raise NotFoundError.of("user", missing)
    if hashed and is_correct and hasher.is_outdated(hashed):
        await _replace_hash(sessions, users[0].id, hashed, password, hasher=hasher)
    return is_correct


async def _replace_hash(
    sessions: SessionFactory, user_id: int, outdated: str, password: str, *, hasher: Hasher
) -> None:
    """Replace the outdated hash of a password, unless another command has changed the password in the meantime.

    A failure is ignored: the check of the password has succeeded, and a later check tries again. For example, the
    database may be read-only, or the password may be shorter than the minimum for new passwords.
    """
    try:
        hashed = await hasher.hash(password)
        async with sessions.begin() as session:
            await UserRepository(session).replace_hash(user_id, outdated, hashed)
    except (BlogError, SQLAlchemyError, OSError):
        return
