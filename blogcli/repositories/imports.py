"""Query and record which posts were imported."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, PostImport
from .base import CHUNK, RowLock, locked
from .dialects import acquire_advisory_lock, has_concurrent_writers, insert_rows
from .identifiers import chunked

# The number of the advisory lock for imports. It differs from the number of the lock for migrations.
_LOCK = 0x626C6F68


@dataclass(frozen=True, slots=True)
class ExistingPost:
    """A post in the database. The digest and the version of its last import are None if it was never imported."""

    id: int
    version: int
    digest: str | None
    imported_version: int | None

    @property
    def is_edited(self) -> bool:
        """Whether the post was changed after its last import, or was never imported."""
        return self.version != self.imported_version


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
        statement = select(Post.uuid, Post.id, Post.version, PostImport.digest, PostImport.version.label("imported"))
        statement = statement.outerjoin(PostImport, PostImport.post_id == Post.id)
        for chunk in chunked(uuids, CHUNK):
            if lock and has_concurrent_writers(self.session):
                # The posts are locked by a separate statement. If one statement locked the posts and read the values,
                # it could read values from before it acquired the locks.
                ids = select(Post.id).where(Post.uuid.in_(chunk)).order_by(Post.id)
                await self.session.execute(locked(ids, RowLock.EXCLUSIVE))
            for row in await self.session.execute(statement.where(Post.uuid.in_(chunk))):
                posts[row.uuid] = ExistingPost(row.id, row.version, row.digest, row.imported)
        return posts

    async def record_imports(self, imports: Sequence[tuple[int, str, int]], *, are_new: bool = False) -> None:
        """Record imports of posts. Each import is given as the id of the post, the digest and the version.

        Records of earlier imports of the same posts are replaced. If `are_new` is true, no such records may exist.
        """
        if not are_new:
            for chunk in chunked(imports, CHUNK):
                await self.session.execute(delete(PostImport).where(PostImport.post_id.in_([row[0] for row in chunk])))
        rows = [{"post_id": id_, "digest": digest, "version": version} for id_, digest, version in imports]
        await insert_rows(self.session, PostImport.metadata.tables[PostImport.__tablename__], rows)

    async def mark_source_change(self, ids: Sequence[int]) -> None:
        """Record that the latest change of each of these posts came from its source, and was not an edit in blogcli.

        A post that was edited in blogcli before its latest change still counts as edited.
        """
        version = select(Post.version).where(Post.id == PostImport.post_id).scalar_subquery()
        for chunk in chunked(ids, CHUNK):
            was_unedited = (PostImport.post_id.in_(chunk), PostImport.version == version - 1)
            statement = update(PostImport).where(*was_unedited).values(version=version)
            await self.session.execute(statement, execution_options={"synchronize_session": False})
