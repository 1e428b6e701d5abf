"""Make the rows of a post in the tables of Ghost.

If an import stored columns of Ghost in `extra["ghost"]`, the values are written back to the columns.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from json import JSONEncoder
from typing import Any, TypeAlias

from pydantic import JsonValue

from ...enums import PostStatus
from ...text.casefold import tag_key
from ...text.emails import normalize_email_or_none
from ..content_format import is_html
from ..html import render_html
from ..records import PostRecord
from .dates import format_date
from .embedding import FINGERPRINT_COLUMN, RECORD_COLUMN, dump_post, fingerprint
from .schema_limits import (
    MAX_EXCERPT,
    MAX_TITLE,
    make_row_id,
    make_valid_address,
    replace_unstorable,
    truncate,
    truncate_slug,
)

Row: TypeAlias = dict[str, Any]

_VISIBILITIES = ("public", "members", "paid", "tiers")
_RECIPIENTS = ("all", "none", "status:free", "status:-free")
# The text columns of `posts` and of `posts_meta`, with the maximum length of each column in characters. Source:
# data/schema/schema.js in TryGhost/Ghost.
_POST_TEXTS = {"locale": 6, "comment_id": 50, "newsletter_id": 24, "custom_template": 100}
_POST_TEXTS |= {"feature_image": 2_000, "canonical_url": 2_000, "codeinjection_head": 65_535}
_POST_TEXTS |= {"codeinjection_foot": 65_535}
_META_TEXTS = {"meta_title": 300, "meta_description": 500, "email_subject": 300, "frontmatter": 65_535}
_META_TEXTS |= {"og_image": 2_000, "og_title": 300, "og_description": 500, "twitter_image": 2_000}
_META_TEXTS |= {"twitter_title": 300, "twitter_description": 500, "feature_image_alt": 191}
_META_TEXTS |= {"feature_image_caption": 65_535}
# The maximum size in bytes of a value in a column of the type `text` in MySQL.
_MAX_BYTES = 65_535
_POST_FLAGS = {"featured", "show_title_and_feature_image"}
_META_FLAGS = {"email_only"}
# In Ghost, these columns contain the id of a user. In `extra["ghost"]`, they contain the e-mail address of the user.
_EDITOR_COLUMNS = ("created_by", "updated_by", "published_by")

encode_json = JSONEncoder(ensure_ascii=False).encode


def make_post_row(post: PostRecord, now: datetime) -> Row:
    """Return the row of a post in the table `posts`.

    The content is written as a single Markdown or HTML card, so that an import restores the content exactly.
    """
    post_id = make_row_id("post", post.uuid)
    content = replace_unstorable(post.content)
    values = {
        "id": post_id,
        "uuid": str(post.uuid),
        "title": truncate(post.title, MAX_TITLE) or "(Untitled)",
        "slug": post.slug and truncate_slug(post.slug, post_id),
        "lexical": _format_lexical("html" if is_html(post) else "markdown", content),
        "html": content if is_html(post) else render_html(content),
        "custom_excerpt": post.excerpt and truncate(post.excerpt, MAX_EXCERPT),
        "type": "post",
        "status": _format_status(post, now),
        "visibility": _format_visibility(post),
        "email_recipient_filter": _format_recipients(post),
        "published_at": format_date(post.published_at),
        "created_at": format_date(post.created_at),
        "updated_at": format_date(post.updated_at),
        RECORD_COLUMN: dump_post(post),
    }
    editors = {name: make_author_id(email) for name, email in _list_editors(post).items()}
    row = {"featured": False} | _select_columns(post, _POST_TEXTS, _POST_FLAGS) | editors | values
    tags = list(map(replace_unstorable, list_tags(post)))
    authors = [make_valid_address(email, make_author_id(email)) for email in list_authors(post)]
    return row | {FINGERPRINT_COLUMN: fingerprint(clean_row(row | make_meta_row(post)), tags=tags, authors=authors)}


def clean_row(row: Row) -> Row:
    """Remove the values that are None from a row, and replace characters that a database of Ghost cannot store."""
    values = ((replace_unstorable(name), value) for name, value in row.items() if value is not None)
    return {name: replace_unstorable(value) if isinstance(value, str) else value for name, value in values}


def make_meta_row(post: PostRecord) -> Row:
    """Return the row of a post in the table `posts_meta`, or an empty row if the post has no values for this table."""
    return _select_columns(post, _META_TEXTS, _META_FLAGS)


def list_authors(post: PostRecord) -> list[str]:
    """Return the e-mail addresses of all authors of a post, with the primary author first."""
    others = _get_extra_fields(post).get("authors")
    other_emails = [email for email in others if isinstance(email, str)] if isinstance(others, list) else []
    primary_author = [post.author] if post.author is not None else []
    return list(dict.fromkeys([*primary_author, *map(_normalize_address, other_emails)]))


def list_tags(post: PostRecord) -> list[str]:
    """Return the names of the tags of a post without duplicates.

    Tags that were imported from Ghost come first, in the order that they had in Ghost. Tags that were added after the
    import follow.
    """
    stored_names = _get_extra_fields(post).get("tags")
    names = stored_names if isinstance(stored_names, list) else []
    positions = {tag_key(name): position for position, name in enumerate(names) if isinstance(name, str)}
    return sorted(dict.fromkeys(post.tags), key=lambda name: positions.get(tag_key(name), len(names)))


def make_author_id(email: str) -> str:
    """Return the id of a user in the table `users`. The id depends only on the e-mail address."""
    return make_row_id("author", email)


def list_users(post: PostRecord) -> list[str]:
    """Return the e-mail addresses of all users to whom the rows of a post refer: its authors and its editors."""
    return [*list_authors(post), *_list_editors(post).values()]


def _get_extra_fields(post: PostRecord) -> dict[str, JsonValue]:
    fields = post.extra.get("ghost")
    return fields if isinstance(fields, dict) else {}


def _list_editors(post: PostRecord) -> dict[str, str]:
    fields = _get_extra_fields(post)
    return {name: _normalize_address(email) for name in _EDITOR_COLUMNS if isinstance(email := fields.get(name), str)}


def _normalize_address(email: str) -> str:
    """Return an e-mail address in the normalized form in which blogcli stores the addresses of users."""
    return normalize_email_or_none(email) or email


def _select_columns(post: PostRecord, texts: Mapping[str, int], flags: Collection[str]) -> Row:
    # Only known columns are written, because Ghost may interpret an unknown column as a relation and then reject the
    # file.
    fields = _get_extra_fields(post).items()
    return {
        name: value
        for name, value in fields
        if (name in flags and value in (True, False))
        or (name in texts and isinstance(value, str) and _fits(replace_unstorable(value), texts[name]))
    }


def _fits(text: str, max_length: int) -> bool:
    return len(text) <= max_length and len(text.encode()) <= _MAX_BYTES


def _format_status(post: PostRecord, now: datetime) -> str:
    # Ghost has no trash, so a post in the trash becomes a draft. It must not become public.
    if post.status is PostStatus.DRAFT or post.trashed_at is not None:
        return "draft"
    if post.published_at is None and post.status is PostStatus.SCHEDULED:
        return "draft"
    if post.published_at is not None and post.published_at > now:
        return "scheduled"
    # A post with the status `sent` was only sent by e-mail. The status is preserved, because the post would appear on
    # the site if its status were `published`.
    return "sent" if _get_extra_fields(post).get("status") == "sent" else "published"


def _format_visibility(post: PostRecord) -> str:
    visibility = _get_extra_fields(post).get("visibility", "public")
    # Ghost interprets a visibility that is not in `_VISIBILITIES` as a filter, and the filter may be invalid. A post
    # with such a visibility is restricted to members, because a restricted post must not become public.
    return next((name for name in _VISIBILITIES if name == visibility), "members")


def _format_recipients(post: PostRecord) -> str | None:
    recipients = _get_extra_fields(post).get("email_recipient_filter")
    return next((name for name in _RECIPIENTS if name == recipients), None)


def _format_lexical(kind: str, content: str) -> str:
    card = {"type": kind, "version": 1, kind: content}
    root = {"children": [card], "direction": None, "format": "", "indent": 0, "type": "root", "version": 1}
    return encode_json({"root": root})
