"""The formats that are known, each a module that is imported when it is used."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib import import_module
from typing import Any, Protocol, cast

from ..errors import InvalidError, UsageError
from ..workers import in_parallel
from .entries import Entry, Item, Note, NoteCode, ReadOptions, Survey
from .fitting import fit
from .sources import Source

# In the order in which they are asked whether a source is theirs.
_READERS = ["jsonl", "ghost", "wordpress", "markdown"]
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
    """The name of the format that all sources are in; UsageError where there is none."""
    for source in sources:
        if not any(_reader(name).recognises(source) for name in _READERS):
            raise UsageError(
                f"{source.name} is in no known format", hint=f"Say which, if it is one of {', '.join(_READERS)}."
            )
    for name in _READERS:
        if all(map(_reader(name).recognises, sources)):
            return name
    raise UsageError("The sources are in different formats", hint="Import them one by one.")


def survey(name: str, sources: Sequence[Source], options: ReadOptions) -> Survey:
    """A first look at sources in the format of that name; InvalidError where one cannot be read at all."""
    return _reader(name).survey(sources, options)


def entries(
    name: str, found: Survey, options: ReadOptions, *, finish: Callable[[Entry], Entry] | None = None
) -> Iterator[list[Entry]]:
    """What the items of a survey say, a batch at a time, as the database can hold it.

    `finish` has the last word on each; it runs in other processes, so it must be one that can be imported by name.
    """
    return in_parallel(partial(_read, name, options, finish), _batches(found.items), weigh=_weight)


def writer(name: str) -> Callable[..., Iterator[Any]]:
    """What writes records in the format of that name, a part at a time."""
    return cast("Callable[..., Iterator[Any]]", import_module(f".{name}", __package__).write)


def own_files(name: str) -> Callable[..., Any]:
    """What tells the files that the format of that name wrote into a folder from those of others."""
    return cast("Callable[..., Any]", import_module(f".{name}", __package__).OwnFiles)


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
