"""Choose the names of exported files. The names are unique and valid in every file system."""

import unicodedata
from itertools import chain, count

from ...enums import Flavor
from ...text.slugify import slugify_title
from ...text.slugs import slug_problem
from ..records import PostRecord
from .flavors import is_public

# The maximum size of a stem in bytes. File systems limit file names to 255 bytes, and a date, a UUID and an ending may
# be added to the stem.
_MAX_NAME_SIZE = 200
# The names that are reserved for devices in Windows: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
_FOLDERS = {Flavor.PLAIN: "", Flavor.JEKYLL: "_posts/", Flavor.HUGO: "content/posts/"}
_DRAFTS_FOLDER = "_drafts/"
# The date in a file name if the post has no date. Jekyll reads a file as a post only if the file name contains a date.
_NO_DAY = "1970-01-01"


def folders_of(flavor: Flavor) -> tuple[str, ...]:
    """Return the folders that contain the exported files of a flavor, relative to the folder of the export.

    The subfolders of the returned folders contain no exported files.
    """
    return (_FOLDERS[flavor], _DRAFTS_FOLDER) if flavor is Flavor.JEKYLL else (_FOLDERS[flavor],)


class FileNames:
    """Chooses a unique file name for each post. The name is made from the date and the slug of the post."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor
        self._taken_keys: set[int] = set()

    def name_of(self, post: PostRecord) -> str:
        """Return the path of the file of a post relative to the folder of the export. The separators are slashes."""
        if self._flavor is Flavor.JEKYLL and not is_public(post):
            name = f"{_DRAFTS_FOLDER}{_stem(post)}"
        else:
            name = f"{_FOLDERS[self._flavor]}{_day_prefix(post, self._flavor)}{_stem(post)}"
        # Another program may have written a slug that looks like a name with a UUID.
        suffixes = chain(["", f"-{post.uuid}"], (f"-{post.uuid}-{number}" for number in count(2)))
        return next(f"{name}{suffix}.md" for suffix in suffixes if self._reserve(f"{name}{suffix}"))

    def _reserve(self, name: str) -> bool:
        """Mark a name as taken, and return whether it was free."""
        key = hash(key_of(name))
        is_free = key not in self._taken_keys
        self._taken_keys.add(key)
        return is_free


def key_of(name: str) -> str:
    """Return a key that is equal for names that refer to the same file on some file system.

    In Windows and macOS, names that differ only in case refer to the same file. In macOS, names that differ only in
    their Unicode normalization form refer to the same file too.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def _day_prefix(post: PostRecord, flavor: Flavor) -> str:
    instant = post.published_at or post.created_at
    if instant:
        # The date is not converted to UTC, because the conversion fails for some dates in the years 1 and 9999.
        return f"{instant:%Y-%m-%d}-"
    return f"{_NO_DAY}-" if flavor is Flavor.JEKYLL else ""


def _stem(post: PostRecord) -> str:
    """Return the slug of a post if the slug is a valid file name, or else a similar name with the UUID at the end."""
    slug = post.slug or str(post.uuid)
    if slug_problem(slug) is None and len(slug.encode()) <= _MAX_NAME_SIZE and slug.split(".")[0] not in _RESERVED:
        return slug
    prefix = slugify_title(slug).encode()[: _MAX_NAME_SIZE - 37].decode(errors="ignore").rstrip(".")
    return f"{prefix}-{post.uuid}"
