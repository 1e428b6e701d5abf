"""Convert front matter of Jekyll, Hugo, Zola, Hexo, Pelican, Nikola, Eleventy and other site generators to posts."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from uuid import UUID

from pydantic import JsonValue

from ...text.truncate_repr import quoted
from ..items import ReadOptions
from ..notes import NoteCode
from ..records import PostRecord, UserRecord
from . import values
from .field_names import CREATED, EXCERPTS, LANGUAGES, PUBLISHED, UPDATED
from .fields.authors import pop_author
from .fields.dates import parse_instant
from .fields.reader import FieldReader
from .fields.slug import day_in_permalink, pop_slug
from .fields.status import pop_status, unstated_status
from .fields.tags import pop_all_tags
from .site.paths import PathInfo
from .texts import first_heading
from .values import Fields


def read_generator_post(
    reader: FieldReader, path_info: PathInfo, body: str, *, options: ReadOptions, uuid: UUID, is_titled_slug: bool
) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """Return the post in a file, and a tuple of user records.

    The tuple contains a record of the author if the file names an author, and is empty otherwise. Fields that cannot be
    converted stay in the `extra` fields of the post. A note is added for each inferred value. If `is_titled_slug` is
    true and the front matter contains neither a slug nor a permalink, the slug of the post is None, so that the slug is
    made from the title later.
    """
    zone = options.zone
    uuid = reader.pop(("uuid",), values.uuid, NoteCode.FIELD_PRESERVED) or uuid
    # The value of the field `published` is a boolean or a date. `pop_status` removes the field if the value is a
    # boolean, so `pop_status` must be called before the dates are read.
    status = pop_status(reader, path_info, zone=zone, now=options.now)
    author = pop_author(reader)
    published_at = _pop_published(reader, path_info, zone)
    # A date that cannot be converted stays in the fields. Even such a date shows that the post was published.
    is_dated = published_at is not None or not reader.fields.keys().isdisjoint(PUBLISHED)
    post = PostRecord(
        uuid=uuid,
        title=_pop_title(reader, path_info, body),
        author=author.email if author else None,
        slug=pop_slug(reader, path_info, is_titled=is_titled_slug),
        content=body,
        excerpt=reader.pop(EXCERPTS, values.text, NoteCode.FIELD_PRESERVED),
        status=status or unstated_status(reader, path_info, is_dated=is_dated),
        tags=pop_all_tags(reader, path_info),
        published_at=published_at,
        created_at=_pop_instant(reader, CREATED, zone),
        updated_at=_pop_instant(reader, UPDATED, zone),
        extra=_extra(reader.fields, path_info),
    )
    return post, (author,) if author else ()


def _pop_title(reader: FieldReader, path_info: PathInfo, body: str) -> str:
    title = reader.pop(("title",), values.text, NoteCode.TITLE_INFERRED)
    if title:
        return title
    heading = first_heading(body)
    inferred = heading or " ".join(path_info.slug.replace("-", " ").replace("_", " ").split()).capitalize()
    origin = "first heading" if heading else "file name"
    reader.on_note(NoteCode.TITLE_INFERRED, f"no title; {quoted(inferred)} was taken from the {origin}")
    return inferred


def _pop_published(reader: FieldReader, path_info: PathInfo, zone: tzinfo) -> datetime | None:
    published_at = _pop_instant(reader, PUBLISHED, zone)
    day = path_info.day or day_in_permalink(reader.fields)
    if published_at or day is None:
        return published_at
    inferred = reader.within({"day": day}).pop(("day",), _instant_converter(zone), NoteCode.DATE_INFERRED)
    if inferred:
        origin = "path of the file" if path_info.day else "permalink"
        reader.on_note(NoteCode.DATE_INFERRED, f"no date; {day} was taken from the {origin}")
    return inferred


def _pop_instant(reader: FieldReader, names: tuple[str, ...], zone: tzinfo) -> datetime | None:
    return reader.pop(names, _instant_converter(zone), NoteCode.DATE_INFERRED)


def _instant_converter(zone: tzinfo) -> Callable[[str, JsonValue], datetime]:
    return lambda name, value: parse_instant(name, value, zone)


def _extra(fields: Fields, path_info: PathInfo) -> Fields:
    """Return `fields`. If no field contains a language, add the language in the path of the file."""
    if path_info.language is None or not fields.keys().isdisjoint(LANGUAGES):
        return fields
    return fields | {"lang": path_info.language}
