"""An item of WordPress as a post."""

import re
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID, uuid5

from ...enums import PostStatus
from ..content_format import CONTENT_FORMAT, HTML
from ..items import ReadOptions
from ..notes import NoteCode
from ..records import PostRecord, UserRecord
from ..truncate_repr import quoted
from . import extra_names
from .authors import mentioned_person, person_of
from .character_references import has_inline_markup, slug_in, without_inline_markup
from .content.convert import body_of, excerpt_of
from .dates import NO_YEAR, Moments, Say, instant_of_pub_date, moments_of, silent, wordpress_date
from .embedding import restored, restored_identity
from .extra_fields import leftovers, meta_of
from .site import PostItem
from .statuses import status_of, status_to_keep, trashed_at
from .taxonomies import tags_of_item

_NAMESPACE: Final = UUID("6f3a1c52-3d0b-4c57-9d0e-6c8a4f1e7b21")
_LOCAL: Final = re.compile(r"https?://(?:127\.0\.0\.1|[^/.:]+|[^/:]+\.(?:local|test))(?![^/:?])", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[?&;]p=(\d+)(?!\d)", re.ASCII)


def post_of(item: PostItem, options: ReadOptions, say: Say) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """The post, and whom only it names; exactly as it was where the export is our own and nobody changed it."""
    own = restored(item.element)
    if own is not None:
        return own, ()
    post, people = _post(item, options, say)
    return _with_bodies(post, item, options, say), people


def _post(item: PostItem, options: ReadOptions, say: Say) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    element = item.element
    moments = moments_of(element, options.zone, say)
    status = status_of(element, moments.created_at, options.now, say=say, rule=item.rule)
    author, people = _author(item, say)
    return (
        PostRecord(
            uuid=_identity(item),
            title=without_inline_markup(element.child("title")),
            author=author,
            slug=slug_in(meta_of(element, "_wp_desired_post_slug") or element.child("wp:post_name")),
            content=element.child("content:encoded"),
            excerpt=element.child("excerpt:encoded") or None,
            status=status,
            tags=tags_of_item(element),
            published_at=moments.created_at if status is not PostStatus.DRAFT else None,
            created_at=moments.created_at,
            updated_at=moments.updated_at,
            extra=_extra(item, moments),
            trashed_at=trashed_at(element, moments.updated_at or moments.created_at, say),
        ),
        people,
    )


def _with_bodies(post: PostRecord, item: PostItem, options: ReadOptions, say: Say) -> PostRecord:
    """The post with content and excerpt in Markdown; the markup that title and excerpt lose is kept."""
    kept = {"title": item.element.child("title")} if has_inline_markup(item.element.child("title")) else {}
    content, excerpt, is_html = post.content, post.excerpt, options.keep_html
    if not options.keep_html:
        content, is_html = body_of(content, say)
        excerpt = excerpt and excerpt_of(excerpt, say)
    if excerpt != post.excerpt:
        kept["excerpt"] = post.excerpt or ""
    for name in kept:
        say(NoteCode.VALUE_CHANGED, f"the {name} lost its markup")
    if item.image is None and (number := meta_of(item.element, extra_names.THUMBNAIL).strip()):
        say(NoteCode.NOT_IMPORTED, f"the address of the image {number}, which is not in the export")
    if is_html:
        kept[CONTENT_FORMAT] = HTML
    found: Any = post.extra.get(extra_names.NAME, {})
    extra = {extra_names.NAME: {**found, **kept}} if found or kept else {}
    return replace(post, content=content, excerpt=excerpt, extra=extra)


def _author(item: PostItem, say: Say) -> tuple[str | None, tuple[UserRecord, ...]]:
    creator = item.element.child("dc:creator").strip()
    if item.author is not None:
        email = person_of(item.author, silent).email
        if item.is_author_guessed:
            say(NoteCode.AUTHOR_INFERRED, f"{quoted(creator)} is the login of several; the author became {email}")
        return email, ()
    if not creator:
        return None, ()
    person = mentioned_person(creator, say)
    return person.email, (person,)


def _identity(item: PostItem) -> UUID:
    element = item.element
    own = restored_identity(element)
    if own is not None:
        return own
    guid, number = element.child("guid").strip(), element.child("wp:post_id").strip()
    if not guid and number:
        guid = f"{item.blog}?p={number}"
    elif number and (named := _NUMBER.search(guid)) and named[1] != number:
        # It was another post's, as after an import into a site that had one of that number.
        guid = f"{guid}\n{number}"
    if _LOCAL.match(guid):
        # Of sites that were made on somebody's own machine, all begin so.
        guid = f"{item.blog}\n{guid}"
    told = (element.child(name) for name in ("title", "pubDate", "wp:post_date", "content:encoded"))
    return uuid5(
        _NAMESPACE, (guid or element.child("link").strip() or "\n".join(told)).encode(errors="replace").decode()
    )


def _extra(item: PostItem, moments: Moments) -> dict[str, Any]:
    element = item.element
    found = leftovers(element) | _unlike(item, moments)
    if item.image:
        found["feature_image"] = item.image
    return {extra_names.NAME: found} if found else {}


def _unlike(item: PostItem, moments: Moments) -> dict[str, str]:
    """What our fields say less about, or something else."""
    element = item.element
    found = {"status": status_to_keep(element, rule=item.rule)}
    name = element.child("wp:post_name").strip()
    if quote(slug_in(name) or "", safe="").lower() != name.lower() or meta_of(element, "_wp_desired_post_slug"):
        found["post_name"] = name
    for kind in ("post_date", "post_modified"):
        local, in_gmt = element.child(f"wp:{kind}").strip(), wordpress_date(element.child(f"wp:{kind}_gmt"))
        if in_gmt is not None and wordpress_date(local) not in {None, in_gmt}:
            found[kind] = local
    published = element.child("pubDate").strip()
    if NO_YEAR not in published and instant_of_pub_date(published) != moments.created_at:
        found["pubDate"] = published
    return {kind: text for kind, text in found.items() if text}
