"""Change many posts in one transaction, each as a row of a file says."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import BlogError
from ...models import Post
from ...repositories.base import CHUNK, CHUNK_CHARACTERS
from ...repositories.identifiers import chunked_by_length
from ...repositories.posts.repository import PostRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from .bulk import ChangeCollector
from .summaries import post_summary

# The maximum number of rows that an error names.
_MAX_NAMED = 10
# The maximum number of values that a lookup keeps for the following rows.
_MAX_CACHED = 1_000

RowT = TypeVar("RowT")
KeyT = TypeVar("KeyT", bound=Hashable)
ValueT = TypeVar("ValueT")


class RowApplier(ABC, Generic[RowT]):
    """Applies rows, each of which describes the change of one post, in one session.

    Memory does not grow with the number of rows, except for the ids of the posts.
    """

    def __init__(self, session: AsyncSession, options: BulkOptions) -> None:
        self.session = session
        self.posts = PostRepository(session)
        self.collector = ChangeCollector(options, post_summary)
        self._unchanged = 0

    async def apply(self, rows: Iterable[RowT]) -> Changes[PostSummary]:
        """Make the changes of all rows, and return the changed posts."""
        for batch in chunked_by_length(rows, self.text_length, max_items=CHUNK, max_length=CHUNK_CHARACTERS):
            await self.apply_batch(batch)
        return self.collector.result(missing=[], unchanged=self._unchanged)

    @staticmethod
    @abstractmethod
    def text_length(row: RowT) -> int:
        """Return the number of characters of the content in a row."""

    @abstractmethod
    async def apply_batch(self, rows: Sequence[RowT]) -> None:
        """Lock the posts of at most CHUNK rows, check the rows, and change the posts."""

    async def change(self, posts: Sequence[Post], prepare: Callable[[Post], Awaitable[Callable[[Post], bool]]]) -> None:
        """Change posts and save them.

        `prepare` runs the queries for a post and returns the function that changes it, which returns whether the post
        differs afterwards.
        """
        before = {post.id: (post.is_public, post.words) for post in posts}
        # All queries precede the first change. A query would flush changes that are not in the search index yet.
        prepared = [await prepare(post) for post in posts]
        changed = [post for post, change in zip(posts, prepared, strict=True) if change(post)]
        self._unchanged += len(posts) - len(changed)
        self.collector.add_unsaved(changed)
        await self.posts.save(changed)
        for post in changed:
            was_public, words = before[post.id]
            self.collector.add_changed(post, was_public=was_public, previous_words=words)


class Lookup(Generic[KeyT, ValueT]):
    """Looks up values, and keeps them for the following rows."""

    def __init__(self) -> None:
        self._values: dict[KeyT, ValueT] = {}

    async def get(self, key: KeyT, load: Callable[[], Awaitable[ValueT]]) -> ValueT:
        """Return the value of a key, which `load` returns if it is not known."""
        if key not in self._values:
            if len(self._values) >= _MAX_CACHED:
                self._values.clear()
            self._values[key] = await load()
        return self._values[key]


@contextmanager
def naming_line(line: int) -> Iterator[None]:
    """Add the number of a line to the message of an error in the block."""
    try:
        yield
    except BlogError as error:
        error.message = f"line {line}: {error.message}"
        raise


def describe_lines(items: Iterable[tuple[str, int]]) -> str:
    """Return the names and lines of the first items, and the number of the other items."""
    names = (f"{name} (line {line})" for name, line in items)
    first = list(islice(names, _MAX_NAMED))
    rest = sum(1 for _ in names)
    return f"{', '.join(first)}{f' and {rest} more' if rest else ''}"
