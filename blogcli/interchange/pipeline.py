"""Read the items of sources in batches. If there are many items, several processes read them in parallel."""

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
from .registry import Reader, get_reader
from .sanitize import sanitize_item
from .sources import Source

# The maximum number of items in a batch, and the size in bytes at which a batch is complete. With smaller batches, it
# would take longer to send all items to other processes. Larger batches would take more memory.
_MAX_BATCH_ITEMS = 600
_MAX_BATCH_SIZE = 2_000_000


def scan(name: str, sources: Sequence[Source], options: ReadOptions) -> Scan:
    """Count and list the items of sources in the format `name`.

    Raises InvalidError if a source is damaged or recognized as a file in another format, and UsageError if the
    operating system cannot read a file.
    """
    with _translated_system_errors():
        for source in sources:
            require_format(name, source)
        return get_reader(name).scan(sources, options)


def read_batches(
    name: str, contents: Scan, options: ReadOptions, *, finish: Callable[[ImportedItem], ImportedItem] | None = None
) -> Iterator[list[ImportedItem]]:
    """Read the items of a scan, change their values so that a database can store them, and yield the items in batches.

    `finish` is applied to each item after its values have been changed. Worker processes call `finish`, so `finish`
    must be picklable.

    Raises UsageError if the operating system cannot read a file.
    """
    batches = map_ordered(partial(_read_batch, name, options, finish), _make_batches(contents.items), weigh=_sum_sizes)
    try:
        with _translated_system_errors():
            yield from batches
    except UsageError as error:
        # The import has already begun when the error occurs, so the message says that nothing was imported.
        raise UsageError(f"{error.message}; nothing was imported", hint=error.hint) from None


@contextmanager
def _translated_system_errors() -> Iterator[None]:
    """Convert exceptions of the file system and of temporary databases to exceptions of blogcli.

    Without this conversion, these exceptions would be reported as errors of the database of the blog.
    """
    try:
        yield
    except OSError as error:
        name = f" {os.fsencode(error.filename).decode(errors='replace')}" if error.filename else ""
        raise UsageError(f"Cannot read{name}: {error.strerror or error}") from None
    except sqlite3.Error as error:
        raise BlogError(f"Cannot use a temporary file: {error}; nothing was imported") from None


def _make_batches(items: Iterable[RawItem]) -> Iterator[list[RawItem]]:
    batch = deque[RawItem]()
    size = 0
    for item in items:
        batch.append(item)
        size += item.size
        # Without this line, the variable `item` would keep the last item of a batch in memory after the consumer has
        # released the batch.
        del item
        if len(batch) == _MAX_BATCH_ITEMS or size >= _MAX_BATCH_SIZE:
            size = 0
            yield [batch.popleft() for _ in range(len(batch))]
    if batch:
        yield list(batch)


def _sum_sizes(items: Sequence[RawItem]) -> int:
    return sum(item.size for item in items)


def _read_batch(
    name: str, options: ReadOptions, finish: Callable[[ImportedItem], ImportedItem] | None, items: Sequence[RawItem]
) -> list[ImportedItem]:
    reader = get_reader(name)
    imported_items = [_read_item(reader, item, options) for item in items]
    return list(map(finish, imported_items)) if finish else imported_items


def _read_item(reader: Reader, item: RawItem, options: ReadOptions) -> ImportedItem:
    try:
        return sanitize_item(reader.read(item, options))
    except InvalidError as error:
        text = f"{error.message}. {error.hint}" if error.hint else error.message
        note = Note(item.source, item.position, NoteCode.UNREADABLE, text)
        return ImportedItem(source=item.source, position=item.position, notes=(note,))
