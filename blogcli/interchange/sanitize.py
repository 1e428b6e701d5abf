"""Change imported records so that a database can store them, and add a note for each change."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import MAXYEAR, UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from json import JSONEncoder
from typing import Any
from unicodedata import normalize

from pydantic import AwareDatetime, JsonValue

from ..errors import InvalidError
from ..text.casefold import tag_key
from ..text.emails import normalize_email_or_none, placeholder_email
from ..text.limits import MAX_FULL_NAME, MAX_TAG_NAME, MAX_TITLE, UNSTORABLE, normalize_tag_name
from ..text.slugify import slugify_title
from ..text.slugs import slug_problem
from ..text.truncate_repr import quoted
from ..text.word_count import count_words
from .items import ImportedItem
from .notes import ItemNotes, NoteCode, OnNote, ignore_note
from .records import INTEGER_LIMIT, PostRecord, TagRecord, UserRecord

# Normalized names are cached, because many posts have the same tags.
_normalize_tag_name = lru_cache(maxsize=10_000)(normalize_tag_name)

_CONTROL_OR_COMMA = re.compile(r"[\x00-\x1f\x7f-\x9f,]")
# The maximum depth of nested values in `extra`. These values are processed recursively, and Python allows only about a
# thousand nested calls.
_MAX_DEPTH = 100
# The maximum number of tags of a post. Each tag becomes a row, so a small file with a long list could fill a database.
_MAX_TAGS = 10_000
_FIELDS_EXCEPT_CONTENT = [field.name for field in fields(PostRecord) if field.name != "content"]
_INSTANTS = [field.name for field in fields(PostRecord) if field.type == AwareDatetime | None]
_ENCODE = JSONEncoder(ensure_ascii=False, default=str).encode


def sanitize_item(item: ImportedItem) -> ImportedItem:
    """Return the item with values that a database can store, and with the digest and the word count of its post.

    Raises InvalidError if the post has too many tags.
    """
    if item.post and len(item.post.tags) > _MAX_TAGS:
        raise InvalidError(f"The post has more than {_MAX_TAGS:,} tags")
    notes = ItemNotes(item.source, item.position)
    people = tuple(_sanitize_user(user, notes.add) for user in item.people)
    addresses = {original.email: user.email for original, user in zip(item.people, people, strict=True)}
    tags = tuple(TagRecord(name=name) for tag in item.tags for name in _sanitize_tag_names([tag.name], notes.add))
    post = item.post and _sanitize_post(item.post, addresses, notes.add)
    return replace(
        item,
        people=people,
        tags=tags,
        post=post,
        notes=(*item.notes, *notes.all()),
        digest=digest_of(post) if post else "",
        words=count_words(post.content) if post else 0,
    )


def sanitized_tag_key(name: str) -> str:
    """Return the key of a tag name after sanitizing, or an empty string if sanitizing removes the name."""
    return tag_key(_sanitize_tag_name(name, ignore_note) or "")


def digest_of(post: PostRecord) -> str:
    """Return a digest of all values of a post, in the form of 32 hexadecimal digits."""
    # The content must be hashed last, because it is hashed without its length or a terminator. A value after the
    # content could not be distinguished from the end of the content.
    digest = blake2b(_ENCODE([getattr(post, name) for name in _FIELDS_EXCEPT_CONTENT]).encode(), digest_size=16)
    digest.update(post.content.encode())
    return digest.hexdigest()


def _sanitize_user(user: UserRecord, add_note: OnNote) -> UserRecord:
    email = _sanitize_address(user.email, add_note)
    full_name = _sanitize_optional_text(user.full_name, add_note)
    if full_name is not None and len(full_name) > MAX_FULL_NAME:
        message = f"the name {quoted(full_name)} was truncated to {MAX_FULL_NAME} characters"
        add_note(NoteCode.USER_CHANGED, message)
        full_name = full_name[:MAX_FULL_NAME]
    removed = _find_invalid_instants(user, add_note)
    return replace(user, email=email, full_name=full_name if full_name and full_name.strip() else None, **removed)


def _sanitize_address(email: str, add_note: OnNote) -> str:
    address = normalize_email_or_none(email)
    if address is None:
        address = placeholder_email(email)
        add_note(NoteCode.USER_CHANGED, f"{quoted(email)} is not a valid address; it was replaced by {address}")
    return address


def _sanitize_post(post: PostRecord, addresses: Mapping[str, str], add_note: OnNote) -> PostRecord:
    """Return a post with values that a database can store.

    If the title is truncated, or if a slug, tags or times are changed, the original values are added to `extra`.
    `addresses` maps the e-mail addresses of users in the source to their sanitized addresses.
    """
    extra = {_sanitize_text(name, add_note): _sanitize_json(value, add_note, 1) for name, value in post.extra.items()}
    content = _sanitize_text(post.content, add_note)
    title = _sanitize_title(post, extra, add_note)
    slug = _sanitize_slug(post, extra, add_note)
    tags = _sanitize_tag_names(post.tags, add_note)
    if tags != list(post.tags) and tags != [" ".join(name.split()) for name in post.tags]:
        extra.setdefault("original_tags", [_sanitize_text(name, add_note) for name in post.tags])
    author = addresses.get(post.author, post.author) if post.author else None
    removed = _find_invalid_instants(post, add_note)
    for name in removed:
        extra.setdefault(f"original_{name}", getattr(post, name).isoformat())
    return replace(
        post,
        **removed,
        title=title,
        slug=slug,
        tags=tuple(tags),
        content=content,
        excerpt=_sanitize_optional_text(post.excerpt, add_note),
        author=author and _sanitize_address(author, add_note),
        extra=extra,
    )


def _find_invalid_instants(record: PostRecord | UserRecord, add_note: OnNote) -> dict[str, Any]:
    """Find the instants of a record that are not in the years 1 to 9999 in UTC.

    Returns a mapping of the names of these instants to None. Passing the mapping to `dataclasses.replace` removes the
    instants.
    """
    removed: dict[str, Any] = {}
    for name in _INSTANTS:
        instant = getattr(record, name, None)
        if instant is not None and not 1 < instant.year < MAXYEAR and not _is_in_utc(instant):
            message = f"{name} is outside the supported years and was removed: {instant.isoformat()}"
            add_note(NoteCode.DATE_INFERRED, message)
            removed[name] = None
    return removed


def _is_in_utc(instant: datetime) -> bool:
    try:
        instant.astimezone(UTC)
    except OverflowError:
        return False
    return True


def _sanitize_title(post: PostRecord, extra: dict[str, JsonValue], add_note: OnNote) -> str:
    title = _sanitize_text(post.title, add_note)
    if not title.strip():
        title = _sanitize_text(post.slug or "", add_note).replace("-", " ").strip() or "Untitled"
        add_note(NoteCode.TITLE_INFERRED, f"no title; {quoted(title)} was used")
    if len(title) <= MAX_TITLE:
        return title
    add_note(NoteCode.TITLE_TRUNCATED, f"the title was truncated to {MAX_TITLE} characters")
    extra.setdefault("original_title", title)
    return title[: MAX_TITLE - 1].rstrip() + "…"


def _sanitize_slug(post: PostRecord, extra: dict[str, JsonValue], add_note: OnNote) -> str | None:
    if post.slug is None:
        return None
    problem = slug_problem(post.slug)
    if problem is None:
        return post.slug
    slug = slugify_title(post.slug)
    message = f"{quoted(post.slug)} is not a valid slug: {problem}; changed to {quoted(slug)}"
    add_note(NoteCode.SLUG_CHANGED, message)
    extra.setdefault("original_slug", _sanitize_text(post.slug, add_note))
    return slug


def _sanitize_tag_names(names: Iterable[str], add_note: OnNote) -> list[str]:
    by_key: dict[str, str] = {}
    for original in names:
        name = _sanitize_tag_name(original, add_note)
        if name:
            first = by_key.setdefault(tag_key(name), name)
            if first != name:
                add_note(NoteCode.TAG_MERGED, f"the tag {quoted(name)} was merged into {quoted(first)}")
    return list(by_key.values())


def _sanitize_tag_name(original: str, add_note: OnNote) -> str | None:
    name = _sanitize_text(original, add_note)
    try:
        return _normalize_tag_name(name)
    except ValueError:
        # The name is normalized before it is truncated, because NFC replaces some characters by two characters.
        valid = " ".join(normalize("NFC", _CONTROL_OR_COMMA.sub(" ", name)).split())[:MAX_TAG_NAME].rstrip()
        if not valid:
            add_note(NoteCode.TAG_CHANGED, f"{quoted(name)} is not a valid tag and was removed")
            return None
        add_note(NoteCode.TAG_CHANGED, f"the tag {quoted(name)} was changed to {quoted(valid)}")
        return normalize_tag_name(valid)


def _sanitize_optional_text(text: str | None, add_note: OnNote) -> str | None:
    return None if text is None else _sanitize_text(text, add_note)


def _sanitize_text(text: str, add_note: OnNote) -> str:
    # An ASCII text without U+0000 contains no unstorable character, so it is not searched. Most texts are ASCII, and
    # `isascii` takes a tenth of the time of the search.
    match = None if text.isascii() and "\0" not in text else UNSTORABLE.search(text)
    if match is None:
        return text
    message = f"U+{ord(match[0]):04X}, which databases cannot store, was removed"
    add_note(NoteCode.CHARACTER_REMOVED, message)
    return UNSTORABLE.sub("", text)


def _sanitize_json(value: JsonValue, add_note: OnNote, depth: int) -> JsonValue:
    match value:
        case str():
            return _sanitize_text(value, add_note)
        case _ if depth > _MAX_DEPTH:
            add_note(NoteCode.VALUE_CHANGED, f"values nested more than {_MAX_DEPTH} levels deep were removed")
            return None
        case list():
            return [_sanitize_json(item, add_note, depth + 1) for item in value]
        case dict():
            return {
                _sanitize_text(name, add_note): _sanitize_json(item, add_note, depth + 1)
                for name, item in value.items()
            }
        case float() | int() if not _is_json_number(value):
            text = str(value) if isinstance(value, float) else hex(value)
            add_note(NoteCode.VALUE_CHANGED, f"the number {text[:20]} was converted to text")
            return text
    return value


def _is_json_number(number: float) -> bool:
    # JSON cannot represent infinities and NaN. Subtracting such a number from itself results in NaN instead of 0.
    return abs(number) < INTEGER_LIMIT if isinstance(number, int) else number - number == 0
