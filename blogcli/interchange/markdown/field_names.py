"""The names of the fields that generators read."""

from .values import Fields, is_blank

# The most specific name comes first. If a post has several of the fields, the others stay in `extra`.
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
# These names show that a line with a colon is a field and not other text. They are also included in lower case, because
# front matter without delimiters is often typed that way.
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
    """Return the fields with known names in their usual case, because names are case-insensitive in Hugo and Pelican.

    If a name is present in its usual case, its other spellings stay unchanged.
    """
    normalized: Fields = {}
    for name, value in fields.items():
        known = name if name in _KNOWN else _BY_LOWER_CASE.get(name.lower(), name)
        is_present = known != name and (known in fields or known in normalized)
        normalized[name if is_present else known] = value
    return normalized


def without_blank_fields(fields: Fields) -> Fields:
    """Return the fields except known fields that are blank."""
    return {name: value for name, value in fields.items() if not (name in NON_BLANK_NAMES and is_blank(value))}
