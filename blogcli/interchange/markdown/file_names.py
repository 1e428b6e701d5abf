"""Choose the names of exported files: unique names that are valid in every file system."""

import unicodedata

from ...enums import Flavor
from ...text.slugify import slugify_title
from ...text.slugs import slug_problem
from ..records import PostRecord
from .flavors import is_public

# The maximum size of a stem in bytes. File systems limit names to 255 bytes, and a date, a UUID and a suffix are added.
_MAX_NAME_SIZE = 200
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789"}
_FOLDERS = {Flavor.PLAIN: "", Flavor.JEKYLL: "_posts/", Flavor.HUGO: "content/posts/"}
_DRAFTS_FOLDER = "_drafts/"
# Jekyll reads only files with a date in their name as posts, so a post without a date gets this one.
_NO_DAY = "1970-01-01"


def folders_of(flavor: Flavor) -> tuple[str, ...]:
    """Return the folders of all files of a flavor, relative to the folder of the export.

    Subfolders of these folders contain no exported files.
    """
    return (_FOLDERS[flavor], _DRAFTS_FOLDER) if flavor is Flavor.JEKYLL else (_FOLDERS[flavor],)


class FileNames:
    """Chooses a name for each post from its date and its slug, so that all names are different."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor
        self._taken_keys: set[int] = set()

    def name_of(self, post: PostRecord) -> str:
        """Return the path of the file of a post, relative to the folder of the export, with slashes."""
        if self._flavor is Flavor.JEKYLL and not is_public(post):
            name = f"{_DRAFTS_FOLDER}{_stem(post)}"
        else:
            name = f"{_FOLDERS[self._flavor]}{_day_prefix(post, self._flavor)}{_stem(post)}"
        if not self._reserve(name):
            name = f"{name}-{post.uuid}"
        return f"{name}.md"

    def _reserve(self, name: str) -> bool:
        """Mark a name as taken, and return whether it was free."""
        # File names are case-insensitive in Windows and macOS, and macOS also ignores how accents are encoded.
        key = hash(unicodedata.normalize("NFC", name).casefold())
        is_free = key not in self._taken_keys
        self._taken_keys.add(key)
        return is_free


def _day_prefix(post: PostRecord, flavor: Flavor) -> str:
    instant = post.published_at or post.created_at
    if instant:
        # The date is not converted to UTC, because that fails for some dates in the years 1 and 9999.
        return f"{instant:%Y-%m-%d}-"
    return f"{_NO_DAY}-" if flavor is Flavor.JEKYLL else ""


def _stem(post: PostRecord) -> str:
    """Return the slug of a post if it is a valid file name, or else a similar name that ends with the UUID."""
    slug = post.slug or str(post.uuid)
    if slug_problem(slug) is None and len(slug.encode()) <= _MAX_NAME_SIZE and slug.split(".")[0] not in _RESERVED:
        return slug
    prefix = slugify_title(slug).encode()[: _MAX_NAME_SIZE - 37].decode(errors="ignore").rstrip(".")
    return f"{prefix}-{post.uuid}"
