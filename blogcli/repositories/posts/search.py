"""Queries that check and repair the search index."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Post
from ...search import get_index
from ...search.indexing import read_texts_after


class SearchRepository:
    """Check and repair the search index."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._index = get_index(session.get_bind().dialect.name)

    async def count_posts(self) -> int:
        """Count all posts, including those in the trash."""
        return await self.session.scalar(select(func.count()).select_from(Post)) or 0

    async def is_broken(self) -> bool:
        """Return whether the index is damaged, so that searches fail."""
        return await self.session.run_sync(self._index.is_broken)

    async def recreate(self) -> None:
        """Replace the index with an empty one."""
        await self.session.run_sync(self._index.recreate)

    async def refresh_after(self, last_id: int) -> tuple[int | None, int, int]:
        """Correct the index rows of the next batch of posts, whose ids are greater than `last_id`.

        Returns the id of the last post of the batch, or None if there are no more posts, the number of posts in the
        batch, and the number of posts whose index rows were wrong.
        """
        texts = await self.session.run_sync(read_texts_after, last_id, lock=True)
        if not texts:
            return None, 0, 0
        documents = self._index.documents(texts)
        differing_ids = set(await self.session.run_sync(self._index.find_differing, documents))
        differing = [document for document in documents if document[0] in differing_ids]
        await self.session.run_sync(self._index.write, differing)
        return texts[-1][0], len(texts), len(differing_ids)
