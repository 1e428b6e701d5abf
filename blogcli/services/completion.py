"""What a shell can offer, as far as it is known here only."""

from ..database import SessionFactory
from ..repositories.names import NameRepository


async def known_names(sessions: SessionFactory) -> dict[str, list[str]]:
    """The names of `tags`, the e-mails of `users` and the slugs of the newest `posts`."""
    async with sessions() as session:
        names = NameRepository(session)
        return {"tags": await names.tags(), "users": await names.emails(), "posts": await names.newest_slugs()}
