"""Look up many users, tags and posts by their unique values, and insert many rows at once."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ...models import Base, Post, Tag, User, post_tags
from ...search import get_index
from ...search.documents import IndexedText, MakeDocuments
from ..base import CHUNK, RowLock, locked
from ..dialects import allocate_ids
from ..identifiers import chunked
from ..inserts import insert_or_ignore, insert_rows

K = TypeVar("K")

Rows = Sequence[dict[str, Any]]
Document = tuple[Any, ...]


class BulkInsertRepository:
    """Looks up and inserts many rows.

    Rows to insert must contain all columns, because the default values of the models are not applied.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._index = get_index(session.get_bind().dialect.name)
        self._is_prepared = False

    async def user_ids(self, emails: Sequence[str]) -> dict[str, int]:
        """Return the ids of the users with these addresses, by address.

        Other transactions cannot delete these users until this transaction ends.
        """
        return await self._ids(User.email, User.id, emails, lock=RowLock.SHARED)

    async def full_names(self, emails: Sequence[str]) -> dict[str, str | None]:
        """Return the full names of the users with these addresses, by address."""
        full_names: dict[str, str | None] = {}
        for chunk in chunked(emails, CHUNK):
            rows = await self.session.execute(select(User.email, User.full_name).where(User.email.in_(chunk)))
            full_names |= {row.email: row.full_name for row in rows}
        return full_names

    async def tag_ids(self, keys: Sequence[str]) -> dict[str, int]:
        """Return the ids of the tags with these keys, by key."""
        return await self._ids(Tag.key, Tag.id, keys)

    async def post_ids(self, uuids: Sequence[UUID]) -> dict[UUID, int]:
        """Return the ids of the posts with these UUIDs, including posts in the trash, by UUID."""
        return await self._ids(Post.uuid, Post.id, uuids)

    async def taken_slugs(self, slugs: Sequence[str]) -> set[str]:
        """Return the slugs in `slugs` that a post already has."""
        return set(await self._ids(Post.slug, Post.id, slugs))

    async def tag_names_except(self, keys: Collection[str]) -> list[str]:
        """Return the names of all tags except the tags with these keys."""
        rows = await self.session.execute(select(Tag.key, Tag.name))
        return [row.name for row in rows if row.key not in keys]

    async def count_posts_except(self, emails: Collection[str]) -> int:
        """Count the posts. A post with a UUID of version 5 is not counted if its author has one of these addresses."""
        is_version_5 = func.substr(func.replace(cast(Post.uuid, String), "-", ""), 13, 1) == "5"
        rows = await self.session.execute(
            select(User.email, func.count(), func.count().filter(is_version_5)).join(Post.author).group_by(User.email)
        )
        return sum(total - (generated if email in emails else 0) for email, total, generated in rows)

    async def count_rows(self) -> tuple[int, int]:
        """Return the number of users and the number of tags."""
        users, tags = (select(func.count()).select_from(model).scalar_subquery() for model in (User, Tag))
        row = (await self.session.execute(select(users, tags))).one()
        return row[0], row[1]

    async def add_users(self, rows: Rows) -> None:
        """Insert users. A user is skipped if another command has inserted a user with the same address."""
        await insert_or_ignore(self.session, User, rows)

    async def add_tags(self, rows: Rows) -> None:
        """Insert tags."""
        await self._add(Tag, rows)

    async def add_posts(self, rows: Rows) -> list[int]:
        """Insert posts without their tags, and return the new ids in the order of the rows."""
        ids = await allocate_ids(self.session, Post.__tablename__, len(rows))
        await self._add(Post, [row | {"id": id_} for id_, row in zip(ids, rows, strict=True)])
        return ids

    async def index_posts(self, posts: Sequence[IndexedText]) -> None:
        """Add new posts to the search index. Each post is given as its id, title and content."""
        await self.index_documents(self.documents(posts))

    @property
    def documents(self) -> MakeDocuments:
        """The function that returns the rows that represent posts in the search index.

        The function does not access the database, so worker processes can call it.
        """
        return self._index.documents

    async def index_documents(self, documents: Sequence[Document]) -> None:
        """Insert into the search index the rows that the function `documents` has returned for new posts."""
        if not self._is_prepared:
            await self.session.run_sync(self._index.prepare_bulk_write)
            self._is_prepared = True
        await self.session.run_sync(partial(self._index.write, are_new=True), documents)

    async def link_tags(self, links: Sequence[tuple[int, int]]) -> None:
        """Add tags to posts. Each link consists of the id of a post and the id of a tag."""
        rows = [{"post_id": post_id, "tag_id": tag_id} for post_id, tag_id in links]
        await insert_rows(self.session, post_tags, rows)

    async def _ids(
        self,
        key: InstrumentedAttribute[K],
        id_: InstrumentedAttribute[int],
        values: Sequence[K],
        *,
        lock: RowLock | None = None,
    ) -> dict[K, int]:
        ids: dict[K, int] = {}
        for chunk in chunked(values, CHUNK):
            statement = select(key, id_).where(key.in_(chunk))
            rows = await self.session.execute(locked(statement.order_by(id_), lock) if lock else statement)
            ids |= {row[0]: row[1] for row in rows}
        return ids

    async def _add(self, model: type[Base], rows: Rows) -> None:
        await insert_rows(self.session, model.metadata.tables[model.__tablename__], rows)
