"""What is there -> files of any format."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row

from ..database import SessionFactory
from ..errors import InvalidError
from ..interchange.entries import WriteOptions
from ..interchange.formats import own_files, writer
from ..interchange.own_exports import START, is_own_export
from ..interchange.record import PostRecord, Record, TagRecord, UserRecord
from ..repositories.archive import WHOLE, ArchiveRepository
from ..repositories.listing import ListingRepository
from ..schemas.selection import PostSelection
from .records import post_record, user_record
from .selections import filters_of, order_of

__all__ = ["START", "Tally", "WriteOptions", "export_records", "is_own_export", "own_files", "writer"]

R = TypeVar("R", UserRecord, PostRecord)

# Posts that are read at a time, unless they are long.
_BATCH = 200


async def export_records(
    sessions: SessionFactory,
    selection: PostSelection,
    *,
    with_hashes: bool = False,
    on_fault: Callable[[str], None],
) -> AsyncIterator[Sequence[Record]]:
    """The people, the tags and the chosen posts, a batch at a time; hashes of passwords only if asked for.

    Where filters leave posts out, the people are those who wrote the others, and tags come with their posts only.
    Rows that hold a value that cannot be read are left out: `on_fault` learns which. Raises NotFoundError for an
    unknown tag or author.
    """
    async with sessions() as session:
        archive = ArchiveRepository(session)
        await archive.see_one_moment()
        await archive.read_any_text()
        filters = await filters_of(session, selection)
        yield _legible(partial(user_record, with_hash=with_hashes), await archive.users(filters), on_fault)
        yield [] if filters.narrow else [TagRecord(name=name) for name in await archive.tag_names()]
        batches = ListingRepository(session).stream_rows(
            WHOLE,
            filters,
            order_of(selection),
            offset=selection.offset,
            limit=selection.limit,
            batch=_BATCH,
            weigh=lambda row: len(row.content) if isinstance(row.content, (str, bytes)) else 0,
        )
        async for rows in batches:
            yield _legible(post_record, rows, on_fault)


def _legible(record: Callable[[Row[Any]], R], rows: Iterable[Row[Any]], on_fault: Callable[[str], None]) -> Sequence[R]:
    found: list[R] = []
    for row in rows:
        try:
            found.append(record(row))
        except InvalidError as error:
            on_fault(error.message)
    return found


class Tally:
    """How many of each kind of record have passed."""

    def __init__(self) -> None:
        self.users = self.tags = self.posts = 0

    def counted(self, batches: Iterable[Sequence[Record]]) -> Iterator[Record]:
        """The records of all batches."""
        for batch in batches:
            kinds = Counter(map(type, batch))
            self.users += kinds[UserRecord]
            self.tags += kinds[TagRecord]
            self.posts += kinds[PostRecord]
            yield from batch
