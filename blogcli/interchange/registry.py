"""The formats from which blogcli imports posts, and to which it exports posts.

A format is a package with a module `reader`, a module `writer`, or both. These modules are imported only when they are
first used.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from . import feeds, ghost, jsonl, markdown, wordpress
from .items import ImportedItem, RawItem, ReadOptions, Scan, WriteOptions
from .records import Record
from .sources import Source


class Reader(Protocol):
    """The functions that the module `reader` of a format contains."""

    def detect(self, source: Source, /) -> bool:
        """Return whether a source is in this format."""
        ...

    def scan(self, sources: Sequence[Source], options: ReadOptions, /) -> Scan:
        """Count and list the items of all sources.

        Raises InvalidError if a source as a whole cannot be read.
        """
        ...

    def read(self, item: RawItem, options: ReadOptions, /) -> ImportedItem:
        """Convert an item to records.

        Raises InvalidError if the item cannot be read.
        """
        ...


class FileWriter(Protocol):
    """The function that the module `writer` contains if the format is exported to a single file."""

    def write(self, records: Iterable[Record], options: WriteOptions, /) -> Iterator[str]:
        """Yield the parts of the file in order."""
        ...


class FolderWriter(Protocol):
    """The function that the module `writer` contains if the format is exported to a folder."""

    def write(self, records: Iterable[Record], options: WriteOptions, /) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each file."""
        ...


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format, with functions that import and return its reader and its writer.

    `reader` is None if the format cannot be read. `file_writer` is None if the format is not exported to a single file,
    and `folder_writer` is None if the format is not exported to a folder.
    """

    # The part of error messages that says that a source is not in this format.
    mismatch_message: str = ""
    reader: Callable[[], Reader] | None = None
    file_writer: Callable[[], FileWriter] | None = None
    folder_writer: Callable[[], FolderWriter] | None = None


FORMATS: Mapping[str, Format] = {
    "jsonl": Format(
        mismatch_message="not a JSON Lines file of blogcli",
        reader=lambda: jsonl.reader,
        file_writer=lambda: jsonl.writer,
    ),
    "ghost": Format(
        mismatch_message="not a Ghost export", reader=lambda: ghost.reader, file_writer=lambda: ghost.writer
    ),
    "wordpress": Format(
        mismatch_message="not a WordPress export", reader=lambda: wordpress.reader, file_writer=lambda: wordpress.writer
    ),
    "markdown": Format(
        mismatch_message="not Markdown", reader=lambda: markdown.reader, folder_writer=lambda: markdown.writer
    ),
    "feeds": Format(file_writer=lambda: feeds.writer),
}


def get_reader(name: str) -> Reader:
    """Return the reader of the format `name`.

    Raises ValueError if the format has no reader.
    """
    load = FORMATS[name].reader
    if load is None:
        raise ValueError(f"{name} cannot be read")
    return load()


def get_file_writer(name: str) -> FileWriter:
    """Return the writer that writes the format `name` to a single file.

    Raises ValueError if the format has no such writer.
    """
    load = FORMATS[name].file_writer
    if load is None:
        raise ValueError(f"{name} is not written to a file")
    return load()


def get_folder_writer(name: str) -> FolderWriter:
    """Return the writer that writes the format `name` to a folder.

    Raises ValueError if the format has no such writer.
    """
    load = FORMATS[name].folder_writer
    if load is None:
        raise ValueError(f"{name} is not written to a folder")
    return load()
