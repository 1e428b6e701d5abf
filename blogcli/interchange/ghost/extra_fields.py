"""Read the fields of `extra["ghost"]` from a row of Ghost's table `posts`.

`extra["ghost"]` contains those values of a Ghost post for which blogcli has no field. It is omitted if it is empty.
Most columns of `posts` and `posts_meta` are stored unchanged under their own names, for example `featured`,
`visibility`, `canonical_url`, `codeinjection_head`, `og_title`, `twitter_image`, `meta_title`, `custom_template`,
`email_subject`, `feature_image`, `feature_image_caption`, `locale`, `newsletter_id` and `tiers`.

The following columns are not stored:
- columns that correspond to a field of a post in blogcli, unless the value has the wrong type;
- columns whose value is null, an empty string, list or object, or a default value of Ghost (`_DEFAULTS`);
- `comment_id` if it is equal to the `id` of the post;
- the ids `id`, `post_id` and `author_id`, which have no meaning outside of the file.

The following fields of `extra["ghost"]` differ from the columns of Ghost in name or value, or are not always stored:
- `feature_image`, `locale`: may also contain the values of the columns `image` and `language` of Ghost 0.x;
- `authors`: the e-mail addresses of all authors except the first;
- `tags`: the names of all tags in the order of Ghost. The first tag is the primary tag. The field is omitted if the
  tags are sorted by name;
- `created_by`, `updated_by`, `published_by`: the e-mail address of the user. The field is omitted if the user is the
  first author;
- `content_format`: `html` if the content of the post is HTML. The field is omitted if the content is Markdown;
- `status`: only a status that blogcli does not support, such as `sent`;
- `lexical`, `mobiledoc`: only a column that cannot be read or contains e-mail-only cards.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from ..content_format import CONTENT_FORMAT
from ..notes import NoteCode, OnNote
from .dates import parse_date
from .embedding import FINGERPRINT_COLUMN, RECORD_COLUMN
from .values import as_text, is_empty

# Each column in these sets corresponds to a field of a post in blogcli if its value has the expected type.
_TEXT_COLUMNS = {"title", "slug", "custom_excerpt"}
_DATE_COLUMNS = {"published_at", "created_at", "updated_at"}
_CONTENT_COLUMNS = {"mobiledoc", "lexical", "markdown", "html", "plaintext"}
_STATUSES = {"draft", "published", "scheduled"}
# The columns that this module never stores in `extra["ghost"]`: columns that other modules read, ids that have no
# meaning outside of the file, and columns whose values Ghost derives from other columns.
_SKIPPED = {"id", "post_id", "author_id", "created_by", "updated_by", "published_by", "type", "page", "uuid"}
_SKIPPED |= {CONTENT_FORMAT, "authors", "author", "primary_author", "tags", "primary_tag"}
_SKIPPED |= {RECORD_COLUMN, FINGERPRINT_COLUMN}
# Maps the names of columns in Ghost 0.x to the names of the same columns in later versions of Ghost.
_NEW_NAMES = {"image": "feature_image", "language": "locale"}
_DEFAULTS: dict[str, tuple[JsonValue, ...]] = {
    "visibility": ("public",),
    "featured": (False, 0, "0"),
    "language": ("en_US",),
    "email_recipient_filter": ("none", "all"),
    "send_email_when_published": (False, 0),
    "email_only": (False, 0),
    "show_title_and_feature_image": (True, 1),
}


def read_extra_fields(row: Mapping[str, Any], on_note: OnNote) -> dict[str, JsonValue]:
    """Return the fields of `extra["ghost"]` for a row of `posts`, including the merged columns of `posts_meta`."""
    fields: dict[str, JsonValue] = {}
    for name, value in row.items():
        if is_empty(value) or _is_post_field(name, value) or _is_default(name, row):
            continue
        if name in _TEXT_COLUMNS | _DATE_COLUMNS | _CONTENT_COLUMNS:
            on_note(NoteCode.VALUE_CHANGED, f"{name} has an unexpected type or format; it was stored in extra")
        fields.setdefault(_NEW_NAMES.get(name, name), value)
    return fields


def _is_post_field(name: str, value: object) -> bool:
    """Return whether a column is omitted because it corresponds to a field of the post or is never stored."""
    if name in _DATE_COLUMNS:
        return _is_date(value)
    if name in _TEXT_COLUMNS:
        return as_text(value) is not None
    if name == "status":
        return isinstance(value, str) and value in _STATUSES
    return name in _SKIPPED or (name in _CONTENT_COLUMNS and isinstance(value, str))


def _is_default(name: str, row: Mapping[str, Any]) -> bool:
    if name == "comment_id":
        return as_text(row[name]) == as_text(row.get("id"))
    return any(row[name] == value for value in _DEFAULTS.get(name, ()))


def _is_date(value: object) -> bool:
    try:
        parse_date(value)
    except ValueError:
        return False
    return True
