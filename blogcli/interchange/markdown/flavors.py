"""Write posts to exported files, and read the posts back without loss of data.

The flavor of an export determines the names of the fields in the exported files.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from pydantic import JsonValue

from ...enums import Flavor, PostStatus
from ..notes import NoteCode
from ..records import PostRecord, UserRecord
from . import values
from .fields.author_field import author_fields, pop_author_fields
from .fields.dates import parse_instant
from .fields.reader import FieldReader
from .fields.status import pop_flag, pop_published_flag, status_word, strictest
from .front_matter.yaml_writer import PlainScalar, document_text, instant_text, to_plain_scalars
from .values import Fields

# The name of the field that identifies exported files. The value of the field is a map. The items of the map are the
# hidden fields, whose values site generators cannot read.
_MARKER = "blogcli"
_PUBLIC = (PostStatus.PUBLISHED, PostStatus.SCHEDULED)
# The timestamps that are written as hidden fields.
_HIDDEN_INSTANTS = ("trashed_at", "expires_at", "first_published_at")


@dataclass(frozen=True, slots=True)
class _FieldNames:
    excerpt: str
    updated_at: str
    # The name of the status field, which determines whether the post is public.
    status: str
    # The value of the status field for each status. A public status without a value is written like `PUBLISHED`.
    status_words: Mapping[PostStatus, str]


_FIELD_NAMES = {
    Flavor.PLAIN: _FieldNames("excerpt", "updated_at", "status", {status: str(status) for status in PostStatus}),
    Flavor.JEKYLL: _FieldNames(
        "excerpt", "last_modified_at", "published", {PostStatus.PUBLISHED: "true", PostStatus.DRAFT: "false"}
    ),
    Flavor.HUGO: _FieldNames("summary", "lastmod", "draft", {PostStatus.PUBLISHED: "false", PostStatus.DRAFT: "true"}),
}


# Maps the name of each status field to a function that removes the field and returns the status. Each flavor writes one
# of these fields, but a user may have added another status field to mark the post as a draft.
_STATUS_FIELDS: Mapping[str, Callable[[FieldReader], PostStatus | None]] = {
    "status": lambda reader: reader.pop(("status",), status_word, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT,
    "draft": lambda reader: pop_flag(reader, "draft", PostStatus.DRAFT, PostStatus.PUBLISHED),
    "published": pop_published_flag,
}


def is_public(post: PostRecord) -> bool:
    """Return whether the post is published or scheduled, and not in the trash."""
    return post.trashed_at is None and post.status in _PUBLIC


def write_exported_post(post: PostRecord, flavor: Flavor, *, full_name: str | None = None) -> str:
    """Return the text of the exported file of a post.

    `full_name` is the full name of the author, or None if the name is not known.
    """
    names = _FIELD_NAMES[flavor]
    author, hidden_author = author_fields(post.author, full_name)
    visible_status = PlainScalar(names.status_words[_visible_status(post, names)])
    known: dict[str, JsonValue] = {
        "uuid": str(post.uuid),
        "title": post.title,
        "slug": post.slug,
        names.status: visible_status,
        "date": _instant(post.published_at),
        "created_at": _instant(post.created_at),
        names.updated_at: _instant(post.updated_at),
        "author": author,
        "tags": list(post.tags) or None,
        names.excerpt: post.excerpt,
        _MARKER: None,
    }
    reserved = known.keys() | _STATUS_FIELDS.keys()
    known[_MARKER] = {"flavor": str(flavor)} | hidden_author | _hidden_fields(post, names, reserved=reserved)
    stated = {name: value for name, value in known.items() if value is not None}
    extra = {name: to_plain_scalars(value) for name, value in post.extra.items() if name not in reserved}
    return document_text(stated | extra, post.content)


def flavor_of(fields: Fields) -> Flavor | None:
    """Return the flavor of the exported file that contains `fields`, or None if blogcli did not export the file."""
    hidden = fields.get(_MARKER)
    name = hidden.get("flavor") if isinstance(hidden, dict) else None
    return next((flavor for flavor in Flavor if flavor == name), None)


def read_exported_post(
    reader: FieldReader, flavor: Flavor, *, content: str, zone: tzinfo, uuid: UUID
) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """Return the post in an exported file, and a tuple of user records.

    The tuple contains a record of the author if the file contains the full name of the author, and is empty otherwise.
    The post gets the UUID in the parameter `uuid` if the file contains no valid UUID, for example because a user
    removed the field.
    """
    names = _FIELD_NAMES[flavor]
    pop = reader.pop
    marker = reader.fields.pop(_MARKER)
    hidden = reader.within(marker if isinstance(marker, dict) else {})

    def instant(name: str, value: JsonValue) -> datetime:
        return parse_instant(name, value, zone)

    author, person = pop_author_fields(reader, hidden.fields)
    post = PostRecord(
        uuid=pop(("uuid",), values.uuid, NoteCode.FIELD_PRESERVED) or uuid,
        title=pop(("title",), values.exact_text, NoteCode.TITLE_INFERRED) or "",
        author=author,
        slug=pop(("slug",), values.exact_text, NoteCode.SLUG_CHANGED),
        content=content,
        excerpt=pop((names.excerpt,), values.exact_text, NoteCode.FIELD_PRESERVED),
        status=_status(reader, hidden, names),
        tags=pop(("tags",), _exact_tags, NoteCode.TAG_CHANGED) or (),
        published_at=pop(("date",), instant, NoteCode.DATE_INFERRED),
        created_at=pop(("created_at",), instant, NoteCode.DATE_INFERRED),
        updated_at=pop((names.updated_at,), instant, NoteCode.DATE_INFERRED),
        **{name: hidden.pop((name,), instant, NoteCode.DATE_INFERRED) for name in _HIDDEN_INSTANTS},
        extra=_extra(reader.fields, hidden.fields),
    )
    return post, (person,) if person else ()


def _hidden_fields(post: PostRecord, names: _FieldNames, *, reserved: Collection[str]) -> Fields:
    """Return the hidden fields of a post, except the fields of its author.

    The hidden fields contain the values for which site generators have no field, and the fields of `post.extra` whose
    names are in `reserved`.
    """
    hidden = Fields()
    if post.status is not _visible_status(post, names):
        hidden["status"] = str(post.status)
    for name in _HIDDEN_INSTANTS:
        if instant := getattr(post, name):
            hidden[name] = _instant(instant)
    extra: Fields = {name: to_plain_scalars(value) for name, value in post.extra.items() if name in reserved}
    return hidden | {"extra": extra} if extra else hidden


def _visible_status(post: PostRecord, names: _FieldNames) -> PostStatus:
    """Return the status whose word is written into the field that site generators read."""
    if not is_public(post):
        return PostStatus.DRAFT
    return post.status if post.status in names.status_words else PostStatus.PUBLISHED


def _instant(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None


def _status(reader: FieldReader, hidden: FieldReader, names: _FieldNames) -> PostStatus:
    """Return DRAFT if any status field marks the post as a draft, or else the status in the status field of the flavor.

    A user may have added the status fields of other flavors to the exported file.
    """
    others = [name for name in _STATUS_FIELDS if name != names.status and not values.is_blank(reader.fields.get(name))]
    statuses = [_own_status(reader, hidden, names), *(_STATUS_FIELDS[name](reader) for name in others)]
    return strictest(statuses) or PostStatus.PUBLISHED


def _own_status(reader: FieldReader, hidden: FieldReader, names: _FieldNames) -> PostStatus:
    """Return the status in the fields that the flavor writes: a visible field and, for some statuses, a hidden field.

    The hidden field takes precedence, because its value is more exact. The visible field takes precedence if a user
    changed its value from public to draft or from draft to public. If a user removed the visible field, the status is
    PUBLISHED.
    """
    statuses = {word: status for status, word in names.status_words.items()}

    def convert(name: str, value: JsonValue) -> PostStatus:
        word = values.text(name, value).lower()
        if word not in statuses:
            raise values.invalid_value(name, value, f"one of {', '.join(statuses)}")
        return statuses[word]

    hidden_status = hidden.pop(("status",), _exact_status, NoteCode.STATUS_INFERRED)
    if names.status not in reader.fields:
        return PostStatus.PUBLISHED
    visible_status = reader.pop((names.status,), convert, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT
    if hidden_status is None:
        return visible_status
    was_public = hidden_status in _PUBLIC and "trashed_at" not in hidden.fields
    is_public_now = visible_status is not PostStatus.DRAFT
    return hidden_status if was_public == is_public_now else visible_status


def _exact_status(name: str, value: JsonValue) -> PostStatus:
    word = values.text(name, value)
    if word not in set(PostStatus):
        raise values.invalid_value(name, value, "a status")
    return PostStatus(word)


def _exact_tags(name: str, value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(map(str, value))
    return values.whole_tags(name, value)


def _extra(fields: Fields, hidden: Fields) -> Fields:
    """Return all fields and hidden fields that were not converted, and the fields in the hidden field `extra`."""
    hidden.pop("flavor", None)
    hidden_extra = hidden.pop("extra", None)
    remaining: Fields = {_MARKER: hidden} if hidden else {}
    return fields | remaining | (hidden_extra if isinstance(hidden_extra, dict) else {})
