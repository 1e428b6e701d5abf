"""Read names from the database for shell completion."""

from ..database import SessionFactory
from ..repositories.names import NameRepository


async def list_names(sessions: SessionFactory) -> dict[str, list[str]]:
    """Return the names of tags, the e-mail addresses of users and the slugs of the newest posts.

    The keys of the returned dictionary are `tags`, `users` and `posts`.
    """
    async with sessions() as session:
        names = NameRepository(session)
        return {
            "tags": await names.list_tag_names(),
            "users": await names.list_emails(),
            "posts": await names.list_newest_slugs(),
        }
