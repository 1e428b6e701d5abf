"""Read and write the single Markdown documents of `post create` and `post edit`.

Unlike an import, a field that cannot be understood is an error here.
"""

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
from . import values
from .field_names import EXCERPTS, PUBLISHED, normalize_case, without_blank_fields
from .fields.authors import pop_author
from .fields.dates import iso_text
from .fields.reader import FieldReader
from .fields.status import pop_status
from .fields.tags import pop_taxonomy
from .flavors import flavor_of, read_exported_post
from .front_matter.parser import split_front_matter
from .front_matter.yaml_writer import document_text, instant_text, to_plain_scalars
from .site.context import FolderContext
from .site.paths import inspect_path
from .texts import decode, first_heading
from .values import Fields

__all__ = ["FrontMatterDocument", "decode_text", "read_document", "read_edit", "start_document", "write_document"]

# The fields that `write_document` writes; every other name in its front matter comes from `extra`.
_WRITTEN = ("title", "slug", "status", "date", "author", "tags", "excerpt")
# Information about a path that states nothing about a post.
_NEUTRAL_PATH = inspect_path(PurePath("blog/post.md"), FolderContext())
_NIL_UUID = UUID(int=0)
_HINTS = {NoteCode.STATUS_INFERRED: "Use draft, scheduled or published."}


@dataclass(frozen=True, slots=True)
class FrontMatterDocument:
    """The values that a file states for a post, with None for each value that it does not state.

    `extra` holds the fields that a post has no column for. The title may come from the first `# Heading`.
    `stated_title` is the title in the front matter, or empty if the front matter has a blank title. `notes` holds
    messages that name the fields which made the post a draft.
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
    """Decode `data` and remove a byte order mark.

    Raises InvalidError with the offset, counted from 0, of the first byte that is not UTF-8 or is a NUL.
    """
    try:
        return decode(data)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_document(
    data: bytes, *, source: str, zone: tzinfo, now: datetime, extra_names: Collection[str] = frozenset()
) -> FrontMatterDocument:
    """Return the post that a Markdown file describes.

    The content is the unchanged body, and `published_at` is in UTC. Dates without an offset are local to `zone`. Fields
    that are null or empty are ignored. Fields whose names are in `extra_names` are put into `extra`, even if their
    names have a meaning. Raises InvalidError, with a message that begins with `source`, if the file cannot be read or
    a field cannot be understood.
    """
    typed = decode_text(data, source=source)
    try:
        fields, body, _ = split_front_matter(typed)
        set_aside = {name: value for name, value in fields.items() if name in extra_names}
        rest = {name: value for name, value in fields.items() if name not in extra_names}
        read = _own_document if flavor_of(rest) else _document
        return read(rest, body, zone, now, set_aside)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_edit(
    shown: bytes, edited: bytes, *, source: str, zone: tzinfo, now: datetime
) -> tuple[FrontMatterDocument, FrontMatterDocument]:
    """Return the document that `write_document` wrote and the document after it was edited.

    Fields that came from `extra` are put into `extra` again: a field named `draft` or `description` among them does
    not change the post.
    """
    extra_names = split_front_matter(decode_text(shown, source=source)).fields.keys() - set(_WRITTEN)
    original = read_document(shown, source=source, zone=zone, now=now, extra_names=extra_names)
    changed = read_document(edited, source=source, zone=zone, now=now, extra_names=extra_names)
    return original, changed


def _document(fields: Fields, body: str, zone: tzinfo, now: datetime, set_aside: Fields) -> FrontMatterDocument:
    known = normalize_case(fields)
    extra = without_blank_fields(known)
    notes = list[str]()
    reader = FieldReader(
        extra, _raise_error, lambda code, text: notes.append(text) if code is NoteCode.NOT_PUBLIC else None
    )
    # The status is read before the dates because `published` is either a date or a boolean.
    is_stated = _states_status(extra)
    status = pop_status(reader, _NEUTRAL_PATH, zone=zone, now=now)
    title = reader.pop(("title",), values.text, NoteCode.TITLE_INFERRED)
    return FrontMatterDocument(
        title=title or first_heading(body),
        slug=reader.pop(("slug",), values.text, NoteCode.SLUG_CHANGED),
        published_at=reader.pop(PUBLISHED, _instants(zone, now), NoteCode.DATE_INFERRED),
        tags=_pop_tags(reader),
        status=status if is_stated or notes else None,
        excerpt=reader.pop(EXCERPTS, values.text, NoteCode.FIELD_PRESERVED),
        author=_name_of(pop_author(reader)),
        content=body,
        extra=extra | set_aside,
        stated_title=title or ("" if "title" in known else None),
        notes=tuple(notes),
    )


def _own_document(fields: Fields, body: str, zone: tzinfo, _now: datetime, set_aside: Fields) -> FrontMatterDocument:
    """Read a file that `export markdown` wrote, without the UUID and the timestamps of the exported post."""
    flavor = flavor_of(fields)
    if flavor is None:
        raise TypeError("Not a file of a flavor")
    is_stated = _states_status(fields)
    is_titled = "title" in fields
    is_tagged = "tags" in fields
    reader = FieldReader(dict(fields), _raise_error)
    post, people = read_exported_post(reader, flavor, content=body, zone=zone, uuid=_NIL_UUID)
    if post.trashed_at is not None:
        raise InvalidError(
            "Front matter: trashed_at: the file is of a post in the trash", hint="Remove the line trashed_at."
        )
    return FrontMatterDocument(
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


def _raise_error(code: NoteCode, error: InvalidError) -> None:
    raise InvalidError(f"Front matter: {error.message}", hint=error.hint or _HINTS.get(code)) from error


def _pop_tags(reader: FieldReader) -> tuple[str, ...] | None:
    if "tags" in reader.fields:
        return reader.pop(("tags",), values.whole_tags, NoteCode.TAG_CHANGED)
    return pop_taxonomy(reader, "tags", values.whole_tags)


def _name_of(author: UserRecord | None) -> str | None:
    """Return the e-mail address of the author, or the name if the address was generated from it."""
    if author is None:
        return None
    has_no_address = author.full_name is not None and author.email == placeholder_email(author.full_name)
    return author.full_name if has_no_address else author.email


def start_document(content: str, fields: Mapping[str, JsonValue]) -> str:
    """Return a document to fill in, with an empty title and empty tags unless `fields` has them."""
    known: Fields = {"title": "", "tags": []}
    return document_text(known | {name: to_plain_scalars(value) for name, value in fields.items()}, content)


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
    """Return a document with these fields in this order, then the fields of `extra`, and the unchanged content."""
    date = instant_text(published_at) if published_at else None
    known: Fields = {"title": title, "slug": slug, "status": status, "date": date, "author": author, "tags": list(tags)}
    known["excerpt"] = excerpt
    fields = {name: value for name, value in known.items() if value not in (None, [])}
    more = {name: to_plain_scalars(value) for name, value in extra.items() if name not in _WRITTEN}
    return document_text(fields | more, content)
