"""The fields of our own files, in the names that each flavor has for them: a record -> fields -> the same record."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from pydantic import JsonValue

from ...enums import Flavor, PostStatus
from ..notes import NoteCode
from ..records import PostRecord, UserRecord
from .fields import values
from .fields.author_field import byline_of, take_byline
from .fields.dates import instant_of
from .fields.reader import Taker
from .fields.status import status_word, strictest, take_flag, take_published_flag
from .front_matter.limits import Fields
from .front_matter.yaml_writer import Bare, bare, document_text, instant_text

# Holds what generators have no name for, and tells our files from others.
_OURS = "blogcli"
_PUBLIC = (PostStatus.PUBLISHED, PostStatus.SCHEDULED)
# The instants that only our own files have.
_HIDDEN_INSTANTS = ("trashed_at", "expires_at", "first_published_at")


@dataclass(frozen=True, slots=True)
class _Names:
    excerpt: str
    updated_at: str
    # Of the field that says whether the public may see it, and its words for each status.
    public: str
    words: Mapping[PostStatus, str]


_NAMES = {
    Flavor.PLAIN: _Names("excerpt", "updated_at", "status", {each: str(each) for each in PostStatus}),
    Flavor.JEKYLL: _Names(
        "excerpt", "last_modified_at", "published", {PostStatus.PUBLISHED: "true", PostStatus.DRAFT: "false"}
    ),
    Flavor.HUGO: _Names("summary", "lastmod", "draft", {PostStatus.PUBLISHED: "false", PostStatus.DRAFT: "true"}),
}


# Of these a flavor has one; a person who wants a draft may have added another.
_ADDED: Mapping[str, Callable[[Taker], PostStatus | None]] = {
    "status": lambda taker: taker.take(("status",), status_word, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT,
    "draft": lambda taker: take_flag(taker, "draft", PostStatus.DRAFT, PostStatus.PUBLISHED),
    "published": take_published_flag,
}


def is_public(post: PostRecord) -> bool:
    """Whether the public may see it, now or from a date on."""
    return post.trashed_at is None and post.status in _PUBLIC


def exported_text(post: PostRecord, flavor: Flavor, *, full_name: str | None = None) -> str:
    """The post as a file of that flavor, with the full name of its author if it is known."""
    names = _NAMES[flavor]
    author, byline = byline_of(post.author, full_name)
    word = Bare(names.words[_plainest(post, names)])
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
    more = {name: bare(value) for name, value in post.extra.items() if name not in taken}
    return document_text({name: value for name, value in known.items() if value is not None} | more, post.content)


def flavor_of(fields: Fields) -> Flavor | None:
    """The flavor of a file of ours, None of any other."""
    ours = fields.get(_OURS)
    name = ours.get("flavor") if isinstance(ours, dict) else None
    return next((flavor for flavor in Flavor if flavor == name), None)


def exported_post(
    taker: Taker, flavor: Flavor, *, content: str, zone: tzinfo, uuid: UUID
) -> tuple[PostRecord, tuple[UserRecord, ...]]:
    """The post of a file of ours and its author if named, with the given UUID if it no longer says its own."""
    names, take = _NAMES[flavor], taker.take
    ours = taker.fields.pop(_OURS)
    inner = taker.within(ours if isinstance(ours, dict) else {})

    def instant(name: str, value: JsonValue) -> datetime:
        return instant_of(name, value, zone)

    author, person = take_byline(taker, inner.fields)
    post = PostRecord(
        uuid=take(("uuid",), values.uuid, NoteCode.FIELD_PRESERVED) or uuid,
        title=take(("title",), values.exact_text, NoteCode.TITLE_INFERRED) or "",
        author=author,
        slug=take(("slug",), values.exact_text, NoteCode.SLUG_CHANGED),
        content=content,
        excerpt=take((names.excerpt,), values.exact_text, NoteCode.FIELD_PRESERVED),
        status=_status(taker, inner, names),
        tags=take(("tags",), _exact_tags, NoteCode.TAG_CHANGED) or (),
        published_at=take(("date",), instant, NoteCode.DATE_INFERRED),
        created_at=take(("created_at",), instant, NoteCode.DATE_INFERRED),
        updated_at=take((names.updated_at,), instant, NoteCode.DATE_INFERRED),
        **{name: inner.take((name,), instant, NoteCode.DATE_INFERRED) for name in _HIDDEN_INSTANTS},
        extra=_extra(taker.fields, inner.fields),
    )
    return post, (person,) if person else ()


def _hidden(post: PostRecord, names: _Names, *, taken: Collection[str]) -> Fields:
    ours = Fields()
    if post.status is not _plainest(post, names):
        ours["status"] = str(post.status)
    for name in _HIDDEN_INSTANTS:
        if instant := getattr(post, name):
            ours[name] = _instant(instant)
    hidden: Fields = {name: bare(value) for name, value in post.extra.items() if name in taken}
    return ours | {"extra": hidden} if hidden else ours


def _plainest(post: PostRecord, names: _Names) -> PostStatus:
    """The status as generators see it."""
    if not is_public(post):
        return PostStatus.DRAFT
    return post.status if post.status in names.words else PostStatus.PUBLISHED


def _instant(instant: datetime | None) -> str | None:
    return instant_text(instant) if instant else None


def _status(taker: Taker, inner: Taker, names: _Names) -> PostStatus:
    others = [name for name in _ADDED if name != names.public and not values.is_blank(taker.fields.get(name))]
    stated = [_public_status(taker, inner, names), *(_ADDED[name](taker) for name in others)]
    return strictest(stated) or PostStatus.PUBLISHED


def _public_status(taker: Taker, inner: Taker, names: _Names) -> PostStatus:
    said = {word: status for status, word in names.words.items()}

    def meaning(name: str, value: JsonValue) -> PostStatus:
        word = values.text(name, value).lower()
        if word not in said:
            raise values.unusable(name, value, f"one of {', '.join(said)}")
        return said[word]

    exact = inner.take(("status",), _status_named, NoteCode.STATUS_INFERRED)
    if names.public not in taker.fields:
        return PostStatus.PUBLISHED
    seen = taker.take((names.public,), meaning, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT
    # Where they differ, a person has changed what is seen.
    return exact if exact and _is_seen(exact, inner) == (seen is not PostStatus.DRAFT) else seen


def _is_seen(status: PostStatus, inner: Taker) -> bool:
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
