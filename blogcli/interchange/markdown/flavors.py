"""Write and read exported files with the field names of each flavor, without loss of data."""

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

# This field identifies exported files and holds the values that generators have no field for.
_OURS = "blogcli"
_PUBLIC = (PostStatus.PUBLISHED, PostStatus.SCHEDULED)
# The timestamps that only exported files have.
_HIDDEN_INSTANTS = ("trashed_at", "expires_at", "first_published_at")


@dataclass(frozen=True, slots=True)
class _Names:
    excerpt: str
    updated_at: str
    # The field that states whether the post is public, and its value for each status.
    public: str
    words: Mapping[PostStatus, str]


_NAMES = {
    Flavor.PLAIN: _Names("excerpt", "updated_at", "status", {status: str(status) for status in PostStatus}),
    Flavor.JEKYLL: _Names(
        "excerpt", "last_modified_at", "published", {PostStatus.PUBLISHED: "true", PostStatus.DRAFT: "false"}
    ),
    Flavor.HUGO: _Names("summary", "lastmod", "draft", {PostStatus.PUBLISHED: "false", PostStatus.DRAFT: "true"}),
}


# A flavor writes one of these fields, and a user may have added another one to make the post a draft.
_ADDED: Mapping[str, Callable[[FieldReader], PostStatus | None]] = {
    "status": lambda reader: reader.pop(("status",), status_word, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT,
    "draft": lambda reader: pop_flag(reader, "draft", PostStatus.DRAFT, PostStatus.PUBLISHED),
    "published": pop_published_flag,
}


def is_public(post: PostRecord) -> bool:
    """Return whether the post is published or scheduled, and not in the trash."""
    return post.trashed_at is None and post.status in _PUBLIC


def write_exported_post(post: PostRecord, flavor: Flavor, *, full_name: str | None = None) -> str:
    """Return the text of the exported file of a post, with the full name of its author if it is known."""
    names = _NAMES[flavor]
    author, byline = author_fields(post.author, full_name)
    word = PlainScalar(names.words[_plainest(post, names)])
    known: dict[str, JsonValue] = {
        "uuid": str(post.uuid),
        "title": post.title,
        "slug": post.slug,
        names.public: word,
        "date": _instant(post.published_at),
        "created_at": _instant(post.created_at),
        names.updated_at: _instant(post.updated_at),
        "author": author,
        "tags": list(post.tags) or None,
        names.excerpt: post.excerpt,
        _OURS: None,
    }
    taken = known.keys() | _ADDED.keys()
    known[_OURS] = {"flavor": str(flavor)} | byline | _hidden(post, names, taken=taken)
    more = {name: to_plain_scalars(value) for name, value in post.extra.items() if name not in taken}
    return document_text({name: value for name, value in known.items() if value is not None} | more, post.content)


def flavor_of(fields: Fields) -> Flavor | None:
    """Return the flavor of an exported file, or None for any other file."""
    ours = fields.get(_OURS)
    name = ours.get("flavor") if isinstance(ours, dict) else None
    return next((flavor for flavor in Flavor if flavor == name), None)


def read_exported_post(
    reader: FieldReader, flavor: Flavor, *, content: str, zone: tzinfo, uuid: UUID
) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """Return the post of an exported file, and its author if the file has a name for the author.

    The post has the given UUID if the file has lost its own.
    """
    names, pop = _NAMES[flavor], reader.pop
    ours = reader.fields.pop(_OURS)
    inner = reader.within(ours if isinstance(ours, dict) else {})

    def instant(name: str, value: JsonValue) -> datetime:
        return parse_instant(name, value, zone)

    author, person = pop_author_fields(reader, inner.fields)
    post = PostRecord(
        uuid=pop(("uuid",), values.uuid, NoteCode.FIELD_PRESERVED) or uuid,
        title=pop(("title",), values.exact_text, NoteCode.TITLE_INFERRED) or "",
        author=author,
        slug=pop(("slug",), values.exact_text, NoteCode.SLUG_CHANGED),
        content=content,
        excerpt=pop((names.excerpt,), values.exact_text, NoteCode.FIELD_PRESERVED),
        status=_status(reader, inner, names),
        tags=pop(("tags",), _exact_tags, NoteCode.TAG_CHANGED) or (),
        published_at=pop(("date",), instant, NoteCode.DATE_INFERRED),
        created_at=pop(("created_at",), instant, NoteCode.DATE_INFERRED),
        updated_at=pop((names.updated_at,), instant, NoteCode.DATE_INFERRED),
        **{name: inner.pop((name,), instant, NoteCode.DATE_INFERRED) for name in _HIDDEN_INSTANTS},
        extra=_extra(reader.fields, inner.fields),
    )
    return post, (person,) if person else ()


def _hidden(post: PostRecord, names: _Names, *, taken: Collection[str]) -> Fields:
    ours = Fields()
    if post.status is not _plainest(post, names):
        ours["status"] = str(post.status)
    for name in _HIDDEN_INSTANTS:
        if instant := getattr(post, name):
            ours[name] = _instant(instant)
    hidden: Fields = {name: to_plain_scalars(value) for name, value in post.extra.items() if name in taken}
    return ours | {"extra": hidden} if hidden else ours


def _plainest(post: PostRecord, names: _Names) -> PostStatus:
    """Return the status that is written into the field which generators read."""
    if not is_public(post):
        return PostStatus.DRAFT
    return post.status if post.status in names.words else PostStatus.PUBLISHED


def _instant(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None


def _status(reader: FieldReader, inner: FieldReader, names: _Names) -> PostStatus:
    others = [name for name in _ADDED if name != names.public and not values.is_blank(reader.fields.get(name))]
    stated = [_public_status(reader, inner, names), *(_ADDED[name](reader) for name in others)]
    return strictest(stated) or PostStatus.PUBLISHED


def _public_status(reader: FieldReader, inner: FieldReader, names: _Names) -> PostStatus:
    statuses = {word: status for status, word in names.words.items()}

    def meaning(name: str, value: JsonValue) -> PostStatus:
        word = values.text(name, value).lower()
        if word not in statuses:
            raise values.unusable(name, value, f"one of {', '.join(statuses)}")
        return statuses[word]

    exact = inner.pop(("status",), _status_named, NoteCode.STATUS_INFERRED)
    if names.public not in reader.fields:
        return PostStatus.PUBLISHED
    seen = reader.pop((names.public,), meaning, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT
    # If they differ, a user has changed the visible field.
    return exact if exact and _is_seen(exact, inner) == (seen is not PostStatus.DRAFT) else seen


def _is_seen(status: PostStatus, inner: FieldReader) -> bool:
    return status in _PUBLIC and "trashed_at" not in inner.fields


def _status_named(name: str, value: JsonValue) -> PostStatus:
    word = values.text(name, value)
    if word not in set(PostStatus):
        raise values.unusable(name, value, "a status")
    return PostStatus(word)


def _exact_tags(name: str, value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(map(str, value))
    return values.whole_tags(name, value)


def _extra(fields: Fields, ours: Fields) -> Fields:
    ours.pop("flavor", None)
    hidden = ours.pop("extra", None)
    rest: Fields = {_OURS: ours} if ours else {}
    return fields | rest | (hidden if isinstance(hidden, dict) else {})
