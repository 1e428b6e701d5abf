"""The formats that posts are imported from and exported to.

A format is a package with a module `reader`, a module `writer`, or both, which the package imports on first use.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from . import feeds, ghost, jsonl, markdown, wordpress
from .items import ImportedItem, RawItem, ReadOptions, Scan, WriteOptions
from .records import Record
from .sources import Source


class Reader(Protocol):
    """The module of a format that can be imported."""

    def detect(self, source: Source, /) -> bool:
        """Return whether a source is in this format."""
        ...

    def scan(self, sources: Sequence[Source], options: ReadOptions, /) -> Scan:
        """Count and list the items of all sources; raise InvalidError for a source that cannot be read."""
        ...

    def read(self, item: RawItem, options: ReadOptions, /) -> ImportedItem:
        """Convert an item to records; raise InvalidError for an item that cannot be read."""
        ...


class FileWriter(Protocol):
    """The module of a format that is exported to a single file."""

    def write(self, records: Iterable[Record], options: WriteOptions, /) -> Iterator[str]:
        """Yield the parts of the file."""
        ...


class FolderWriter(Protocol):
    """The module of a format that is exported to a folder."""

    def write(self, records: Iterable[Record], options: WriteOptions, /) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each file."""
        ...


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format, with its reader and writer if it has them."""

    # The text of an error message about a source that is not in this format.
    denial: str = ""
    reader: Callable[[], Reader] | None = None
    file_writer: Callable[[], FileWriter] | None = None
    folder_writer: Callable[[], FolderWriter] | None = None


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(
        denial="not in blogcli's JSON Lines", reader=lambda: jsonl.reader, file_writer=lambda: jsonl.writer
    ),
    "ghost": Format(denial="not a Ghost export", reader=lambda: ghost.reader, file_writer=lambda: ghost.writer),
    "wordpress": Format(
        denial="not a WordPress export", reader=lambda: wordpress.reader, file_writer=lambda: wordpress.writer
    ),
    "markdown": Format(denial="not Markdown", reader=lambda: markdown.reader, folder_writer=lambda: markdown.writer),
    "feeds": Format(file_writer=lambda: feeds.writer),
}


def reader_of(name: str) -> Reader:
    """Return the reader of a format."""
    load = FORMATS[name].reader
    if load is None:
        raise ValueError(f"{name} cannot be read")
    return load()


def file_writer_of(name: str) -> FileWriter:
    """Return the writer of a format that is exported to a single file."""
    load = FORMATS[name].file_writer
    if load is None:
        raise ValueError(f"{name} is not written to a file")
    return load()


def folder_writer_of(name: str) -> FolderWriter:
    """Return the writer of a format that is exported to a folder."""
    load = FORMATS[name].folder_writer
    if load is None:
        raise ValueError(f"{name} is not written to a folder")
    return load()
