"""Read the slug of a post from its front matter, its permalink or its file name."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ....text.truncate_repr import quoted
from ...notes import NoteCode
from ..site.paths import PathInfo, day_text
from ..values import Fields, text, truth
from .reader import FieldReader

# The names of the fields that contain the permalink: the address of a post on its site. These fields are not removed.
_PERMALINK_FIELDS = ("url", "permalink", "path")
# A permalink with one of these characters contains a placeholder, such as `:title`, that the site generator replaces.
# The slug cannot be derived from such a permalink.
_PLACEHOLDER_CHARACTERS = frozenset(":{}<>*?#")
_ENDINGS = (".html", ".htm", ".md", ".php")
_INDEX = "index"
_DAY = re.compile(r"(?:^|/)(\d{4})/(\d\d?)/(\d\d?)/", re.ASCII)


def pop_slug(reader: FieldReader, path_info: PathInfo, *, is_titled: bool) -> str | None:
    """Remove the field `slug` and return the slug of the post, or None if the slug is to be made from the title.

    If the front matter contains neither a slug nor a permalink, the slug is derived from the file name, unless
    `is_titled` is true.
    """
    stated = reader.pop(("slug",), text, NoteCode.SLUG_CHANGED)
    if stated and "/" not in stated:
        return stated
    candidates = [stated or "", *_permalinks(reader.fields)]
    slug = next(filter(None, map(_last_part, candidates)), None)
    if slug is None and not is_titled:
        slug = path_info.slug.strip("-_") or None
    if stated:
        reader.fields.setdefault("original_slug", stated)
        outcome = f"it became {quoted(slug)}" if slug else "it is made from the title"
        reader.on_note(NoteCode.SLUG_CHANGED, f"the slug {quoted(stated)} is a path; {outcome}")
    return slug


def day_in_permalink(fields: Fields) -> str | None:
    """Return the day in the permalink of a post as an ISO 8601 date, or None if the permalink contains no day."""
    matches = map(_DAY.search, _permalinks(fields))
    return next((day_text(*match.groups()) for match in matches if match), None)


def _permalinks(fields: Fields) -> Iterator[str]:
    values = (fields.get(name) for name in _PERMALINK_FIELDS)
    # In Eleventy, the value `false` means that no page is written, so this value is not a permalink.
    return (value for value in values if isinstance(value, str) and truth(value) is None)


def _last_part(permalink: str) -> str | None:
    """Return the last part of the path in a permalink, without an ending such as `.html`.

    If the last part is `index`, the part before `index` is returned. Returns None if the path has no part other than
    `index` or if the permalink contains a placeholder.
    """
    if not _PLACEHOLDER_CHARACTERS.isdisjoint(permalink.partition("://")[2] or permalink):
        return None
    parts = [part for part in _path_of(permalink).split("/") if part]
    if not parts:
        return None
    last = next((parts[-1][: -len(ending)] for ending in _ENDINGS if parts[-1].endswith(ending)), parts[-1])
    if last != _INDEX:
        return last
    return parts[-2] if len(parts) > 1 else None


def _path_of(permalink: str) -> str:
    _, separator, rest = permalink.strip().partition("://")
    return unquote(rest.partition("/")[2] if separator else permalink.strip())
