"""What is there -> files of any format."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from ..database import SessionFactory
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

# Posts that are read at a time, unless they are long.
_BATCH = 200


async def export_records(
    sessions: SessionFactory, selection: PostSelection, *, with_hashes: bool = False
) -> AsyncIterator[Sequence[Record]]:
    """The people, the tags and the chosen posts, a batch at a time; hashes of passwords only if asked for.

    Where filters leave posts out, the people are those who wrote the others, and tags come with their posts only.
    Raises NotFoundError for an unknown tag or author.
    """
    async with sessions() as session:
        archive = ArchiveRepository(session)
        await archive.see_one_moment()
        filters = await filters_of(session, selection)
        yield [user_record(user, with_hash=with_hashes) for user in await archive.users(filters)]
        yield [] if filters.narrow else [TagRecord(name=name) for name in await archive.tag_names()]
        batches = ListingRepository(session).stream_rows(
            WHOLE,
            filters,
            order_of(selection),
            offset=selection.offset,
            limit=selection.limit,
            batch=_BATCH,
            weigh=lambda row: len(row.content),
        )
        async for rows in batches:
            yield [post_record(row) for row in rows]


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
