"""The index of the search, as a whole."""

from sqlalchemy.ext.asyncio import AsyncSession

from ..search import index_of
from ..search.indexing import documents_after


class SearchRepository:
    """The documents of the posts, compared and put right."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._index = index_of(session.get_bind().dialect.name)

    async def refresh_after(self, last: int) -> tuple[int | None, int, int]:
        """Put right the documents of the next posts behind the one with that id.

        Returns the id of the last of them, or None if there are no more; how many were looked at; how many differed.
        """
        documents = await self.session.run_sync(documents_after, last, lock=True)
        if not documents:
            return None, 0, 0
        differing = set(await self.session.run_sync(self._index.differing, documents))
        await self.session.run_sync(self._index.put, [each for each in documents if each.id in differing])
        return documents[-1].id, len(documents), len(differing)
