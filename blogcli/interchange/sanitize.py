"""What a reader found, made fit for the database: what cannot be stored is changed, and every change is noted."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import MAXYEAR, UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from json import JSONEncoder
from typing import Any
from unicodedata import normalize

from pydantic import JsonValue

from ..text.casefold import tag_key
from ..text.emails import normalize_email_or_none, placeholder_email
from ..text.limits import MAX_FULL_NAME, MAX_TAG_NAME, MAX_TITLE, UNSTORABLE, normalize_tag_name
from ..text.slugify import slugify_title
from ..text.slugs import slug_problem
from ..text.word_count import count_words
from .items import ImportedItem
from .notes import ItemNotes, NoteCode, OnNote
from .records import HUGE, PostRecord, TagRecord, UserRecord
from .truncate_repr import quoted

# The same tags stand at many posts.
_tag_name = lru_cache(maxsize=10_000)(normalize_tag_name)

_CONTROL_OR_COMMA = re.compile(r"[\x00-\x1f\x7f-\x9f,]")
# Python allows about a thousand nested calls.
_MAX_DEPTH = 100
_BESIDE_CONTENT = [each.name for each in fields(PostRecord) if each.name != "content"]
_INSTANTS = ("published_at", "created_at", "updated_at", "trashed_at", "expires_at", "first_published_at")
_ENCODE = JSONEncoder(ensure_ascii=False, default=str).encode


def fit(entry: ImportedItem) -> ImportedItem:
    """The entry, as the database can hold it, with a note for each change, the post's digest and its words."""
    notes = ItemNotes(entry.source, entry.position)
    say = notes.add
    people = tuple(_person(person, say) for person in entry.people)
    renamed = {before.email: after.email for before, after in zip(entry.people, people, strict=True)}
    tags = tuple(TagRecord(name=name) for tag in entry.tags for name in _tag_names([tag.name], say))
    post = entry.post and _post(entry.post, renamed, say)
    return replace(
        entry,
        people=people,
        tags=tags,
        post=post,
        notes=(*entry.notes, *notes.all()),
        digest=digest_of(post) if post else "",
        words=count_words(post.content) if post else 0,
    )


def fitted_tag_key(name: str) -> str:
    """The key of the tag that becomes of a name; empty where none does."""
    return tag_key(_fitted_tag(name, lambda _code, _message, **_: None) or "")


def digest_of(post: PostRecord) -> str:
    """What tells the record from any other, as 32 hexadecimal digits."""
    # What says where it ends goes first.
    digest = blake2b(_ENCODE([getattr(post, name) for name in _BESIDE_CONTENT]).encode(), digest_size=16)
    digest.update(post.content.encode())
    return digest.hexdigest()


def _person(person: UserRecord, say: OnNote) -> UserRecord:
    email, full_name = _address(person.email, say), _text(person.full_name, say)
    if full_name is not None and len(full_name) > MAX_FULL_NAME:
        say(NoteCode.USER_CHANGED, f"the name {quoted(full_name)} was cut to {MAX_FULL_NAME} characters")
        full_name = full_name[:MAX_FULL_NAME]
    outside = _outside(person, say)
    return replace(person, email=email, full_name=full_name if full_name and full_name.strip() else None, **outside)


def _address(email: str, say: OnNote) -> str:
    address = normalize_email_or_none(email)
    if address is None:
        address = placeholder_email(email)
        say(NoteCode.USER_CHANGED, f"{quoted(email)} is no address; it became {address}")
    return address


def _post(post: PostRecord, renamed: Mapping[str, str], say: OnNote) -> PostRecord:
    extra = {_exact(name, say): _json(value, say, 1) for name, value in post.extra.items()}
    content = _exact(post.content, say)
    title, slug, tags = _title(post, extra, say), _slug(post, extra, say), _tag_names(post.tags, say)
    if len(tags) != len(post.tags) or any(name != tag for name, tag in zip(tags, post.tags, strict=True)):
        unchanged = [" ".join(name.split()) for name in post.tags]
        if tags != unchanged:
            extra.setdefault("original_tags", [_exact(name, say) for name in post.tags])
    author = renamed.get(post.author, post.author) if post.author else None
    outside = _outside(post, say)
    for name in outside:
        extra.setdefault(f"original_{name}", getattr(post, name).isoformat())
    return replace(
        post,
        **outside,
        title=title,
        slug=slug,
        tags=tuple(tags),
        content=content,
        excerpt=_text(post.excerpt, say),
        author=author and _address(author, say),
        extra=extra,
    )


def _outside(record: PostRecord | UserRecord, say: OnNote) -> dict[str, Any]:
    """The instants of a record that are none in UTC, each as None."""
    found: dict[str, Any] = {}
    for name in _INSTANTS:
        moment = getattr(record, name, None)
        if moment is not None and not 1 < moment.year < MAXYEAR and not _is_in_utc(moment):
            say(NoteCode.DATE_INFERRED, f"{name} is outside the calendar, so there is none: {moment.isoformat()}")
            found[name] = None
    return found


def _is_in_utc(moment: datetime) -> bool:
    try:
        moment.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _title(post: PostRecord, extra: dict[str, JsonValue], say: OnNote) -> str:
    title = _exact(post.title, say)
    if not title.strip():
        title = _exact(post.slug or "", say).replace("-", " ").strip() or "Untitled"
        say(NoteCode.TITLE_INFERRED, f"no title; it became {quoted(title)}")
    if len(title) <= MAX_TITLE:
        return title
    say(NoteCode.TITLE_TRUNCATED, f"the title was cut to {MAX_TITLE} characters")
    extra.setdefault("original_title", title)
    return title[: MAX_TITLE - 1].rstrip() + "…"


def _slug(post: PostRecord, extra: dict[str, JsonValue], say: OnNote) -> str | None:
    if post.slug is None:
        return None
    problem = slug_problem(post.slug)
    if problem is None:
        return post.slug
    slug = slugify_title(post.slug)
    say(NoteCode.SLUG_CHANGED, f"{quoted(post.slug)} is not a valid slug: {problem}; changed to {quoted(slug)}")
    extra.setdefault("original_slug", _exact(post.slug, say))
    return slug


def _tag_names(names: Any, say: OnNote) -> list[str]:  # noqa: ANN401 - an iterable of texts
    found: dict[str, str] = {}
    for name in filter(None, (_fitted_tag(each, say) for each in names)):
        key = tag_key(name)
        if key in found and found[key] != name:
            say(NoteCode.TAG_MERGED, f"the tag {quoted(name)} is the tag {quoted(found[key])}")
        found.setdefault(key, name)
    return list(found.values())


def _fitted_tag(found: str, say: OnNote) -> str | None:
    name = _exact(found, say)
    try:
        return _tag_name(name)
    except ValueError:
        # A letter can become two in NFC.
        plain = " ".join(normalize("NFC", _CONTROL_OR_COMMA.sub(" ", name)).split())[:MAX_TAG_NAME].rstrip()
        outcome = f"the tag {quoted(name)} became {quoted(plain)}" if plain else f"{quoted(name)} is no tag"
        say(NoteCode.TAG_CHANGED, outcome)
        return normalize_tag_name(plain) if plain else None


def _text(text: str | None, say: OnNote) -> str | None:
    return None if text is None else _exact(text, say)


def _exact(text: str, say: OnNote) -> str:
    # ASCII text, most of what there is, is looked through in a tenth of the time.
    found = None if text.isascii() and "\0" not in text else UNSTORABLE.search(text)
    if found is None:
        return text
    say(NoteCode.CHARACTER_REMOVED, f"U+{ord(found[0]):04X}, which no database holds, was dropped")
    return UNSTORABLE.sub("", text)


def _json(value: JsonValue, say: OnNote, depth: int) -> JsonValue:
    match value:
        case str():
            return _exact(value, say)
        case _ if depth > _MAX_DEPTH:
            say(NoteCode.VALUE_CHANGED, f"values nested more than {_MAX_DEPTH} levels deep were dropped")
            return None
        case list():
            return [_json(item, say, depth + 1) for item in value]
        case dict():
            return {_exact(name, say): _json(item, say, depth + 1) for name, item in value.items()}
        case float() | int() if not _is_in_json(value):
            text = str(value) if isinstance(value, float) else hex(value)
            say(NoteCode.VALUE_CHANGED, f"the number {text[:20]} became a text")
            return text
    return value


def _is_in_json(number: float) -> bool:
    # JSON has neither infinities nor NaN.
    return abs(number) < HUGE if isinstance(number, int) else number - number == 0
