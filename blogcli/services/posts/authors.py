"""Authors as documents name them."""

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import NotFoundError
from ...models import User
from ...repositories.base import RowLock
from ...repositories.users import UserRepository
from ...text.emails import placeholder_email

# More are not listed in a hint.
_MAX_LISTED = 5


async def author_named(session: AsyncSession, name: str, *, lock: RowLock | None = None) -> User:
    """Return the user that a document names: by id or e-mail, full name, or the address that imports make of a name.

    With `lock`, the user is held until the transaction ends. Raises NotFoundError, with a hint that lists the choices,
    where there is no such user or more than one.
    """
    user = await _find(session, name)
    held, _ = await UserRepository(session).resolve([f"id:{user.id}"], lock=lock)
    if not held:
        # Another command has deleted the user in between.
        raise NotFoundError.of("user", [name])
    return held[0]


async def _find(session: AsyncSession, name: str) -> User:
    users = UserRepository(session)
    found, _ = await users.resolve([name])
    if found:
        return found[0]
    namesakes = await users.list_by_full_name(name)
    if len(namesakes) == 1:
        return namesakes[0]
    imported = await users.get_by_email(placeholder_email(name))
    if imported is not None:
        return imported
    if namesakes:
        raise NotFoundError(f"More than one user is called {name}", hint=f"Write {_choices(namesakes)}.")
    everybody = await users.list_(limit=_MAX_LISTED + 1)
    is_short = 0 < len(everybody) <= _MAX_LISTED
    hint = f"Write {_choices(list(everybody))}." if is_short else "`blogcli user list` shows the users there are."
    raise NotFoundError.of("user", [name], hint=hint)


def _choices(users: list[User]) -> str:
    return " or ".join(user.email for user in users)
