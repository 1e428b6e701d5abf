"""Check and repair the search index."""

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Post
from ...search import get_index, get_index_check
from ...search.indexing import read_texts_after


class SearchRepository:
    """Checks and repairs the search index."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._index = get_index(session.get_bind().dialect.name)
        self._check = get_index_check(session.get_bind().dialect.name)

    async def count_posts(self) -> int:
        """Count all posts, including those in the trash."""
        return await self.session.scalar(select(func.count()).select_from(Post)) or 0

    async def is_broken(self) -> bool:
        """Return whether the index is inconsistent. Searches of an inconsistent index may fail."""
        return await self.session.run_sync(partial(self._check.is_broken, full=True))

    async def recreate(self) -> None:
        """Replace the index with an empty index."""
        await self.session.run_sync(self._index.recreate)

    async def find_unverified(self) -> list[int]:
        """Return the ids of the posts whose digests do not match their texts or their rows in the index."""
        return await self.session.run_sync(self._check.find_unverified)

    async def remove_orphans(self) -> int:
        """Remove the rows of posts that do not exist from the index, and return the number of these posts."""
        ids = await self.session.run_sync(self._check.find_orphans)
        await self.session.run_sync(self._check.remove, ids)
        return len(ids)

    async def refresh_after(self, last_id: int) -> tuple[int | None, int, int]:
        """Correct the rows of the index for the first batch of posts whose ids are greater than `last_id`.

        Returns the id of the last post in the batch, the number of posts in the batch, and the number of posts whose
        rows were missing or wrong. The digests of all posts in the batch are stored. If there are no more posts, the id
        is None.
        """
        texts = await self.session.run_sync(read_texts_after, last_id, lock=True)
        if not texts:
            return None, 0, 0
        documents = self._index.documents(texts)
        differing_ids = set(await self.session.run_sync(self._check.find_differing, documents))
        differing = [document for document in documents if document[0] in differing_ids]
        await self.session.run_sync(self._index.write, differing)
        find_unverified = partial(self._check.find_unverified, first=texts[0][0], last=texts[-1][0])
        unverified_ids = set(await self.session.run_sync(find_unverified))
        unverified = [document for document in documents if document[0] in unverified_ids]
        await self.session.run_sync(self._check.store_digests, unverified)
        return texts[-1][0], len(texts), len(differing_ids)
