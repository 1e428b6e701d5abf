"""The slug of a post: what its front matter says, else how its address ends or what its file is called."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ...notes import NoteCode
from ...truncate_repr import quoted
from ..site.paths import PathInfo, day_text
from ..values import Fields, text, truth
from .reader import FieldReader

# They stay in the fields, whole: they are where the post used to be found.
_ADDRESSES = ("url", "permalink", "path")
# What generators put something in the place of.
_PATTERNS = frozenset(":{}<>*?#")
_ENDINGS = (".html", ".htm", ".md", ".php")
_INDEX = "index"
_DAY = re.compile(r"(?:^|/)(\d{4})/(\d\d?)/(\d\d?)/", re.ASCII)


def pop_slug(reader: FieldReader, path_info: PathInfo, *, is_titled: bool) -> str | None:
    """The slug, None where it is to be made from the title: generators with headers do that."""
    said = reader.pop(("slug",), text, NoteCode.SLUG_CHANGED)
    if said and "/" not in said:
        return said
    last = said and _last_of(said)
    slug = last or next(filter(None, map(_last_of, _addresses(reader.fields))), None)
    slug = slug or (None if is_titled else path_info.slug.strip("-_") or None)
    if said:
        reader.fields.setdefault("original_slug", said)
        became = f"became {quoted(slug)}" if slug else "is made from the title"
        reader.on_note(NoteCode.SLUG_CHANGED, f"the slug {quoted(said)} is a path; it {became}")
    return slug


def day_in_address(fields: Fields) -> str | None:
    """The day, as text, that the address of the post has, None where it has none."""
    found = map(_DAY.search, _addresses(fields))
    return next((day_text(*day.groups()) for day in found if day), None)


def _addresses(fields: Fields) -> Iterator[str]:
    values = (fields.get(name) for name in _ADDRESSES)
    # Eleventy has `permalink: false`.
    return (value for value in values if isinstance(value, str) and truth(value) is None)


def _last_of(address: str) -> str | None:
    if not _PATTERNS.isdisjoint(address.partition("://")[2] or address):
        return None
    parts = [part for part in _path_of(address).split("/") if part]
    if not parts:
        return None
    last = next((parts[-1][: -len(ending)] for ending in _ENDINGS if parts[-1].endswith(ending)), parts[-1])
    return parts[-2] if last == _INDEX and len(parts) > 1 else last if last != _INDEX else None


def _path_of(address: str) -> str:
    _, scheme, rest = address.strip().partition("://")
    return unquote(rest.partition("/")[2] if scheme else address.strip())
