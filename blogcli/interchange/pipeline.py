"""Read the items of sources in batches, in several processes."""

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from ..errors import BlogError, InvalidError, UsageError
from ..parallel import map_ordered
from .format_detection import require_format
from .items import ImportedItem, RawItem, ReadOptions, Scan
from .notes import Note, NoteCode
from .registry import Reader, reader_of
from .sanitize import sanitize_item
from .sources import Source

# Items, and bytes, of a batch: worth the way to another process and back, few enough to be held many times.
_BATCH, _BATCH_SIZE = 600, 2_000_000


def scan(name: str, sources: Sequence[Source], options: ReadOptions) -> Scan:
    """Take a first look at sources in the format of that name.

    Raises InvalidError for a source that cannot be read at all, or that looks like something else.
    """
    with _named_failures():
        for source in sources:
            require_format(name, source)
        return reader_of(name).scan(sources, options)


def read_batches(
    name: str, found: Scan, options: ReadOptions, *, finish: Callable[[ImportedItem], ImportedItem] | None = None
) -> Iterator[list[ImportedItem]]:
    """What the items of a scan say, a batch at a time, as the database can hold it.

    `finish` has the last word on each; it runs in other processes, so it must be one that can be imported by name.
    """
    read = map_ordered(partial(_read, name, options, finish), _batches(found.items), weigh=_weight)
    try:
        with _named_failures():
            yield from read
    except UsageError as error:
        # It could be read before, when the import began.
        raise UsageError(f"{error.message}; nothing was imported", hint=error.hint) from None


@contextmanager
def _named_failures() -> Iterator[None]:
    """Raise errors that name the file for failures of the system, which are no failures of the blog's database."""
    try:
        yield
    except OSError as error:
        name = f" {os.fsencode(error.filename).decode(errors='replace')}" if error.filename else ""
        raise UsageError(f"Cannot read{name}: {error.strerror or error}") from None
    except sqlite3.Error as error:
        raise BlogError(f"Cannot keep what was read in a temporary file: {error}; nothing was imported") from None


def _batches(items: Iterable[RawItem]) -> Iterator[list[RawItem]]:
    batch, size = deque[RawItem](), 0
    for item in items:
        batch.append(item)
        size += item.size
        # Without this reference, the item is freed as soon as the consumer of the batch releases it.
        del item
        if len(batch) == _BATCH or size >= _BATCH_SIZE:
            size = 0
            yield [batch.popleft() for _ in range(len(batch))]
    if batch:
        yield list(batch)


def _weight(items: Sequence[RawItem]) -> int:
    return sum(item.size for item in items)


def _read(
    name: str, options: ReadOptions, finish: Callable[[ImportedItem], ImportedItem] | None, items: Sequence[RawItem]
) -> list[ImportedItem]:
    reader = reader_of(name)
    read = [_read_one(reader, item, options) for item in items]
    return list(map(finish, read)) if finish else read


def _read_one(reader: Reader, item: RawItem, options: ReadOptions) -> ImportedItem:
    try:
        return sanitize_item(reader.read(item, options))
    except InvalidError as error:
        text = f"{error.message}. {error.hint}" if error.hint else error.message
        note = Note(item.source, item.position, NoteCode.UNREADABLE, text)
        return ImportedItem(source=item.source, position=item.position, notes=(note,))
