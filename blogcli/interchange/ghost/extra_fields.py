"""The columns of Ghost's tables that have no field here, and what `extra["ghost"]` of a post holds of them.

One flat object, in which every column of `posts` and of the post's row in `posts_meta` stands under its own name, with
its value as it was: `featured`, `visibility`, `canonical_url`, `codeinjection_head`, `codeinjection_foot`, `og_*`,
`twitter_*`, `meta_title`, `meta_description`, `custom_template`, `email_subject`, `email_only`, `frontmatter`,
`feature_image`, `feature_image_alt`, `feature_image_caption`, `locale`, `newsletter_id`, `tiers` and any other.

It is not there where it would be empty. Left out of it is:
- what the record says itself. Where such a value is not of the type that it should be, it is here all the same;
- what is null, an empty text, list or object, or Ghost's default: `DEFAULTS`;
- `comment_id` that is the post's own `id`, and what ids say in other files: `id`, `post_id`, `author_id`.

Other names than Ghost's, or other values:
- `image` of Ghost 0.x is `feature_image`, and its `language` is `locale`;
- `authors`: the e-mail addresses of all authors behind the first;
- `tags`: the names of all tags in their order, of which the first counts most, and only where it is not that of names;
- `created_by`, `updated_by`, `published_by`: an e-mail address, and only that of somebody else than the author;
- `content_format`: `html` where the content of the post is HTML, and nothing where it is Markdown;
- `status`: only one that Ghost alone knows, such as `sent`;
- `lexical`, `mobiledoc`: only where it could not be read, and there was no HTML either, or has cards for e-mail only.
"""

from typing import Any

from pydantic import JsonValue

from ..content_format import CONTENT_FORMAT
from ..notes import NoteCode
from .authors import Say
from .embedding import KEY, TOLD
from .values import instant_of, is_empty, text_of

# A text, or a number that became one.
_TEXTS = {"title", "slug", "custom_excerpt"}
_INSTANTS = {"published_at", "created_at", "updated_at"}
_BODIES = {"mobiledoc", "lexical", "markdown", "html", "plaintext"}
_STATUSES = {"draft", "published", "scheduled"}
# Ids of other files, what is read apart, and what Ghost makes of the rest wherever it shows a post.
_ELSEWHERE = {"id", "post_id", "author_id", "created_by", "updated_by", "published_by", KEY, TOLD, "type", "page"}
_ELSEWHERE |= {CONTENT_FORMAT, "authors", "author", "primary_author", "tags", "primary_tag", "uuid"}
_RENAMED = {"image": "feature_image", "language": "locale"}
DEFAULTS: dict[str, tuple[JsonValue, ...]] = {
    "visibility": ("public",),
    "featured": (False, 0, "0"),
    "language": ("en_US",),
    "email_recipient_filter": ("none", "all"),
    "send_email_when_published": (False, 0),
    "email_only": (False, 0),
    "show_title_and_feature_image": (True, 1),
}


def extra_of(row: dict[str, Any], say: Say) -> dict[str, JsonValue]:
    """What `extra["ghost"]` holds of a row, and of the row in `posts_meta` that was laid over it."""
    extra: dict[str, JsonValue] = {}
    for name, value in row.items():
        if is_empty(value) or _is_said(name, row) or _is_default(name, row):
            continue
        if name in _TEXTS | _INSTANTS | _BODIES:
            say(NoteCode.VALUE_CHANGED, f"{name} is not what it should be; it was kept as it was, beside the post")
        extra.setdefault(_RENAMED.get(name, name), value)
    return extra


def _is_said(name: str, row: dict[str, Any]) -> bool:
    value = row[name]
    if name in _INSTANTS:
        return _is_instant(value)
    if name in _TEXTS:
        return text_of(value) is not None
    if name == "status":
        return isinstance(value, str) and value in _STATUSES
    return name in _ELSEWHERE or (name in _BODIES and isinstance(value, str))


def _is_default(name: str, row: dict[str, Any]) -> bool:
    if name == "comment_id":
        return text_of(row[name]) == text_of(row.get("id"))
    return any(row[name] == value for value in DEFAULTS.get(name, ()))


def _is_instant(value: object) -> bool:
    try:
        instant_of(value)
    except ValueError:
        return False
    return True
