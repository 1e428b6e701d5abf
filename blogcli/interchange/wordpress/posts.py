"""Convert an item of a WordPress export to a post."""

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

from ...enums import PostStatus
from ...text.truncate_repr import quoted
from ..content_format import CONTENT_FORMAT, HTML
from ..items import ReadOptions
from ..notes import NoteCode, OnNote, ignore_note
from ..records import PostRecord, UserRecord
from . import extra_names
from .authors import read_author, read_creator
from .content.convert import convert_content, convert_excerpt
from .dates import NO_YEAR, PostDates, parse_pub_date, parse_wordpress_date, read_dates
from .embedding import load_post, load_uuid
from .export_file.scanner import PostItem
from .extra_fields import get_meta, read_extra_fields
from .plain_text import decode_slug, has_inline_markup, strip_inline_markup
from .statuses import read_extra_status, read_status, read_trashed_at
from .taxonomies import read_item_tags

# The namespace for the UUIDs that are derived from the `<guid>` elements of WordPress posts, or from other elements of
# posts without a guid.
_UUID_NAMESPACE: Final = UUID("6f3a1c52-3d0b-4c57-9d0e-6c8a4f1e7b21")
_LOCAL_ADDRESS: Final = re.compile(r"https?://(?:127\.0\.0\.1|[^/.:]+|[^/:]+\.(?:local|test))(?![^/:?])", re.IGNORECASE)
_POST_NUMBER: Final = re.compile(r"[?&;]p=(\d+)(?!\d)", re.ASCII)


def read_post(item: PostItem, options: ReadOptions, on_note: OnNote) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """Return the post in an item, and a tuple of users.

    The tuple contains the author of the post only if the export does not list the author. A post that blogcli exported
    is restored exactly, unless its item was modified in WordPress.
    """
    own_post = load_post(item.element)
    if own_post is not None:
        return own_post, ()
    post, users = _read_fields(item, options, on_note)
    return _convert_texts(post, item, options, on_note), users


def _read_fields(item: PostItem, options: ReadOptions, on_note: OnNote) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    element = item.element
    dates = read_dates(element, options.zone, on_note)
    status = read_status(element, dates.created_at, options.now, on_note=on_note, rule=item.rule)
    author, users = _read_author(item, on_note)
    post = PostRecord(
        uuid=_make_uuid(item),
        title=strip_inline_markup(element.child("title")),
        author=author,
        slug=decode_slug(get_meta(element, "_wp_desired_post_slug") or element.child("wp:post_name")),
        content=element.child("content:encoded"),
        excerpt=element.child("excerpt:encoded") or None,
        status=status,
        tags=read_item_tags(element),
        published_at=dates.created_at if status is not PostStatus.DRAFT else None,
        created_at=dates.created_at,
        updated_at=dates.updated_at,
        extra=_read_extra(item, dates),
        trashed_at=read_trashed_at(element, dates.updated_at or dates.created_at, on_note),
    )
    return post, users


def _convert_texts(post: PostRecord, item: PostItem, options: ReadOptions, on_note: OnNote) -> PostRecord:
    """Convert the content and the excerpt of a post to Markdown, unless the options require that they stay HTML.

    The original title is stored in `extra` if it contains markup. The original excerpt is stored in `extra` if the
    conversion changes the excerpt.
    """
    title = item.element.child("title")
    originals = {"title": title} if has_inline_markup(title) else {}
    content, excerpt, is_html = post.content, post.excerpt, options.keep_html
    if not options.keep_html:
        content, is_html = convert_content(content, on_note)
        excerpt = excerpt and convert_excerpt(excerpt, on_note)
    if excerpt != post.excerpt:
        originals["excerpt"] = post.excerpt or ""
    for name in originals:
        on_note(NoteCode.VALUE_CHANGED, f"the markup was removed from the {name}")
    thumbnail = get_meta(item.element, extra_names.THUMBNAIL_META).strip()
    if item.image is None and thumbnail:
        text = f"the address of the image {thumbnail}, which is not in the export"
        on_note(NoteCode.NOT_IMPORTED, text, kind="missing featured image")
    if is_html:
        originals[CONTENT_FORMAT] = HTML
    fields: Any = post.extra.get(extra_names.EXTRA_KEY, {})
    extra = {extra_names.EXTRA_KEY: {**fields, **originals}} if fields or originals else {}
    return replace(post, content=content, excerpt=excerpt, extra=extra)


def _read_author(item: PostItem, on_note: OnNote) -> tuple[str | None, tuple[UserRecord, ...]]:
    """Return the e-mail address of the author of an item, and a tuple of users.

    The tuple contains a new user for the author only if the export does not list the author. The address is None if the
    item names no creator.
    """
    creator = item.element.child("dc:creator").strip()
    if item.author is not None:
        email = read_author(item.author, ignore_note).email
        if item.is_author_ambiguous:
            text = f"several authors have the login {quoted(creator)}; the author became {email}"
            on_note(NoteCode.AUTHOR_INFERRED, text)
        return email, ()
    if not creator:
        return None, ()
    user = read_creator(creator, on_note)
    return user.email, (user,)


def _make_uuid(item: PostItem) -> UUID:
    """Return the UUID with which blogcli exported a post, or else a UUID that is derived from the guid of its item.

    If the item has no guid, the UUID is derived from the number, the link or the texts of the item.
    """
    element = item.element
    own_uuid = load_uuid(element)
    if own_uuid is not None:
        return own_uuid
    guid = element.child("guid").strip()
    number = element.child("wp:post_id").strip()
    if not guid and number:
        guid = f"{item.blog}?p={number}"
    elif number and (number_in_guid := _POST_NUMBER.search(guid)) and number_in_guid[1] != number:
        # If WordPress imports a post whose number is already in use, the post gets another number but keeps its guid.
        # Two posts may therefore have the same guid, so the number is added to the guid.
        guid = f"{guid}\n{number}"
    if _LOCAL_ADDRESS.match(guid):
        # Posts of different sites may have the same guid if the sites were created on local machines, so the URL of the
        # blog is added.
        guid = f"{item.blog}\n{guid}"
    texts = (element.child(name) for name in ("title", "pubDate", "wp:post_date", "content:encoded"))
    name = guid or element.child("link").strip() or "\n".join(texts)
    return uuid5(_UUID_NAMESPACE, name.encode(errors="replace").decode())


def _read_extra(item: PostItem, dates: PostDates) -> dict[str, Any]:
    fields = read_extra_fields(item.element) | _read_differing_fields(item, dates)
    if item.image:
        fields["feature_image"] = item.image
    return {extra_names.EXTRA_KEY: fields} if fields else {}


def _read_differing_fields(item: PostItem, dates: PostDates) -> dict[str, str]:
    """Return the fields of `extra["wordpress"]` for a status, slug or date that a post cannot represent exactly."""
    element = item.element
    fields = {"status": read_extra_status(element, rule=item.rule)}
    post_name = element.child("wp:post_name").strip()
    encoded_slug = quote(decode_slug(post_name) or "", safe="").lower()
    if encoded_slug != post_name.lower() or get_meta(element, "_wp_desired_post_slug"):
        fields["post_name"] = post_name
    for name in ("post_date", "post_modified"):
        local_date = element.child(f"wp:{name}").strip()
        date_in_gmt = parse_wordpress_date(element.child(f"wp:{name}_gmt"))
        if date_in_gmt is not None and parse_wordpress_date(local_date) not in {None, date_in_gmt}:
            fields[name] = local_date
    pub_date = element.child("pubDate").strip()
    if NO_YEAR not in pub_date and parse_pub_date(pub_date) != dates.created_at:
        fields["pubDate"] = pub_date
    return {name: text for name, text in fields.items() if text}
