"""List the names of tags, users and posts for completion and suggestions."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, Tag, User

# The maximum number of names of each kind that are listed. More names would make completion and suggestions slow.
_MAX_NAMES = 5_000


class NameRepository:
    """Lists names of tags, users and posts, up to a fixed number of each kind."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def list_tag_names(self) -> list[str]:
        """Return the names of tags, ordered by key."""
        return list(await self.session.scalars(select(Tag.name).order_by(Tag.key).limit(_MAX_NAMES)))

    async def list_emails(self) -> list[str]:
        """Return the e-mail addresses of users, sorted."""
        return list(await self.session.scalars(select(User.email).order_by(User.email).limit(_MAX_NAMES)))

    async def list_newest_slugs(self) -> list[str]:
        """Return the slugs of the newest posts, newest first."""
        return list(await self.session.scalars(select(Post.slug).order_by(Post.id.desc()).limit(_MAX_NAMES)))
