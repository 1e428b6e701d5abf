"""The fields that generators read: Jekyll, Hugo, Zola, Hexo, Pelican, Nikola, Eleventy, Docusaurus and others."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from uuid import UUID

from pydantic import JsonValue

from ..items import ReadOptions
from ..notes import NoteCode
from ..records import PostRecord, UserRecord
from ..truncate_repr import quoted
from .fields import values
from .fields.authors import take_author
from .fields.dates import instant_of
from .fields.names import CREATED, EXCERPTS, LANGUAGES, PUBLISHED, UPDATED
from .fields.reader import Taker
from .fields.slug import day_in_address, take_slug
from .fields.status import take_status, unstated_status
from .fields.tags import take_all_tags
from .front_matter.limits import Fields
from .site.paths import Place
from .texts import first_heading


def foreign_post(
    taker: Taker, place: Place, body: str, *, options: ReadOptions, uuid: UUID, is_titled_slug: bool
) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """The post and its author; what is not understood stays in its `extra`, and what is guessed is said."""
    zone, uuid = options.zone, taker.take(("uuid",), values.uuid, NoteCode.FIELD_PRESERVED) or uuid
    # Before the dates: `published` is either a date or a yes.
    status = take_status(taker, place, zone=zone, now=options.now)
    author = take_author(taker)
    published_at = _take_published(taker, place, zone)
    # A date that cannot be understood says that the post was published all the same.
    is_dated = published_at is not None or not taker.fields.keys().isdisjoint(PUBLISHED)
    post = PostRecord(
        uuid=uuid,
        title=_take_title(taker, place, body),
        author=author.email if author else None,
        slug=take_slug(taker, place, is_titled=is_titled_slug),
        content=body,
        excerpt=taker.take(EXCERPTS, values.text, NoteCode.FIELD_PRESERVED),
        status=status or unstated_status(taker, place, is_dated=is_dated),
        tags=take_all_tags(taker, place),
        published_at=published_at,
        created_at=_take_instant(taker, CREATED, zone),
        updated_at=_take_instant(taker, UPDATED, zone),
        extra=_extra(taker.fields, place),
    )
    return post, (author,) if author else ()


def _take_title(taker: Taker, place: Place, body: str) -> str:
    title = taker.take(("title",), values.text, NoteCode.TITLE_INFERRED)
    if title:
        return title
    heading = first_heading(body)
    guess = heading or " ".join(place.slug.replace("-", " ").replace("_", " ").split()).capitalize()
    origin = "its first heading" if heading else "the name of the file"
    taker.say(NoteCode.TITLE_INFERRED, f"no title; {quoted(guess)} is {origin}")
    return guess


def _take_published(taker: Taker, place: Place, zone: tzinfo) -> datetime | None:
    said = _take_instant(taker, PUBLISHED, zone)
    day = place.day or day_in_address(taker.fields)
    if said or day is None:
        return said
    found = taker.within({"day": day}).take(("day",), _instants(zone), NoteCode.DATE_INFERRED)
    if found:
        origin = "the name of its file or folders" if place.day else "its address"
        taker.say(NoteCode.DATE_INFERRED, f"no date; {day} is in {origin}")
    return found


def _take_instant(taker: Taker, names: tuple[str, ...], zone: tzinfo) -> datetime | None:
    return taker.take(names, _instants(zone), NoteCode.DATE_INFERRED)


def _instants(zone: tzinfo) -> Callable[[str, JsonValue], datetime]:
    return lambda name, value: instant_of(name, value, zone)


def _extra(fields: Fields, place: Place) -> Fields:
    if place.language is None or not fields.keys().isdisjoint(LANGUAGES):
        return fields
    return fields | {"lang": place.language}
