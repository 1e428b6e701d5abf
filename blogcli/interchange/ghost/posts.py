"""A post of Ghost's, with what belongs to it, as a record."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

from pydantic import JsonValue

from ...enums import PostStatus
from ...text.casefold import tag_key
from ...text.emails import normalize_email_or_none, placeholder_email
from ..content_format import CONTENT_FORMAT, HTML
from ..items import ReadOptions
from ..notes import NoteCode
from ..records import PostRecord, UserRecord
from .authors import Say, instant, known_person, name_of_tag, person_of, say_made_up
from .content.convert import body_of
from .export_file.scanner import Author, JoinedPost
from .extra_fields import extra_of
from .gated_markers import is_gated
from .values import is_empty, is_set, text_of

_NAMESPACE = UUID("0c5e3a6c-6f5f-4a53-9c36-1d0f6ee0a9b4")
# An ObjectId, which no two rows share.
_UNIQUE = re.compile("[0-9a-f]{24}", re.IGNORECASE)
_BODIES = ("lexical", "mobiledoc", "html", "markdown")
_STATUSES = {
    "draft": PostStatus.DRAFT,
    "published": PostStatus.PUBLISHED,
    "scheduled": PostStatus.SCHEDULED,
    "sent": PostStatus.PUBLISHED,
}


def is_page(row: dict[str, Any]) -> bool:
    """Whether it is a page, which stands outside the blog."""
    return is_set(row.get("page")) or text_of(row.get("type")) not in {None, "", "post"}


def post_of(joined: JoinedPost, options: ReadOptions, say: Say) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """The post, and those who wrote it but are in no table."""
    row = joined.row
    authors = _authors(joined, say)
    people = [_person(author, say) for author in authors]
    unlisted = tuple(person for person, author in zip(people, authors, strict=True) if not author.is_listed)
    body = body_of(row, say, keeps_html=options.keep_html)
    tags = tuple(_tags(joined, say))
    extra = {**_extra(joined, people, say), **_order(tags), **{name: row[name] for name in body.kept}}
    extra |= {CONTENT_FORMAT: HTML} if body.is_html else {}
    published_at = instant("published_at", row, say)
    post = PostRecord(
        uuid=_uuid(row),
        title=text_of(row.get("title")) or "",
        author=people[0].email if people else None,
        slug=text_of(row.get("slug")) or None,
        content=body.text,
        excerpt=text_of(row.get("custom_excerpt")) or None,
        status=_status(row, say, is_dated=published_at is not None),
        tags=tags,
        extra={"ghost": extra} if extra else {},
        published_at=published_at,
        created_at=instant("created_at", row, say),
        updated_at=instant("updated_at", row, say),
    )
    return post, unlisted


def _uuid(row: dict[str, Any]) -> UUID:
    try:
        return UUID(text_of(row.get("uuid")))
    except (ValueError, TypeError, AttributeError):
        identity = text_of(row.get("id")) or ""
        # Numbers are the same in every file; addresses may change.
        name = identity.lower() if _UNIQUE.fullmatch(identity) else f"{identity or None} {text_of(row.get('slug'))}"
        return uuid5(_NAMESPACE, f"ghost {name}")


def _status(row: dict[str, Any], say: Say, *, is_dated: bool) -> PostStatus:
    said = row.get("status")
    status = _STATUSES.get(said) if isinstance(said, str) else None
    if status is None or (status is PostStatus.SCHEDULED and not is_dated):
        what = "scheduled for no date" if status else f"the status {said!r:.40}, which is unknown"
        say(NoteCode.STATUS_INFERRED, f"{what}: it became a draft")
        return PostStatus.DRAFT
    reason = None if status is PostStatus.DRAFT else _reason_to_hide(row)
    if reason is None:
        return status
    say(NoteCode.NOT_PUBLIC, f"{reason}: it became a draft")
    return PostStatus.DRAFT


def _reason_to_hide(row: dict[str, Any]) -> str | None:
    visibility = row.get("visibility")
    if not is_empty(visibility) and visibility != "public":
        return f"visible to {visibility!r:.40} only"
    if row.get("status") == "sent" or is_set(row.get("email_only")):
        return "for e-mail only"
    return "parts of it are for members only" if any(is_gated(row.get(name)) for name in _BODIES) else None


def _person(author: Author, say: Say) -> UserRecord:
    if author.is_listed:
        return known_person(author.row, _nothing)
    person = person_of(author.row, say)
    if person.email != text_of(author.row.get("email")):
        say_made_up(person, say)
    return person


def _nothing(code: NoteCode, text: str) -> None:
    """What is said where the person is listed needs no second time."""


def _authors(joined: JoinedPost, say: Say) -> list[Author]:
    authors = joined.authors or _embedded_authors(joined.row)
    if authors or joined.only_user is None:
        return authors
    say(NoteCode.AUTHOR_INFERRED, "no author; the only user of the file has it")
    return [Author(joined.only_user, is_listed=True)]


def _embedded_authors(row: dict[str, Any]) -> list[Author]:
    found = row.get("authors")
    if is_empty(found):
        found = [row.get("primary_author") or row.get("author")]
    rows = [{"name": each} if isinstance(each, str) else each for each in found] if isinstance(found, list) else []
    return [Author(each, is_listed=False) for each in rows if isinstance(each, dict)]


def _tags(joined: JoinedPost, say: Say) -> Iterator[str]:
    embedded = joined.row.get("tags")
    found = joined.tags or (embedded if isinstance(embedded, list) else [])
    for tag in found:
        name = name_of_tag(tag)
        if name:
            yield name
        else:
            known = text_of(tag.get("id")) if isinstance(tag, dict) else None
            say(NoteCode.TAG_CHANGED, f"the tag {known or '?'} of the post is not in the source: it was left out")


def _order(tags: tuple[str, ...]) -> dict[str, JsonValue]:
    """The tags, where they stand in another order than that in which they are kept."""
    return {"tags": list(tags)} if list(tags) != sorted(tags, key=tag_key) else {}


def _extra(joined: JoinedPost, people: list[UserRecord], say: Say) -> dict[str, JsonValue]:
    others = {name: _stored(known_person(user, _nothing)) for name, user in joined.others.items()}
    behind: dict[str, JsonValue] = {"authors": [_stored(person) for person in people[1:]]} if people[1:] else {}
    return {**extra_of(joined.row, say), **behind, **others}


def _stored(person: UserRecord) -> str:
    """The address by which the person will be known."""
    return normalize_email_or_none(person.email) or placeholder_email(person.email)
