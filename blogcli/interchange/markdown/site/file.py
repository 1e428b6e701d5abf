"""A file of a site, and its content."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

from ....errors import BlogError, InvalidError
from ...notes import Omission
from ...sources import Source
from .context import NO_CONTEXT, FolderContext

# The maximum size of a file in bytes. A larger file is rejected, because no text written by a person is so large.
_MAX_SIZE = 64 * 1024 * 1024


@dataclass(frozen=True)
class File:
    """A file of a site. The file is read unless `omission` or `fault` is set."""

    source: Source
    # The name of the site. The name distinguishes files that have the same path in different sites.
    site: str
    # The path of the file, which begins with the name of the root folder of the site.
    site_path: PurePath
    # The reason why the file is skipped, or None.
    omission: Omission | None = None
    # The reason why the file cannot be read, including the error message of the system, or None.
    fault: str | None = None
    context: FolderContext = NO_CONTEXT
    # The bytes of the file if it is a pipe, which worker processes cannot read, or None.
    content: bytes | None = None

    @classmethod
    def of_pipe(cls, source: Source, site: str) -> Self:
        """Return the file for a pipe, with its content or with the reason why it cannot be read."""
        content = fault = None
        try:
            content = read_content(source)
        except InvalidError as error:
            fault = error.message
        return cls(Source(source.name, source.path), site, PurePath("-", "-"), fault=fault, content=content)


def read_content(source: Source) -> bytes:
    """Return the bytes of a file. Raises InvalidError if the file cannot be read or is too large."""
    try:
        with source.open() as file:
            content = source.read(file, _MAX_SIZE + 1)
    except BlogError as error:
        # The report adds the name of the source to each message, so the name is removed here.
        reason = error.message.removeprefix("Cannot read ").removeprefix(f"{source.name}: ")
        raise InvalidError(reason) from None
    if len(content) > _MAX_SIZE:
        raise InvalidError(f"more than {_MAX_SIZE:,} bytes")
    return content
