"""The names of things, without the things."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, Tag, User

# A person who needs more of them types a few letters and searches.
_MOST = 5_000


class NameRepository:
    """Names to choose from, so many of each kind at the most."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def tags(self) -> list[str]:
        """The names of tags, by key."""
        return list(await self.session.scalars(select(Tag.name).order_by(Tag.key).limit(_MOST)))

    async def emails(self) -> list[str]:
        """The addresses of users."""
        return list(await self.session.scalars(select(User.email).order_by(User.email).limit(_MOST)))

    async def newest_slugs(self) -> list[str]:
        """The slugs of the posts that were added last."""
        return list(await self.session.scalars(select(Post.slug).order_by(Post.id.desc()).limit(_MOST)))
