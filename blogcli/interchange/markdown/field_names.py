"""The names of the front matter fields that site generators read."""

from .values import Fields, is_blank

# In each tuple of names, the most specific name is first. If front matter contains several fields of PUBLISHED,
# UPDATED, CREATED or EXCERPTS, the first field that can be converted is used, and the other fields stay in `extra`.
PUBLISHED = ("publishDate", "published_at", "publishedAt", "pubdate", "pubDate", "published", "date")
UPDATED = ("lastmod", "updated_at", "updatedAt", "updated", "last_modified_at", "modified", "updatedDate")
CREATED = ("created_at", "createdAt", "created")
EXCERPTS = ("excerpt", "description", "summary")
LANGUAGES = ("lang", "language", "locale")
# Fields with these names are ignored if they are blank.
NON_BLANK_NAMES = (
    "uuid", "title", "slug", "tags", "tag", "categories", "category", "draft", "status", "author", "authors", "by",
    *PUBLISHED, *UPDATED, *CREATED, *EXCERPTS,
)  # fmt: skip
# A line that begins with one of these names and a colon is recognized as a field. The names are also included in lower
# case, because the parser of front matter without delimiters looks up names in lower case.
RECOGNIZED_NAMES = frozenset(map(str.lower, NON_BLANK_NAMES)) | {
    *NON_BLANK_NAMES, *LANGUAGES, "template", "layout", "permalink", "comments", "keywords", "id",
}  # fmt: skip
_KNOWN = (
    *NON_BLANK_NAMES, *LANGUAGES, "expiryDate", "unpublishdate", "hidden", "unlisted", "private", "headless",
    "visibility", "password", "layout", "type", "permalink", "url", "path", "params", "taxonomies", "build", "render",
    "id",
)  # fmt: skip
_BY_LOWER_CASE = {name.lower(): name for name in reversed(_KNOWN)}


def normalize_case(fields: Fields) -> Fields:
    """Return `fields` with known names in their usual case, because names are case-insensitive in Hugo and Pelican.

    If the names of several fields differ only in case, only one of the fields gets the usual name: the field that
    already has it, or else the first field.
    """
    normalized: Fields = {}
    for name, value in fields.items():
        known = name if name in _KNOWN else _BY_LOWER_CASE.get(name.lower(), name)
        is_present = known != name and (known in fields or known in normalized)
        normalized[name if is_present else known] = value
    return normalized


def without_blank_fields(fields: Fields) -> Fields:
    """Return `fields` without the blank fields whose names are in `NON_BLANK_NAMES`."""
    return {name: value for name, value in fields.items() if not (name in NON_BLANK_NAMES and is_blank(value))}
