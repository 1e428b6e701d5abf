"""The files that were exported into a folder, told from those that somebody else wrote."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ...enums import Flavor
from ...errors import InvalidError
from .fields import values
from .file_names import folders_of
from .flavors import flavor_of
from .front_matter.parser import split_front_matter
from .texts import decode

# As `exported_text` begins; git and editors may have changed how its lines end.
_START = re.compile(rb"---\r?\nuuid: (?P<uuid>[\da-f-]{36})\r?\n")
_FRONT_MATTER = re.compile(rb"---\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
# In bytes: of a start, and of front matter that is longer than any.
_SHORT, _LONGEST = 64, 64 * 1024 * 1024


class OwnFiles:
    """The files of one flavor."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor

    def possible(self, target: Path) -> Iterator[Path]:
        """The Markdown files of the folders that this flavor is written to, whoever wrote them; links lead to none."""
        for name in folders_of(self._flavor):
            folder = target / name
            if folder.resolve() == target.resolve() / name:
                yield from sorted(folder.glob("[!.]*.md"))

    def why_not(self, path: Path) -> str | None:
        """Why a file is none of them, or None when it is one; of what cannot be read nobody knows."""
        with suppress(OSError, InvalidError):
            flavor = _flavor_at(path) if path.is_file() and not path.is_symlink() else None
            if flavor is not None:
                return None if flavor is self._flavor else f"exported by blogcli as {flavor}"
        return "not exported by blogcli"


def _flavor_at(path: Path) -> Flavor | None:
    with path.open("rb") as file:
        start = file.read(_SHORT)
        head = _START.match(start)
        if head is None:
            return None
        front_matter = _FRONT_MATTER.match(start + file.read(_LONGEST))
    values.uuid("uuid", head["uuid"].decode())
    return flavor_of(split_front_matter(decode(front_matter[0]))[0]) if front_matter else None
