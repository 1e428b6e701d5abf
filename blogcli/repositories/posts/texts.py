"""Read the texts of many posts, in batches whose size in memory is limited."""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...enums import TextField
from ...models import Post
from ...models.posts import character_count
from ..base import CHUNK, CHUNK_CHARACTERS
from ..dialects import contains
from ..identifiers import chunked, chunked_by_length
from .filters import TEXT_COLUMNS

# The number of characters that a LIKE pattern contains. SQLite rejects patterns of more than 50,000 bytes.
_MAX_PATTERN = 1_000


async def iter_batches(session: AsyncSession, ids: Sequence[int]) -> AsyncIterator[list[int]]:
    """Yield the ids of posts in batches of at most CHUNK posts, with fewer posts if their contents are long."""
    for chunk in chunked(ids, CHUNK):
        rows = await session.execute(select(Post.id, character_count).where(Post.id.in_(chunk)))
        lengths: dict[int, int] = defaultdict(int, ((row[0], row[1]) for row in rows))
        for batch in chunked_by_length(chunk, lengths.__getitem__, max_items=CHUNK, max_length=CHUNK_CHARACTERS):
            yield batch


class PostTextRepository:
    """Find posts by their texts, and read the texts in batches."""

    def __init__(self, session: AsyncSession, fields: Sequence[TextField]) -> None:
        """Store the session, and the fields that contain the texts."""
        self.session = session
        self._columns = [TEXT_COLUMNS[field] for field in fields]

    async def find_candidates(self, ids: Sequence[int], text: str, *, ignore_case: bool) -> list[int]:
        """Return those ids in `ids` whose posts may contain `text`, in the same order.

        Posts that contain the text are always among them, and few others.
        """
        condition = or_(*(self._may_contain(column, text, ignore_case=ignore_case) for column in self._columns))
        candidates: list[int] = []
        for chunk in chunked(ids, CHUNK):
            matching = set(await self.session.scalars(select(Post.id).where(Post.id.in_(chunk), condition)))
            candidates += [id_ for id_ in chunk if id_ in matching]
        return candidates

    async def iter_texts(self, ids: Sequence[int]) -> AsyncIterator[tuple[int, list[str]]]:
        """Yield the id and the texts of each post, in the order of the ids. Ids without a post are skipped."""
        async for batch in iter_batches(self.session, ids):
            rows = await self.session.execute(select(Post.id, *self._columns).where(Post.id.in_(batch)))
            texts = {row[0]: [text for text in row[1:] if text is not None] for row in rows}
            for id_ in batch:
                if id_ in texts:
                    yield id_, texts[id_]

    @staticmethod
    def _may_contain(column: SQLColumnExpression[Any], text: str, *, ignore_case: bool) -> ColumnElement[bool]:
        if ignore_case:
            return contains(column, text)
        # SQLite ignores the case of ASCII letters in LIKE, so this condition may be met by other texts too.
        return column.contains(text[:_MAX_PATTERN], autoescape=True)
