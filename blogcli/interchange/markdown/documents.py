"""One Markdown file with front matter, as a person hands it in: what cannot be understood is an error."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from ...dates import parse_file_instant
from ...enums import PostStatus
from ...errors import InvalidError
from ...text.emails import placeholder_email
from ..notes import NoteCode
from ..records import UserRecord
from .fields import values
from .fields.authors import take_author
from .fields.dates import iso_text
from .fields.names import EXCERPTS, PUBLISHED, in_known_case, significant
from .fields.reader import Taker
from .fields.status import take_status
from .fields.tags import take_taxonomy
from .flavors import exported_post, flavor_of
from .front_matter.limits import Fields
from .front_matter.parser import split_front_matter
from .front_matter.yaml_writer import bare, document_text, instant_text
from .site.context import Surroundings
from .site.paths import place_of
from .texts import decode, first_heading

__all__ = ["Document", "decode_text", "read_document", "read_edit", "start_document", "write_document"]

# The fields that `write_document` writes; every other name in its front matter comes from `extra`.
_WRITTEN = ("title", "slug", "status", "date", "author", "tags", "excerpt")
# A path that says nothing about a post.
_ANYWHERE = place_of(PurePath("blog/post.md"), Surroundings())
_NOBODY = UUID(int=0)
_HINTS = {NoteCode.STATUS_INFERRED: "Use draft, scheduled or published."}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says about a post: None where it says nothing, and in `extra` every field that has no place here.

    The title may come from the first `# Heading`; `stated_title` is that of the front matter, empty where it names a
    title and leaves it blank. `notes` says in words which fields made the post a draft.
    """

    title: str | None
    slug: str | None
    published_at: datetime | None
    tags: tuple[str, ...] | None
    status: PostStatus | None
    excerpt: str | None
    author: str | None
    content: str
    extra: Fields
    stated_title: str | None = None
    notes: tuple[str, ...] = ()


def decode_text(data: bytes, *, source: str) -> str:
    """`data` as text, without a byte order mark.

    Raises InvalidError with the offset, counted from 0, of the first byte that is not UTF-8 or is a NUL.
    """
    try:
        return decode(data)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_document(
    data: bytes, *, source: str, zone: tzinfo, now: datetime, kept: Collection[str] = frozenset()
) -> Document:
    """The post that a Markdown file describes; its content is the body byte for byte, `published_at` is in UTC.

    Dates without an offset are local to `zone`. A field that is null or empty says nothing. The fields whose names
    are in `kept` go to `extra`, whatever they mean elsewhere. Raises InvalidError, beginning with `source`, for what
    cannot be read or understood.
    """
    typed = decode_text(data, source=source)
    try:
        fields, body, _ = split_front_matter(typed)
        set_aside = {name: value for name, value in fields.items() if name in kept}
        rest = {name: value for name, value in fields.items() if name not in kept}
        read = _own_document if flavor_of(rest) else _document
        return read(rest, body, zone, now, set_aside)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_edit(shown: bytes, edited: bytes, *, source: str, zone: tzinfo, now: datetime) -> tuple[Document, Document]:
    """A document that `write_document` wrote and the same after it was edited, both read in the same way.

    The fields that came from `extra` stay there: one named `draft` or `description` has no meaning for the post.
    """
    kept = split_front_matter(decode_text(shown, source=source)).fields.keys() - set(_WRITTEN)
    before, after = (read_document(data, source=source, zone=zone, now=now, kept=kept) for data in (shown, edited))
    return before, after


def _document(fields: Fields, body: str, zone: tzinfo, now: datetime, set_aside: Fields) -> Document:
    known = in_known_case(fields)
    extra, notes = significant(known), list[str]()
    taker = Taker(extra, _refuse, lambda code, text: notes.append(text) if code is NoteCode.NOT_PUBLIC else None)
    # Before the dates: `published` is either a date or a yes.
    is_stated = _states_status(extra)
    status = take_status(taker, _ANYWHERE, zone=zone, now=now)
    title = taker.take(("title",), values.text, NoteCode.TITLE_INFERRED)
    return Document(
        title=title or first_heading(body),
        slug=taker.take(("slug",), values.text, NoteCode.SLUG_CHANGED),
        published_at=taker.take(PUBLISHED, _instants(zone, now), NoteCode.DATE_INFERRED),
        tags=_take_tags(taker),
        status=status if is_stated or notes else None,
        excerpt=taker.take(EXCERPTS, values.text, NoteCode.FIELD_PRESERVED),
        author=_name_of(take_author(taker)),
        content=body,
        extra=extra | set_aside,
        stated_title=title or ("" if "title" in known else None),
        notes=tuple(notes),
    )


def _own_document(fields: Fields, body: str, zone: tzinfo, _now: datetime, set_aside: Fields) -> Document:
    """The post of a file that `export markdown` wrote, without the identity and the times of the one it came from."""
    flavor = flavor_of(fields)
    if flavor is None:
        raise TypeError("Not a file of a flavor")
    is_stated, is_titled, is_tagged = _states_status(fields), "title" in fields, "tags" in fields
    taker = Taker(dict(fields), _refuse)
    post, people = exported_post(taker, flavor, content=body, zone=zone, uuid=_NOBODY)
    if post.trashed_at is not None:
        raise InvalidError(
            "Front matter: trashed_at: the file is of a post in the trash", hint="Remove the line trashed_at."
        )
    return Document(
        title=post.title or first_heading(body),
        slug=post.slug,
        published_at=post.published_at,
        tags=post.tags if is_tagged else None,
        status=post.status if is_stated else None,
        excerpt=post.excerpt,
        author=_name_of(people[0] if people else None) or post.author,
        content=body,
        extra=dict(post.extra) | set_aside,
        stated_title=post.title if is_titled else None,
    )


def _instants(zone: tzinfo, now: datetime) -> Callable[[str, JsonValue], datetime]:
    def instant(name: str, value: JsonValue) -> datetime:
        typed = iso_text(values.text(name, value))
        try:
            return parse_file_instant(typed, zone, now=now)
        except InvalidError as error:
            raise InvalidError(f"{name}: {error.message}", hint=error.hint) from error

    return instant


def _states_status(fields: Fields) -> bool:
    stated = ("status" in fields, "draft" in fields, values.truth(fields.get("published")) is not None)
    return any(stated)


def _refuse(code: NoteCode, error: InvalidError) -> None:
    raise InvalidError(f"Front matter: {error.message}", hint=error.hint or _HINTS.get(code)) from error


def _take_tags(taker: Taker) -> tuple[str, ...] | None:
    if "tags" in taker.fields:
        return taker.take(("tags",), values.whole_tags, NoteCode.TAG_CHANGED)
    return take_taxonomy(taker, "tags", values.whole_tags)


def _name_of(author: UserRecord | None) -> str | None:
    """The author as a document names them: by address, or by name where it has no address."""
    if author is None:
        return None
    has_no_address = author.full_name is not None and author.email == placeholder_email(author.full_name)
    return author.full_name if has_no_address else author.email


def start_document(content: str, fields: Mapping[str, JsonValue]) -> str:
    """A document for a person to fill in: with these fields, and title and tags in any case."""
    known: Fields = {"title": "", "tags": []}
    return document_text(known | {name: bare(value) for name, value in fields.items()}, content)


def write_document(
    *,
    title: str,
    slug: str,
    status: str,
    published_at: datetime | None,
    author: str,
    tags: Sequence[str],
    excerpt: str | None,
    extra: Mapping[str, Any],
    content: str,
) -> str:
    """The document, its keys in this order and then those of `extra`; the body is the content byte for byte."""
    date = instant_text(published_at) if published_at else None
    known: Fields = {"title": title, "slug": slug, "status": status, "date": date, "author": author, "tags": list(tags)}
    known["excerpt"] = excerpt
    fields = {name: value for name, value in known.items() if value not in (None, [])}
    more = {name: bare(value) for name, value in extra.items() if name not in _WRITTEN}
    return document_text(fields | more, content)
