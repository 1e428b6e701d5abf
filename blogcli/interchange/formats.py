"""The formats that are known, each a module that is imported when it is used."""

import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from typing import Any, Protocol, cast

from ..errors import BlogError, InvalidError, UsageError
from ..workers import in_parallel
from .detection import GHOST, JSON_LINES, WORDPRESS, Likeness, likeness_of, likeness_of_folder
from .entries import Entry, Item, Note, NoteCode, ReadOptions, Survey
from .fitting import fit
from .sources import Source

# Formats whose files can be told by how they begin, and what such a file is called.
_MARKED = {"jsonl": JSON_LINES, "ghost": GHOST, "wordpress": WORDPRESS}
_DENIALS = {
    "jsonl": "not in blogcli's JSON Lines", "ghost": "not a Ghost export", "wordpress": "not a WordPress export",
    "markdown": "not Markdown",
}  # fmt: skip
_MARKDOWN = "markdown"
# Items, and bytes, of a batch: worth the way to another process and back, few enough to be held many times.
_BATCH, _BATCH_SIZE = 600, 2_000_000


class Reader(Protocol):
    """The module of a format that can be read."""

    # Whether a source is of this format.
    recognises: Callable[[Source], bool]
    # A first look at all sources; raises InvalidError where one cannot be read at all.
    survey: Callable[[Sequence[Source], ReadOptions], Survey]
    # What an item says; raises InvalidError where it cannot be read.
    read: Callable[[Item, ReadOptions], Entry]


def recognise(sources: Sequence[Source]) -> str:
    """Return the name of the format that all sources are in.

    Raises InvalidError for a source in no known format, and UsageError for sources in several formats.
    """
    names = {_format_of(source) for source in sources}
    if len(names) > 1:
        raise UsageError("The sources are in different formats", hint="Import them one by one.")
    return names.pop()


def survey(name: str, sources: Sequence[Source], options: ReadOptions) -> Survey:
    """Take a first look at sources in the format of that name.

    Raises InvalidError for a source that cannot be read at all, or that looks like something else.
    """
    with _named_failures():
        for source in sources:
            _refuse_other(name, source)
        return _reader(name).survey(sources, options)


def entries(
    name: str, found: Survey, options: ReadOptions, *, finish: Callable[[Entry], Entry] | None = None
) -> Iterator[list[Entry]]:
    """What the items of a survey say, a batch at a time, as the database can hold it.

    `finish` has the last word on each; it runs in other processes, so it must be one that can be imported by name.
    """
    read = in_parallel(partial(_read, name, options, finish), _batches(found.items), weigh=_weight)
    try:
        with _named_failures():
            yield from read
    except UsageError as error:
        # It could be read before, when the import began.
        raise UsageError(f"{error.message}; nothing was imported", hint=error.hint) from None


def writer(name: str) -> Callable[..., Iterator[Any]]:
    """What writes records in the format of that name, a part at a time."""
    return cast("Callable[..., Iterator[Any]]", import_module(f".{name}", __package__).write)


def own_files(name: str) -> Callable[..., Any]:
    """What tells the files that the format of that name wrote into a folder from those of others."""
    return cast("Callable[..., Any]", import_module(f".{name}", __package__).OwnFiles)


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


def _format_of(source: Source) -> str:
    own = next((name for name in _MARKED if _reader(name).recognises(source)), None)
    if own:
        return own
    likeness = None if source.path.is_dir() else _likeness_of(source)
    if likeness is None and _reader(_MARKDOWN).recognises(source):
        return _MARKDOWN
    where, found = _likeness_in(source) if source.path.is_dir() else ("", likeness)
    if found:
        what = f": {where} looks like {found.name}" if where else f": it looks like {found.name}"
        raise InvalidError(f"{source.name} is in no known format{what}", hint=found.hint)
    hint = f"Say which, if it is one of {', '.join((*_MARKED, _MARKDOWN))}."
    raise InvalidError(f"{source.name} is in no known format", hint=hint)


def _refuse_other(name: str, source: Source) -> None:
    """Raise InvalidError, with the name of what it looks like, for a source that is not in the format of that name."""
    if source.path.is_dir():
        if name == _MARKDOWN and not _reader(name).recognises(source):
            _refuse_folder(source)
        return
    if _is_damaged(source) or (name != _MARKDOWN and _reader(name).recognises(source)):
        return
    own = next((other for other in _MARKED if other != name and _reader(other).recognises(source)), None)
    found = _MARKED[own] if own else _likeness_of(source)
    # What may be in that format is left to the reader, which says what is wrong with it.
    if found and found is not _MARKED.get(name) and not (name == "ghost" and found.name == "JSON"):
        raise InvalidError(f"{source.name}: {_DENIALS[name]}: it looks like {found.name}", hint=found.hint)


def _refuse_folder(source: Source) -> None:
    where, found = _likeness_in(source)
    if found:
        what = f"{where} in it looks like {found.name}" if where else f"it looks like {found.name}"
        raise InvalidError(f"{source.name}: no Markdown files in it: {what}", hint=found.hint)


def _is_damaged(source: Source) -> bool:
    try:
        source.start()
    except InvalidError:
        return True
    return False


def _likeness_of(source: Source) -> Likeness | None:
    with suppress(InvalidError):
        return likeness_of(source.start(), source.path.name)
    return None


def _likeness_in(source: Source) -> tuple[str, Likeness | None]:
    return likeness_of_folder(source.path) or ("", None)


def _reader(name: str) -> Reader:
    return cast("Reader", import_module(f".{name}", __package__))


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    batch, size = deque[Item](), 0
    for item in items:
        batch.append(item)
        size += item.size
        # Only whoever takes a batch holds it.
        del item
        if len(batch) == _BATCH or size >= _BATCH_SIZE:
            size = 0
            yield [batch.popleft() for _ in range(len(batch))]
    if batch:
        yield list(batch)


def _weight(items: Sequence[Item]) -> int:
    return sum(item.size for item in items)


def _read(
    name: str, options: ReadOptions, finish: Callable[[Entry], Entry] | None, items: Sequence[Item]
) -> list[Entry]:
    reader = _reader(name)
    read = [_read_one(reader, item, options) for item in items]
    return list(map(finish, read)) if finish else read


def _read_one(reader: Reader, item: Item, options: ReadOptions) -> Entry:
    try:
        return fit(reader.read(item, options))
    except InvalidError as error:
        text = f"{error.message}. {error.hint}" if error.hint else error.message
        note = Note(item.source, item.place, NoteCode.UNREADABLE, text)
        return Entry(source=item.source, place=item.place, notes=(note,))
