"""What an exported file is called: a name that every file system takes, and that no other file has."""

import unicodedata

from ...enums import Flavor
from ...text.slugify import slugify_title
from ...text.slugs import slug_problem
from ..records import PostRecord
from .flavors import is_public

# Of 255 bytes, with room for a day, a number, an ending and what a file is called until it is whole.
_MAX_NAME_SIZE = 200
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789"}
_FOLDERS = {Flavor.PLAIN: "", Flavor.JEKYLL: "_posts/", Flavor.HUGO: "content/posts/"}
_DRAFTS = "_drafts/"
# Jekyll takes no file without a day for a post.
_NO_DAY = "1970-01-01"


def folders_of(flavor: Flavor) -> tuple[str, ...]:
    """The folders, within the one that is named, in which all files of that flavor are, and none below them."""
    return (_FOLDERS[flavor], _DRAFTS) if flavor is Flavor.JEKYLL else (_FOLDERS[flavor],)


class FileNames:
    """Names files, each by its post's day and slug."""

    def __init__(self, flavor: Flavor) -> None:
        self._flavor = flavor
        self._taken: set[int] = set()

    def name_of(self, post: PostRecord) -> str:
        """The path in the folder, with slashes."""
        is_draft_of_jekyll = self._flavor is Flavor.JEKYLL and not is_public(post)
        folder = _DRAFTS if is_draft_of_jekyll else _FOLDERS[self._flavor]
        day = "" if is_draft_of_jekyll else _day(post, self._flavor)
        name = f"{folder}{day}{_stem(post)}"
        if not self._is_free(name):
            name = f"{name}-{post.uuid}"
        return f"{name}.md"

    def _is_free(self, name: str) -> bool:
        # Windows and macOS tell neither capitals from small letters nor composed ones from others.
        key = hash(unicodedata.normalize("NFC", name).casefold())
        is_free = key not in self._taken
        self._taken.add(key)
        return is_free


def _day(post: PostRecord, flavor: Flavor) -> str:
    instant = post.published_at or post.created_at
    if instant:
        # At midnight in UTC it would be a day in 9999 or another where the offset leads out of the calendar.
        return f"{instant:%Y-%m-%d}-"
    return f"{_NO_DAY}-" if flavor is Flavor.JEKYLL else ""


def _stem(post: PostRecord) -> str:
    slug = post.slug or str(post.uuid)
    if slug_problem(slug) is None and len(slug.encode()) <= _MAX_NAME_SIZE and slug.split(".")[0] not in _RESERVED:
        return slug
    short = slugify_title(slug).encode()[: _MAX_NAME_SIZE - 37].decode(errors="ignore").rstrip(".")
    return f"{short}-{post.uuid}"
