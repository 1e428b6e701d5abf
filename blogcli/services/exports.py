"""What is there -> files of any format."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Row

from ..database import SessionFactory
from ..enums import PostStatus
from ..errors import InvalidError
from ..interchange.records import PostRecord, Record, TagRecord, UserRecord
from ..models.base import read_instant
from ..repositories.exports import WHOLE, ArchiveRepository
from ..repositories.invalid_values import check_row
from ..repositories.posts.query import ListingRepository
from ..repositories.posts.rows import names_of
from ..schemas.posts import PostSelection
from .posts.lookup import filters_of, order_of

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


def user_record(row: Row[Any], *, with_hash: bool = False) -> UserRecord:
    """Return the record of a person, given as a row of `repositories.exports.PERSON`.

    The hash of the password is left out unless asked for. Raises InvalidError for a value that cannot be read.
    """
    try:
        return UserRecord(
            email=_text(row.email),
            full_name=_optional_text(row.full_name),
            is_active=_flag(row.is_active),
            hashed_password=_text(row.hashed_password) if with_hash else None,
            created_at=read_instant(row.created_at),
            updated_at=read_instant(row.updated_at),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _unreadable("users", row, error) from error


def post_record(row: Row[Any]) -> PostRecord:
    """Return the record of a post, given as a row of `repositories.exports.WHOLE`.

    Raises InvalidError for a value that cannot be read.
    """
    try:
        return PostRecord(
            uuid=UUID(str(row.uuid)),
            title=_text(row.title),
            author=_text(row.author),
            slug=_text(row.slug),
            content=_text(row.content),
            excerpt=_optional_text(row.excerpt),
            status=PostStatus(row.status),
            tags=tuple(names_of(row.tags)),
            extra=_object(row.extra),
            published_at=row.published_at and read_instant(row.published_at),
            created_at=read_instant(row.created_at),
            updated_at=read_instant(row.updated_at),
            trashed_at=row.trashed_at and read_instant(row.trashed_at),
            expires_at=row.expires_at and read_instant(row.expires_at),
            first_published_at=row.first_published_at and read_instant(row.first_published_at),
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _unreadable("posts", row, error) from error


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a row holds
    if type(value) is not str or not (value.isascii() or _is_unicode(value)):
        raise TypeError("not text")
    return value


def _optional_text(value: Any) -> str | None:  # noqa: ANN401 - whatever a row holds
    return None if value is None else _text(value)


def _is_unicode(value: str) -> bool:
    # Raises UnicodeEncodeError for the half surrogates that stand for bytes that are not UTF-8.
    return value.encode() is not None


def _flag(value: Any) -> bool:  # noqa: ANN401 - whatever a row holds
    if value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a row holds
    if value == "{}":
        return {}
    # PostgreSQL's driver gives JSON already parsed.
    found = value if isinstance(value, dict | list) else json.loads(value)
    if not isinstance(found, dict):
        raise TypeError("not a JSON object")
    return found


def _unreadable(table: str, row: Row[Any], error: Exception) -> InvalidError:
    faults = list(check_row(table, row._asdict()))
    return InvalidError("; ".join(faults) or f"Row {row.id} of {table} cannot be read: {error}")
