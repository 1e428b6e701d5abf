"""What is known of earlier imports."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Post, PostImport
from .base import CHUNK, RowLock, locked
from .dialects import acquire_advisory_lock, has_concurrent_writers, insert_rows
from .identifiers import chunked

# Any number will do but that of the migrations.
_LOCK = 0x626C6F68


@dataclass(frozen=True, slots=True)
class Known:
    """A post that is there: its version, and the digest and version of its last import if there was one."""

    id: int
    version: int
    digest: str | None
    imported_version: int | None

    @property
    def is_edited(self) -> bool:
        """Whether it is not as an import has left it."""
        return self.version != self.imported_version


class ImportRepository:
    """Posts by their uuid, and the last import of each."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def exclude_others(self) -> None:
        """Wait until no other import runs; none begins before this transaction ends."""
        await acquire_advisory_lock(self.session, _LOCK)

    async def last_id(self) -> int:
        """The highest id of a post; 0 where there is none."""
        return await self.session.scalar(select(func.max(Post.id))) or 0

    async def known(self, uuids: Sequence[UUID], *, lock: bool = False) -> dict[UUID, Known]:
        """Return the posts with these uuids by uuid, including those in the trash.

        With `lock`, no other command changes them until the transaction ends.
        """
        found: dict[UUID, Known] = {}
        statement = select(Post.uuid, Post.id, Post.version, PostImport.digest, PostImport.version.label("imported"))
        statement = statement.outerjoin(PostImport, PostImport.post_id == Post.id)
        for chunk in chunked(uuids, CHUNK):
            if lock and has_concurrent_writers(self.session):
                # Locked by a statement of its own: what is read together with a lock may be older than the locked row.
                ids = select(Post.id).where(Post.uuid.in_(chunk)).order_by(Post.id)
                await self.session.execute(locked(ids, RowLock.EXCLUSIVE))
            for row in await self.session.execute(statement.where(Post.uuid.in_(chunk))):
                found[row.uuid] = Known(row.id, row.version, row.digest, row.imported)
        return found

    async def remember(self, imports: Sequence[tuple[int, str, int]], *, are_new: bool = False) -> None:
        """Keep id, digest and version of imported posts, unless they are new in place of what was kept."""
        if not are_new:
            for chunk in chunked(imports, CHUNK):
                await self.session.execute(delete(PostImport).where(PostImport.post_id.in_([row[0] for row in chunk])))
        rows = [{"post_id": id_, "digest": digest, "version": version} for id_, digest, version in imports]
        await insert_rows(self.session, PostImport.metadata.tables[PostImport.__tablename__], rows)

    async def follow(self, ids: Sequence[int]) -> None:
        """Take the latest change of each of these posts for one that its source would have made itself."""
        version = select(Post.version).where(Post.id == PostImport.post_id).scalar_subquery()
        for chunk in chunked(ids, CHUNK):
            chosen = (PostImport.post_id.in_(chunk), PostImport.version == version - 1)
            statement = update(PostImport).where(*chosen).values(version=version)
            await self.session.execute(statement, execution_options={"synchronize_session": False})
