"""What folders hand down to the posts in them, as far as it keeps these from the public."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import JsonValue

from ....errors import InvalidError
from ..fields.values import truth
from ..front_matter.json_reader import read_json
from ..front_matter.limits import json_fields
from ..front_matter.parser import split_front_matter
from ..texts import decode
from ..visibility import hiding_fields

# In bytes; no folder says more about its posts.
_LONGEST = 256 * 1024
_SECTION = "_index.md"
_DATA = (".json", ".11tydata.json")


def hiding_file_in(folder: Path) -> str | None:
    """The name of the file in the folder by which its posts are not public, for Hugo or Eleventy; None without."""
    names = (_SECTION, *(f"{folder.name}{ending}" for ending in _DATA))
    return next((name for name in names if any(map(_hides, _handed_down(folder / name)))), None)


def _handed_down(path: Path) -> Iterator[JsonValue]:
    with suppress(OSError, InvalidError):
        if not path.is_file():
            return
        with path.open("rb") as file:
            text = decode(file.read(_LONGEST))
        if path.name == _SECTION:
            cascade = split_front_matter(text).fields.get("cascade")
            yield from cascade if isinstance(cascade, list) else [cascade]
        else:
            yield json_fields(read_json(text, first_line=1), typed=len(text))


def _hides(fields: JsonValue) -> bool:
    if not isinstance(fields, dict):
        return False
    is_draft = truth(fields.get("draft")) is True or truth(fields.get("published")) is False
    return is_draft or bool(hiding_fields(fields))
