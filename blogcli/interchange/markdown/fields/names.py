"""The names of the fields that generators read."""

from ..front_matter.limits import Fields
from .values import is_blank

# The most telling name first; of several, the others stay in `extra`.
PUBLISHED = ("publishDate", "published_at", "publishedAt", "pubdate", "pubDate", "published", "date")
UPDATED = ("lastmod", "updated_at", "updatedAt", "updated", "last_modified_at", "modified", "updatedDate")
CREATED = ("created_at", "createdAt", "created")
EXCERPTS = ("excerpt", "description", "summary")
LANGUAGES = ("lang", "language", "locale")
# They say nothing where they are empty.
SAYING = (
    "uuid", "title", "slug", "tags", "tag", "categories", "category", "draft", "status", "author", "authors", "by",
    *PUBLISHED, *UPDATED, *CREATED, *EXCERPTS,
)  # fmt: skip
# A line that merely has a colon is no field: one of these is. In small letters, as they are typed where no mark stands.
TELLING = frozenset(map(str.lower, SAYING)) | {
    *SAYING, *LANGUAGES, "template", "layout", "permalink", "comments", "keywords", "id",
}  # fmt: skip
_KNOWN = (
    *SAYING, *LANGUAGES, "expiryDate", "unpublishdate", "hidden", "unlisted", "private", "headless", "visibility",
    "password", "layout", "type", "permalink", "url", "path", "params", "taxonomies", "build", "render", "id",
)  # fmt: skip
_BY_LETTERS = {name.lower(): name for name in reversed(_KNOWN)}


def in_known_case(fields: Fields) -> Fields:
    """The fields, with names that are known in another case as they are known: to Hugo and Pelican, case says nothing.

    A name that is there as it is known is the one that counts; another in its place stays as it was typed.
    """
    found: Fields = {}
    for name, value in fields.items():
        known = name if name in _KNOWN else _BY_LETTERS.get(name.lower(), name)
        found[name if known != name and (known in fields or known in found) else known] = value
    return found


def significant(fields: Fields) -> Fields:
    """The fields without those that would say something here, were they not empty."""
    return {name: value for name, value in fields.items() if not (name in SAYING and is_blank(value))}
