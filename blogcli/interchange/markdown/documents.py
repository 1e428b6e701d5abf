"""Read and write the Markdown documents of `post create` and `post edit`.

An import keeps a field whose value cannot be converted. In a document, such a field is an error.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import JsonValue

from ...dates import parse_file_instant
from ...enums import Flavor, PostStatus
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

# The names of the fields that `write_document` writes, except the fields of its parameter `extra`.
_DOCUMENT_FIELDS = ("title", "slug", "status", "date", "author", "tags", "excerpt")
# The status of a document does not depend on its path, but `pop_status` requires facts about a path. This path has no
# effect on the status.
_NEUTRAL_PATH = inspect_path(PurePath("blog/post.md"), FolderContext())
_NIL_UUID = UUID(int=0)
_HINTS = {NoteCode.STATUS_INFERRED: "Use draft, scheduled or published."}


@dataclass(frozen=True, slots=True)
class FrontMatterDocument:
    """The values of a post that were read from a file. An attribute is None if the file does not contain its value.

    `extra` contains the fields of the front matter that were not converted to another attribute. If the front matter
    has no title, `title` is the first heading of the text. `stated_title` is the title in the front matter, or an empty
    string if the field `title` is blank. `notes` contains the reasons why the post became a draft.
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
    """Decode the bytes of a file as UTF-8 and remove a byte order mark.

    Raises InvalidError if the bytes are not valid UTF-8 or contain NUL. The message begins with `source` and contains
    the offset of the invalid byte, counted from 0.
    """
    try:
        return decode(data)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_document(
    data: bytes, *, source: str, zone: tzinfo, now: datetime, extra_names: Collection[str] = frozenset()
) -> FrontMatterDocument:
    """Parse a Markdown file, and return the values of the post in the file.

    The fields and the formats of dates are described in docs/writing.md. A date without an offset is a local time in
    `zone`, and a date such as `tomorrow` is relative to `now`. The content is the unchanged text below the front
    matter. Known fields that are blank are ignored, except in a file that `export markdown` wrote. A field whose name
    is in `extra_names` is put into `extra`, even if it is the name of a known field.

    Raises InvalidError if the file cannot be parsed, if the value of a field cannot be converted, or if the file was
    exported from a post in the trash. The message begins with `source`.
    """
    text = decode_text(data, source=source)
    try:
        fields, body, _ = split_front_matter(text)
        extra = {name: value for name, value in fields.items() if name in extra_names}
        known = {name: value for name, value in fields.items() if name not in extra_names}
        flavor = flavor_of(known)
        if flavor:
            return _read_exported(known, body, flavor, zone=zone, extra=extra)
        return _read_typed(known, body, zone=zone, now=now, extra=extra)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_edit(
    original: bytes, edited: bytes, *, source: str, zone: tzinfo, now: datetime
) -> tuple[FrontMatterDocument, FrontMatterDocument]:
    """Parse the original and the edited version of a document, and return the values of both versions.

    `write_document` wrote the original, and a user edited it. A field that `write_document` wrote from its parameter
    `extra` is put into `extra` again. A field with a name such as `draft` or `description` therefore does not change
    the status or the excerpt of the post.

    Raises InvalidError if a version cannot be parsed or if the value of a field cannot be converted.
    """
    extra_names = split_front_matter(decode_text(original, source=source)).fields.keys() - set(_DOCUMENT_FIELDS)
    before = read_document(original, source=source, zone=zone, now=now, extra_names=extra_names)
    after = read_document(edited, source=source, zone=zone, now=now, extra_names=extra_names)
    return before, after


def _read_typed(fields: Fields, body: str, *, zone: tzinfo, now: datetime, extra: Fields) -> FrontMatterDocument:
    """Return the values of a post in a document that a user wrote."""
    known = normalize_case(fields)
    notes = list[str]()
    reader = FieldReader(
        without_blank_fields(known),
        _raise_error,
        lambda code, message: notes.append(message) if code is NoteCode.NOT_PUBLIC else None,
    )
    is_stated = _states_status(reader.fields)
    # The value of the field `published` is a boolean or a date. `pop_status` removes the field if the value is a
    # boolean, so `pop_status` must be called before the dates are read.
    status = pop_status(reader, _NEUTRAL_PATH, zone=zone, now=now)
    title = reader.pop(("title",), values.text, NoteCode.TITLE_INFERRED)
    return FrontMatterDocument(
        title=title or first_heading(body),
        slug=reader.pop(("slug",), values.text, NoteCode.SLUG_CHANGED),
        published_at=reader.pop(PUBLISHED, _instant_converter(zone, now), NoteCode.DATE_INFERRED),
        tags=_pop_tags(reader),
        status=status if is_stated or notes else None,
        excerpt=reader.pop(EXCERPTS, values.text, NoteCode.FIELD_PRESERVED),
        author=_name_of(pop_author(reader)),
        content=body,
        extra=reader.fields | extra,
        stated_title=title or ("" if "title" in known else None),
        notes=tuple(notes),
    )


def _read_exported(fields: Fields, body: str, flavor: Flavor, *, zone: tzinfo, extra: Fields) -> FrontMatterDocument:
    """Return the values of the post in a file that `export markdown` wrote.

    The UUID and the timestamps of the post are ignored, except the publication date. Raises InvalidError if the post
    was in the trash.
    """
    reader = FieldReader(dict(fields), _raise_error)
    post, people = read_exported_post(reader, flavor, content=body, zone=zone, uuid=_NIL_UUID)
    if post.trashed_at is not None:
        raise InvalidError(
            "Front matter: trashed_at: the exported post was in the trash", hint="Remove the line trashed_at."
        )
    return FrontMatterDocument(
        title=post.title or first_heading(body),
        slug=post.slug,
        published_at=post.published_at,
        tags=post.tags if "tags" in fields else None,
        status=post.status if _states_status(fields) else None,
        excerpt=post.excerpt,
        author=_name_of(people[0] if people else None) or post.author,
        content=body,
        extra=dict(post.extra) | extra,
        stated_title=post.title if "title" in fields else None,
    )


def _instant_converter(zone: tzinfo, now: datetime) -> Callable[[str, JsonValue], datetime]:
    def instant(name: str, value: JsonValue) -> datetime:
        typed = iso_text(values.text(name, value))
        try:
            return parse_file_instant(typed, zone, now=now)
        except InvalidError as error:
            raise InvalidError(f"{name}: {error.message}", hint=error.hint) from error

    return instant


def _states_status(fields: Fields) -> bool:
    return "status" in fields or "draft" in fields or values.truth(fields.get("published")) is not None


def _raise_error(code: NoteCode, error: InvalidError) -> None:
    raise InvalidError(f"Front matter: {error.message}", hint=error.hint or _HINTS.get(code)) from error


def _pop_tags(reader: FieldReader) -> tuple[str, ...] | None:
    if "tags" in reader.fields:
        return reader.pop(("tags",), values.whole_tags, NoteCode.TAG_CHANGED)
    return pop_taxonomy(reader, "tags", values.whole_tags)


def _name_of(author: UserRecord | None) -> str | None:
    """Return the e-mail address of an author, or the full name if the address is a placeholder made from the name."""
    if author is None:
        return None
    is_placeholder = author.full_name is not None and author.email == placeholder_email(author.full_name)
    return author.full_name if is_placeholder else author.email


def start_document(content: str, fields: Mapping[str, JsonValue]) -> str:
    """Return the text of a new document for a user to complete.

    The title and the list of tags are empty unless `fields` contains them.
    """
    blank: Fields = {"title": "", "tags": []}
    return document_text(blank | {name: to_plain_scalars(value) for name, value in fields.items()}, content)


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
    """Return the text of a document, which consists of front matter and the unchanged content.

    The fields are written in the order of the parameters, without parameters that are None or an empty list. The fields
    of `extra` are written last, except fields whose names are in `_DOCUMENT_FIELDS`.
    """
    date = instant_text(published_at) if published_at else None
    known: Fields = {
        "title": title,
        "slug": slug,
        "status": status,
        "date": date,
        "author": author,
        "tags": list(tags),
        "excerpt": excerpt,
    }
    stated = {name: value for name, value in known.items() if value not in (None, [])}
    extra_fields = {name: to_plain_scalars(value) for name, value in extra.items() if name not in known}
    return document_text(stated | extra_fields, content)
