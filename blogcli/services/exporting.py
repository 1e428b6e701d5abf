"""What is there -> files of any format."""

from collections.abc import AsyncIterator

from ..database import SessionFactory
from ..interchange.jsonl import first_line, write_lines
from ..interchange.record import Record, TagRecord
from ..repositories.archive import WHOLE, ArchiveRepository
from ..repositories.listing import ListingRepository
from ..schemas.exporting import ExportedPart
from ..schemas.selection import PostSelection
from .records import post_record, user_record
from .selections import filters_of, order_of

# Posts that are read at a time: each may hold megabytes.
_BATCH = 100


async def export_jsonl(
    sessions: SessionFactory, selection: PostSelection, *, with_hashes: bool = False
) -> AsyncIterator[ExportedPart]:
    """The blog as JSON Lines, a part at a time; hashes of passwords only if asked for.

    Where filters leave posts out, the people are those who wrote the others, and tags come with their posts only.
    Raises NotFoundError for an unknown tag or author.
    """
    async with sessions() as session:
        filters, archive = await filters_of(session, selection), ArchiveRepository(session)
        users: list[Record] = [user_record(user, with_hash=with_hashes) for user in await archive.users(filters)]
        names = [] if filters.narrow else await archive.tag_names()
        tags: list[Record] = [TagRecord(name=name) for name in names]
        start = first_line() + "".join(write_lines([*users, *tags]))
        yield ExportedPart(text=start, users=len(users), tags=len(tags))
        batches = ListingRepository(session).stream_rows(
            WHOLE, filters, order_of(selection), offset=selection.offset, limit=selection.limit, batch=_BATCH
        )
        async for rows in batches:
            yield ExportedPart(text="".join(write_lines(map(post_record, rows))), posts=len(rows))
