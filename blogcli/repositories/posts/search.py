"""The index of the search, as a whole."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Post
from ...search import get_index
from ...search.indexing import read_texts_after


class SearchRepository:
    """What it holds of the posts, compared and put right."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._index = get_index(session.get_bind().dialect.name)

    async def count_posts(self) -> int:
        """How many posts there are, with those in the trash."""
        return await self.session.scalar(select(func.count()).select_from(Post)) or 0

    async def is_broken(self) -> bool:
        """Whether the index is inconsistent in itself, so that searches fail."""
        return await self.session.run_sync(self._index.is_broken)

    async def recreate(self) -> None:
        """Replace the index by an empty one."""
        await self.session.run_sync(self._index.recreate)

    async def refresh_after(self, last: int) -> tuple[int | None, int, int]:
        """Put right what it holds of the next posts behind the one with that id.

        Returns the id of the last of them, or None if there are no more; how many were looked at; how many differed.
        """
        texts = await self.session.run_sync(read_texts_after, last, lock=True)
        if not texts:
            return None, 0, 0
        documents = self._index.documents(texts)
        differing = set(await self.session.run_sync(self._index.find_differing, documents))
        wrong = [document for document in documents if document[0] in differing]
        await self.session.run_sync(self._index.write, wrong)
        return texts[-1][0], len(texts), len(differing)
