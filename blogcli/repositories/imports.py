"""Query and record which posts were imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, PostImport
from .base import CHUNK, RowLock, locked
from .dialects import acquire_advisory_lock, has_concurrent_writers
from .identifiers import chunked
from .inserts import insert_rows

# The number of the advisory lock for imports. It differs from the number of the lock for migrations.
_LOCK = 0x626C6F68


@dataclass(frozen=True, slots=True)
class ExistingPost:
    """A post in the database. The digest and the version of its last import are None if it was never imported."""

    id: int
    version: int
    updated_at: datetime
    digest: str | None
    imported_version: int | None
    imported_updated_at: datetime | None

    @property
    def is_edited(self) -> bool:
        """Whether the post was changed after its last import, or was never imported."""
        return (self.version, self.updated_at) != (self.imported_version, self.imported_updated_at)


class ImportRepository:
    """Queries and changes the records of the last imports of posts."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def acquire_import_lock(self) -> None:
        """Wait until no other import is running, and make other imports wait until this transaction ends."""
        await acquire_advisory_lock(self.session, _LOCK)

    async def last_id(self) -> int:
        """Return the highest id of a post, or 0 if there are no posts."""
        return await self.session.scalar(select(func.max(Post.id))) or 0

    async def existing_posts(self, uuids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, ExistingPost]:
        """Return the posts with these UUIDs, including trashed posts, by UUID.

        If `lock` is true, the posts are locked until the transaction ends.
        """
        posts: dict[UUID, ExistingPost] = {}
        imported = (PostImport.digest, PostImport.version.label("imported"), PostImport.updated_at.label("imported_at"))
        statement = select(Post.uuid, Post.id, Post.version, Post.updated_at, *imported)
        statement = statement.outerjoin(PostImport, PostImport.post_id == Post.id)
        for chunk in chunked(uuids, CHUNK):
            if lock and has_concurrent_writers(self.session):
                # The posts are locked by a separate statement. If one statement locked the posts and read the values,
                # it could read values from before it acquired the locks.
                ids = select(Post.id).where(Post.uuid.in_(chunk)).order_by(Post.id)
                await self.session.execute(locked(ids, RowLock.EXCLUSIVE))
            for row in await self.session.execute(statement.where(Post.uuid.in_(chunk))):
                posts[row.uuid] = ExistingPost(
                    row.id, row.version, row.updated_at, row.digest, row.imported, row.imported_at
                )
        return posts

    async def record_imports(self, imports: Sequence[tuple[int, str, int, datetime]], *, are_new: bool = False) -> None:
        """Record imports of posts. Each import is the id of the post, the digest, the version and `updated_at`.

        Records of earlier imports of the same posts are replaced. If `are_new` is true, no such records may exist.
        """
        if not are_new:
            for chunk in chunked(imports, CHUNK):
                await self.session.execute(delete(PostImport).where(PostImport.post_id.in_([row[0] for row in chunk])))
        names = ("post_id", "digest", "version", "updated_at")
        rows = [dict(zip(names, values, strict=True)) for values in imports]
        await insert_rows(self.session, PostImport.metadata.tables[PostImport.__tablename__], rows)

    async def unedited_ids(self, ids: Sequence[int]) -> list[int]:
        """Return the ids of those posts that were imported and not changed since."""
        unedited: list[int] = []
        is_unedited = (PostImport.version == Post.version, PostImport.updated_at == Post.updated_at)
        posts = select(Post.id).join(PostImport, PostImport.post_id == Post.id).where(*is_unedited)
        for chunk in chunked(ids, CHUNK):
            unedited += await self.session.scalars(posts.where(Post.id.in_(chunk)))
        return unedited

    async def mark_source_change(self, ids: Sequence[int]) -> None:
        """Record that the latest change of each of these posts came from its source, and was not an edit in blogcli.

        The posts must be unedited before this change, as returned by `unedited_ids`.
        """
        is_post = Post.id == PostImport.post_id
        version = select(Post.version).where(is_post).scalar_subquery()
        updated_at = select(Post.updated_at).where(is_post).scalar_subquery()
        for chunk in chunked(ids, CHUNK):
            imports = update(PostImport).where(PostImport.post_id.in_(chunk))
            statement = imports.values(version=version, updated_at=updated_at)
            await self.session.execute(statement, execution_options={"synchronize_session": False})
