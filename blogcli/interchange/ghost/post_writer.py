"""A post as rows of Ghost's tables: its own columns, and those that stand in `extra["ghost"]` as `fields` says."""

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
from .embedding import KEY, TOLD, kept_post, told
from .schema_limits import MAX_EXCERPT, MAX_TITLE, address, cut, instant, row_id, short_slug, storable

Row: TypeAlias = dict[str, Any]

_VISIBILITIES = ("public", "members", "paid", "tiers")
_RECIPIENTS = ("all", "none", "status:free", "status:-free")
# How long the texts may be. Source: data/schema/schema.js in TryGhost/Ghost.
_POST_TEXTS = {"locale": 6, "comment_id": 50, "newsletter_id": 24, "custom_template": 100}
_POST_TEXTS |= {"feature_image": 2_000, "canonical_url": 2_000, "codeinjection_head": 65_535}
_POST_TEXTS |= {"codeinjection_foot": 65_535}
_META_TEXTS = {"meta_title": 300, "meta_description": 500, "email_subject": 300, "frontmatter": 65_535}
_META_TEXTS |= {"og_image": 2_000, "og_title": 300, "og_description": 500, "twitter_image": 2_000}
_META_TEXTS |= {"twitter_title": 300, "twitter_description": 500, "feature_image_alt": 191}
_META_TEXTS |= {"feature_image_caption": 65_535}
# Of a `text` in MySQL.
_MAX_BYTES = 65_535
_POST_FLAGS, _META_FLAGS = {"featured", "show_title_and_feature_image"}, {"email_only"}
# An e-mail address in `extra`, the id of a person in Ghost.
_EDITORS = ("created_by", "updated_by", "published_by")

encode = JSONEncoder(ensure_ascii=False).encode


def post_row(post: PostRecord, now: datetime) -> Row:
    """The row in `posts`; its body is one card, the text of which is the content byte for byte."""
    post_id, content = row_id("post", post.uuid), storable(post.content)
    said = {
        "id": post_id,
        "uuid": str(post.uuid),
        "title": cut(post.title, MAX_TITLE) or "(Untitled)",
        "slug": post.slug and short_slug(post.slug, post_id),
        "lexical": _lexical("html" if is_html(post) else "markdown", content),
        "html": content if is_html(post) else render_html(content),
        "custom_excerpt": post.excerpt and cut(post.excerpt, MAX_EXCERPT),
        "type": "post",
        "status": _status(post, now),
        "visibility": _visibility(post),
        "email_recipient_filter": _recipients(post),
        "published_at": instant(post.published_at),
        "created_at": instant(post.created_at),
        "updated_at": instant(post.updated_at),
        KEY: kept_post(post),
    }
    people = {name: author_id(email) for name, email in _editors(post).items()}
    row = {"featured": False} | _columns(post, _POST_TEXTS, _POST_FLAGS) | people | said
    tags, authors = list(map(storable, tags_of(post))), [address(each, author_id(each)) for each in authors_of(post)]
    return row | {TOLD: told(storable_row(row | meta_row(post)), tags=tags, authors=authors)}


def storable_row(row: Row) -> Row:
    """The row without nulls, and with texts that databases hold: as it stands in the file."""
    said = ((storable(name), value) for name, value in row.items() if value is not None)
    return {name: storable(value) if isinstance(value, str) else value for name, value in said}


def meta_row(post: PostRecord) -> Row:
    """What Ghost keeps in `posts_meta`; empty where there is nothing of that."""
    return _columns(post, _META_TEXTS, _META_FLAGS)


def authors_of(post: PostRecord) -> list[str]:
    """The e-mail addresses of all authors, the first of them first."""
    others = _from_ghost(post).get("authors")
    behind = [_folded(each) for each in others if isinstance(each, str)] if isinstance(others, list) else []
    return list(dict.fromkeys([*([post.author] if post.author is not None else []), *behind]))


def tags_of(post: PostRecord) -> list[str]:
    """The names of its tags, each once, in the order that Ghost had them in, and others behind."""
    stated = _from_ghost(post).get("tags")
    names = stated if isinstance(stated, list) else []
    places = {tag_key(name): place for place, name in enumerate(names) if isinstance(name, str)}
    return sorted(dict.fromkeys(post.tags), key=lambda name: places.get(tag_key(name), len(names)))


def author_id(email: str) -> str:
    """The id of the row in `users`."""
    return row_id("author", email)


def people_of(post: PostRecord) -> list[str]:
    """The e-mail addresses of all whom the rows of the post name."""
    return [*authors_of(post), *_editors(post).values()]


def _from_ghost(post: PostRecord) -> dict[str, JsonValue]:
    fields = post.extra.get("ghost")
    return fields if isinstance(fields, dict) else {}


def _editors(post: PostRecord) -> dict[str, str]:
    fields = _from_ghost(post)
    return {name: _folded(email) for name in _EDITORS if isinstance(email := fields.get(name), str)}


def _folded(email: str) -> str:
    """The address in the form in which people are known by theirs."""
    return normalize_email_or_none(email) or email


def _columns(post: PostRecord, texts: Mapping[str, int], flags: Collection[str]) -> Row:
    # No others: Ghost may take them for relations, and then stops.
    fields = _from_ghost(post).items()
    return {
        name: value
        for name, value in fields
        if (name in flags and value in (True, False))
        or (name in texts and isinstance(value, str) and _fits(storable(value), texts[name]))
    }


def _fits(text: str, length: int) -> bool:
    return len(text) <= length and len(text.encode()) <= _MAX_BYTES


def _status(post: PostRecord, now: datetime) -> str:
    # Ghost has no trash, and what lies there must not go public.
    if post.status is PostStatus.DRAFT or post.trashed_at is not None:
        return "draft"
    if post.published_at is None and post.status is PostStatus.SCHEDULED:
        return "draft"
    if post.published_at is not None and post.published_at > now:
        return "scheduled"
    # By e-mail only: as `published` it would stand on the site.
    return "sent" if _from_ghost(post).get("status") == "sent" else "published"


def _visibility(post: PostRecord) -> str:
    stated = _from_ghost(post).get("visibility", "public")
    # Any other is a filter to Ghost, which it may fail to read; what is not for all must not become so.
    return next((each for each in _VISIBILITIES if each == stated), "members")


def _recipients(post: PostRecord) -> str | None:
    stated = _from_ghost(post).get("email_recipient_filter")
    return next((each for each in _RECIPIENTS if each == stated), None)


def _lexical(kind: str, content: str) -> str:
    card = {"type": kind, "version": 1, kind: content}
    root = {"children": [card], "direction": None, "format": "", "indent": 0, "type": "root", "version": 1}
    return encode({"root": root})
