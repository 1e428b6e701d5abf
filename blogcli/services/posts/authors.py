"""Find the user whom the front matter of a post names as its author."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import NotFoundError
from ...models import User
from ...repositories.base import RowLock
from ...repositories.users import UserRepository
from ...text.emails import placeholder_email

# A hint lists all users only if there are at most this many users.
_MAX_LISTED = 5


async def resolve_author(session: AsyncSession, name: str) -> User:
    """Return the user whose id, e-mail address or full name is `name`, or the user that an import created for `name`.

    The user cannot be deleted until the transaction ends. Raises NotFoundError if there is no such user, or if several
    users have this full name. The hint of the error lists the users, or names the command that lists them.
    """
    user = await _find_user(session, name)
    locked, _ = await UserRepository(session).resolve([f"id:{user.id}"], lock=RowLock.SHARED)
    if not locked:
        # Another command has deleted the user before this command locked the user.
        raise NotFoundError.of("user", [name])
    return locked[0]


async def _find_user(session: AsyncSession, name: str) -> User:
    users = UserRepository(session)
    named, _ = await users.resolve([name])
    if named:
        return named[0]
    namesakes = await users.list_by_full_name(name)
    if len(namesakes) == 1:
        return namesakes[0]
    imported = await users.get_by_email(placeholder_email(name))
    if imported is not None:
        return imported
    if namesakes:
        raise NotFoundError(f"More than one user is called {name}", hint=f"Use {_join_emails(namesakes)}.")
    all_users = await users.list_(limit=_MAX_LISTED + 1)
    can_be_listed = 0 < len(all_users) <= _MAX_LISTED
    hint = f"Use {_join_emails(all_users)}." if can_be_listed else "Run `blogcli user list` to list all users."
    raise NotFoundError.of("user", [name], hint=hint)


def _join_emails(users: Sequence[User]) -> str:
    return " or ".join(user.email for user in users)
