"""Convert a post in a Ghost export to a post record, and its authors to user records."""

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
from ..notes import NoteCode, OnNote, ignore_note
from ..records import PostRecord, UserRecord
from .authors import load_or_parse_user, note_created_address, parse_user
from .content.convert import convert_content
from .dates import read_date
from .export_file.scanner import Author, JoinedPost
from .extra_fields import read_extra_fields
from .gated_markers import is_gated
from .tags import read_tag_name
from .values import as_text, is_empty, is_true

# The namespace of the UUIDs that are derived from the ids of rows.
_UUID_NAMESPACE = UUID("0c5e3a6c-6f5f-4a53-9c36-1d0f6ee0a9b4")
# Matches an id that is unique across all blogs. Ids in another format, such as numbers, are unique only in their file.
_OBJECT_ID = re.compile("[0-9a-f]{24}", re.IGNORECASE)
_CONTENT_COLUMNS = ("lexical", "mobiledoc", "html", "markdown")
_STATUSES = {
    "draft": PostStatus.DRAFT,
    "published": PostStatus.PUBLISHED,
    "scheduled": PostStatus.SCHEDULED,
    "sent": PostStatus.PUBLISHED,
}


def is_page(row: dict[str, Any]) -> bool:
    """Return whether a row of the table `posts` contains a page instead of a post."""
    return is_true(row.get("page")) or as_text(row.get("type")) not in {None, "", "post"}


def read_post(joined: JoinedPost, options: ReadOptions, on_note: OnNote) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """Return a post, and those of its authors who are not in the table `users`."""
    row = joined.row
    authors = _list_authors(joined, on_note)
    users = [_read_author(author, on_note) for author in authors]
    unlisted_users = tuple(user for user, author in zip(users, authors, strict=True) if not author.is_listed)
    content = convert_content(row, on_note, keep_html=options.keep_html)
    tags = tuple(_read_tags(joined, on_note))
    extra = {**_read_extra(joined, users, on_note), **_make_tag_order(tags)}
    extra |= {name: row[name] for name in content.stored_columns}
    extra |= {CONTENT_FORMAT: HTML} if content.is_html else {}
    published_at = read_date("published_at", row, on_note)
    post = PostRecord(
        uuid=_make_uuid(row),
        title=as_text(row.get("title")) or "",
        author=users[0].email if users else None,
        slug=as_text(row.get("slug")) or None,
        content=content.text,
        excerpt=as_text(row.get("custom_excerpt")) or None,
        status=_read_status(row, on_note, has_date=published_at is not None),
        tags=tags,
        extra={"ghost": extra} if extra else {},
        published_at=published_at,
        created_at=read_date("created_at", row, on_note),
        updated_at=read_date("updated_at", row, on_note),
    )
    return post, unlisted_users


def _make_uuid(row: dict[str, Any]) -> UUID:
    """Return the UUID in a row or, if the row contains no valid UUID, a UUID that is derived from the id of the row."""
    try:
        return UUID(as_text(row.get("uuid")))
    except (ValueError, TypeError, AttributeError):
        ghost_id = as_text(row.get("id")) or ""
        is_unique = _OBJECT_ID.fullmatch(ghost_id)
        # Posts in different files may have the same id if the id is not unique, so the slug is added to distinguish the
        # posts. The slug is not added to a unique id, because the UUID must stay the same when the slug changes.
        name = ghost_id.lower() if is_unique else f"{ghost_id or None} {as_text(row.get('slug'))}"
        return uuid5(_UUID_NAMESPACE, f"ghost {name}")


def _read_status(row: dict[str, Any], on_note: OnNote, *, has_date: bool) -> PostStatus:
    name = row.get("status")
    status = _STATUSES.get(name) if isinstance(name, str) else None
    if status is None or (status is PostStatus.SCHEDULED and not has_date):
        problem = "scheduled without a date" if status else f"unknown status {name!r:.40}"
        on_note(NoteCode.STATUS_INFERRED, f"{problem}; the post became a draft")
        return PostStatus.DRAFT
    restriction = None if status is PostStatus.DRAFT else _describe_restriction(row)
    if restriction is None:
        return status
    on_note(NoteCode.NOT_PUBLIC, f"the post is {restriction}; it became a draft")
    return PostStatus.DRAFT


def _describe_restriction(row: dict[str, Any]) -> str | None:
    """Return a description of how access to a post is restricted, or None if everybody can read the post."""
    visibility = row.get("visibility")
    if not is_empty(visibility) and visibility != "public":
        return f"visible only to {visibility!r:.40}"
    if row.get("status") == "sent" or is_true(row.get("email_only")):
        return "for e-mail only"
    return "partly restricted to members" if any(is_gated(row.get(name)) for name in _CONTENT_COLUMNS) else None


def _read_author(author: Author, on_note: OnNote) -> UserRecord:
    if author.is_listed:
        # Each row of the table `users` is also imported as a user. The import of the user adds the notes about the row,
        # so the notes are ignored here.
        return load_or_parse_user(author.row, ignore_note)
    user = parse_user(author.row, on_note)
    if user.email != as_text(author.row.get("email")):
        note_created_address(user, on_note)
    return user


def _list_authors(joined: JoinedPost, on_note: OnNote) -> list[Author]:
    authors = joined.authors or _list_embedded_authors(joined.row)
    if authors or joined.only_user is None:
        return authors
    on_note(NoteCode.AUTHOR_INFERRED, "no author; assigned to the only user of the file")
    return [Author(joined.only_user, is_listed=True)]


def _list_embedded_authors(row: dict[str, Any]) -> list[Author]:
    """Return the authors that the row of a post contains as objects or names, as in responses of the Ghost API."""
    authors = row.get("authors")
    if is_empty(authors):
        authors = [row.get("primary_author") or row.get("author")]
    if not isinstance(authors, list):
        return []
    rows = [{"name": author} if isinstance(author, str) else author for author in authors]
    return [Author(author, is_listed=False) for author in rows if isinstance(author, dict)]


def _read_tags(joined: JoinedPost, on_note: OnNote) -> Iterator[str]:
    embedded_tags = joined.row.get("tags")
    tags = joined.tags or (embedded_tags if isinstance(embedded_tags, list) else [])
    for tag in tags:
        name = read_tag_name(tag)
        if name:
            yield name
        else:
            ghost_id = as_text(tag.get("id")) if isinstance(tag, dict) else None
            on_note(NoteCode.TAG_CHANGED, f"the tag {ghost_id or '?'} of the post is not in the file and was skipped")


def _make_tag_order(tags: tuple[str, ...]) -> dict[str, JsonValue]:
    """Return a dictionary with a field `tags` that stores the order of the tags.

    The dictionary is empty if the tags are sorted by name, because blogcli always sorts tags by name.
    """
    return {"tags": list(tags)} if list(tags) != sorted(tags, key=tag_key) else {}


def _read_extra(joined: JoinedPost, users: list[UserRecord], on_note: OnNote) -> dict[str, JsonValue]:
    """Return the fields of `extra["ghost"]`, except the fields that depend on the tags or the content."""
    editors = {
        column: _normalize_address(load_or_parse_user(row, ignore_note)) for column, row in joined.editors.items()
    }
    other_authors: dict[str, JsonValue] = {}
    if users[1:]:
        other_authors["authors"] = [_normalize_address(user) for user in users[1:]]
    return {**read_extra_fields(joined.row, on_note), **other_authors, **editors}


def _normalize_address(user: UserRecord) -> str:
    """Return the e-mail address of a user in the normalized form in which blogcli stores addresses."""
    return normalize_email_or_none(user.email) or placeholder_email(user.email)
