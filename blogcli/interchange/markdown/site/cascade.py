"""Find files that mark all posts in a folder as drafts.

In Hugo, such a file is `_index.md` with a field `cascade`. In Eleventy, such a file is a data file.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import JsonValue

from ....errors import InvalidError
from ..front_matter.json_reader import read_json
from ..front_matter.limits import json_fields
from ..front_matter.parser import split_front_matter
from ..texts import decode
from ..values import truth
from ..visibility import hiding_fields

# The maximum number of bytes that are read from one file.
_MAX_SIZE = 256 * 1024
_SECTION = "_index.md"
_DATA = (".json", ".11tydata.json")


def find_hiding_file(folder: Path) -> str | None:
    """Return the name of the Hugo or Eleventy file in `folder` that marks all posts in the folder as drafts.

    Returns None if the folder contains no such file.
    """
    names = (_SECTION, *(f"{folder.name}{ending}" for ending in _DATA))
    return next((name for name in names if any(map(_hides, _inherited_values(folder / name)))), None)


def _inherited_values(path: Path) -> Iterator[JsonValue]:
    """Yield the maps of fields that all posts in a folder inherit from the Hugo or Eleventy file at `path`."""
    with suppress(OSError, InvalidError):
        if not path.is_file():
            return
        with path.open("rb") as file:
            text = decode(file.read(_MAX_SIZE))
        if path.name == _SECTION:
            cascade = split_front_matter(text).fields.get("cascade")
            yield from cascade if isinstance(cascade, list) else [cascade]
        else:
            yield json_fields(read_json(text, first_line=1), length=len(text))


def _hides(fields: JsonValue) -> bool:
    if not isinstance(fields, dict):
        return False
    is_draft = truth(fields.get("draft")) is True or truth(fields.get("published")) is False
    return is_draft or bool(hiding_fields(fields))
