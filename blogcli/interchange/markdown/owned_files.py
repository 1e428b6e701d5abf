"""Distinguish the files that blogcli exported into a folder from all other files in the folder."""

import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from ...enums import Flavor
from ...errors import InvalidError
from . import values
from .file_names import folders_of, key_of
from .flavors import flavor_of
from .front_matter.parser import split_front_matter
from .texts import decode

# Matches the start of a file that `write_exported_post` wrote. Git or an editor may have changed the line endings.
_START = re.compile(rb"---\r?\nuuid: (?P<uuid>[\da-f-]{36})\r?\n")
_FRONT_MATTER = re.compile(rb"---\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
# The number of bytes that are read from the start of a file to match `_START`.
_START_SIZE = 64
# The maximum size of front matter in bytes.
_MAX_SIZE = 64 * 1024 * 1024


class OwnedFiles:
    """Recognizes the files that blogcli exported with one flavor."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor

    def candidates(self, target: Path, *, written: Collection[str] = ()) -> Iterator[Path]:
        """Yield the Markdown files in the folders into which an export to `target` writes files of this flavor.

        Folders that are symbolic links are skipped, and so are the files `written`, which are named relative to
        `target`. A file system may show a written file under a name in other case or another Unicode form.
        """
        names_by_key = {key_of(name): name for name in written}
        for name in folders_of(self._flavor):
            folder = target / name
            if folder.resolve() != target.resolve() / name:
                continue
            for path in sorted(folder.glob("[!.]*.md")):
                written_name = names_by_key.get(key_of(str(path.relative_to(target))))
                if written_name is None or not _is_same_file(path, target / written_name):
                    yield path

    def rejection_reason(self, path: Path) -> str | None:
        """Return None if a file is an exported file of this flavor, or else the reason why it is not.

        A file that cannot be read is treated as a file that was not exported.
        """
        with suppress(OSError, InvalidError):
            flavor = _flavor_at(path) if path.is_file() and not path.is_symlink() else None
            if flavor is not None:
                return None if flavor is self._flavor else f"exported by blogcli as {flavor}"
        return "not exported by blogcli"


def _is_same_file(path: Path, other: Path) -> bool:
    with suppress(OSError):
        return path == other or path.samefile(other)
    return False


def _flavor_at(path: Path) -> Flavor | None:
    with path.open("rb") as file:
        start = file.read(_START_SIZE)
        match = _START.match(start)
        if match is None:
            return None
        front_matter = _FRONT_MATTER.match(start + file.read(_MAX_SIZE))
    values.uuid("uuid", match["uuid"].decode())
    return flavor_of(split_front_matter(decode(front_matter[0]))[0]) if front_matter else None
