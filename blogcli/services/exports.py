"""Export users, tags and posts as records."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Row

from ..database import SessionFactory
from ..errors import InvalidError
from ..interchange.records import PostRecord, Record, TagRecord, UserRecord
from ..models.base import read_instant
from ..repositories.exports import ExportRepository
from ..repositories.invalid_values import check_row
from ..repositories.posts.query import PostQueryRepository
from ..repositories.posts.rows import UNREADABLE, PostColumns
from ..schemas.posts.selection import PostSelection
from .posts.lookup import order_of, resolve_filters

R = TypeVar("R", UserRecord, PostRecord)

# The columns of post records, and the id. If a post cannot be read, the message identifies the post by this id.
POST_COLUMNS = PostColumns(["id", *(field.name for field in fields(PostRecord))])

# The maximum number of posts in a batch. Long posts are read in smaller batches.
_BATCH = 200


async def export_records(
    sessions: SessionFactory,
    selection: PostSelection,
    *,
    with_hashes: bool = False,
    on_fault: Callable[[str], None],
) -> AsyncIterator[Sequence[Record]]:
    """Yield all users, all tags and the selected posts, in batches.

    If the selection has filters, the users are limited to the authors of the selected posts, and no tags are yielded.
    Password hashes are included if `with_hashes` is true. If a value in a row cannot be read, the row is skipped and
    `on_fault` is called with a message.

    Raises NotFoundError for an unknown tag or author.
    """
    async with sessions() as session:
        exports = ExportRepository(session)
        await exports.use_snapshot()
        await exports.read_any_text()
        filters = await resolve_filters(session, selection)
        yield _convert_rows(partial(make_user_record, with_hash=with_hashes), await exports.users(filters), on_fault)
        yield [] if filters.is_narrow else [TagRecord(name=name) for name in await exports.tag_names()]
        batches = PostQueryRepository(session).stream_rows(
            POST_COLUMNS.statement,
            filters,
            order_of(selection),
            offset=selection.offset,
            limit=selection.limit,
            batch=_BATCH,
            weigh=lambda row: len(row.content) if isinstance(row.content, (str, bytes)) else 0,
        )
        async for rows in batches:
            yield _convert_rows(make_post_record, rows, on_fault)


def _convert_rows(
    to_record: Callable[[Row[Any]], R], rows: Iterable[Row[Any]], on_fault: Callable[[str], None]
) -> Sequence[R]:
    """Return the records of the rows that can be read, and call `on_fault` for each row that cannot be read."""
    records: list[R] = []
    for row in rows:
        try:
            records.append(to_record(row))
        except InvalidError as error:
            on_fault(error.message)
    return records


class ExportCounts:
    """The numbers of users, tags and posts in an export."""

    def __init__(self) -> None:
        self.users = 0
        self.tags = 0
        self.posts = 0

    def count(self, batches: Iterable[Sequence[Record]]) -> Iterator[Record]:
        """Yield the records of all batches, and count the records by type."""
        for batch in batches:
            kinds = Counter(map(type, batch))
            self.users += kinds[UserRecord]
            self.tags += kinds[TagRecord]
            self.posts += kinds[PostRecord]
            yield from batch


def make_user_record(row: Row[Any], *, with_hash: bool = False) -> UserRecord:
    """Convert a row of `repositories.exports.USER_ROWS` to the record of a user.

    The password hash is included if `with_hash` is true. Raises InvalidError if a value cannot be read.
    """
    try:
        return UserRecord(
            email=_check_text(row.email),
            full_name=_check_optional_text(row.full_name),
            is_active=_parse_flag(row.is_active),
            hashed_password=_check_text(row.hashed_password) if with_hash else None,
            created_at=read_instant(row.created_at),
            updated_at=read_instant(row.updated_at),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise _make_error("users", row, error) from error


def make_post_record(row: Row[Any]) -> PostRecord:
    """Convert a row of `POST_COLUMNS` to the record of a post.

    Raises InvalidError if a value cannot be read.
    """
    try:
        values = POST_COLUMNS.read(row)
    except UNREADABLE as error:
        raise _make_error("posts", row, error) from error
    del values["id"]
    return PostRecord(**values | {"tags": tuple(values["tags"])})


def _check_text(value: Any) -> str:  # noqa: ANN401 - a row can contain values of any type
    if type(value) is not str or not (value.isascii() or _is_unicode(value)):
        raise TypeError("not text")
    return value


def _check_optional_text(value: Any) -> str | None:  # noqa: ANN401 - a row can contain values of any type
    return None if value is None else _check_text(value)


def _is_unicode(value: str) -> bool:
    # encode() raises UnicodeEncodeError for lone surrogates, which represent bytes that are not valid UTF-8.
    return value.encode() is not None


def _parse_flag(value: Any) -> bool:  # noqa: ANN401 - a row can contain values of any type
    if value not in (0, 1):
        raise ValueError("neither true nor false")
    return bool(value)


def _make_error(table: str, row: Row[Any], error: Exception) -> InvalidError:
    faults = list(check_row(table, row._asdict()))
    return InvalidError("; ".join(faults) or f"Row {row.id} of {table} cannot be read: {error}")
