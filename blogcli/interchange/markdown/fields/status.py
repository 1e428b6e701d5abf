"""Read the status of a post. A post that is not clearly public becomes a draft."""

from contextlib import suppress
from datetime import datetime, tzinfo

from pydantic import JsonValue

from ....enums import PostStatus
from ....errors import InvalidError
from ...notes import NoteCode
from ...truncate_repr import quoted
from ..site.paths import PathInfo
from ..values import boolean, is_blank, text, truth, whole_tags
from ..visibility import NOT_PUBLIC, hiding_fields, states_public
from .dates import parse_instant
from .reader import FieldReader

STATUS_WORDS = {
    "draft": PostStatus.DRAFT,
    "scheduled": PostStatus.SCHEDULED,
    "published": PostStatus.PUBLISHED,
    # WordPress writes `publish`.
    "publish": PostStatus.PUBLISHED,
}
# Nikola highlights a published post that has this status.
_FEATURED = "featured"
# These tags hid a post in Nikola before it had the field `status`.
_HIDING_TAGS = {"draft", "private"}
# The fields of Hugo, in lower case, that state when a post expires.
_EXPIRY_FIELDS = ("expirydate", "unpublishdate")
# Hugo writes this date for a missing one.
_NO_DAY = "0001-01-01"


def status_word(name: str, value: JsonValue) -> PostStatus:
    """Return the status that a word names, or raise InvalidError for an unknown word."""
    word = text(name, value)
    if word.lower() not in STATUS_WORDS:
        raise InvalidError(f"unknown {name} {quoted(word)}")
    return STATUS_WORDS[word.lower()]


def strictest(statuses: "list[PostStatus | None]") -> PostStatus | None:
    """Return DRAFT if it is one of the statuses, or else the first that is not None, or None if there is none."""
    stated = [status for status in statuses if status is not None]
    if PostStatus.DRAFT in stated:
        return PostStatus.DRAFT
    return stated[0] if stated else None


def pop_status(reader: FieldReader, path_info: PathInfo, *, zone: tzinfo, now: datetime) -> PostStatus | None:
    """Return the status that the fields and the path of a file state, or None if they state none.

    Removes the fields `status`, `draft` and `published` if they are understood.
    """
    reasons = [*_expired_fields(reader, zone, now), *hiding_fields(reader.fields)]
    if path_info.hidden_by and "draft" not in reader.fields:
        reasons.append(path_info.hidden_by)
    if path_info.is_nikola and _has_hiding_tag(reader.fields.get("tags")):
        reasons.append("tags")
    if reasons:
        reader.on_note(NoteCode.NOT_PUBLIC, f"not public because of {' and '.join(reasons)}; it became a draft")
    return strictest(
        [
            PostStatus.DRAFT if path_info.is_draft or reasons else None,
            _pop_word(reader),
            pop_flag(reader, "draft", PostStatus.DRAFT, PostStatus.PUBLISHED),
            pop_published_flag(reader),
            PostStatus.PUBLISHED if states_public(reader.fields) else None,
        ]
    )


def unstated_status(reader: FieldReader, path_info: PathInfo, *, is_dated: bool) -> PostStatus:
    """Return the status of a post that states none.

    In the site of a known generator it is published, because the generator publishes it too. Elsewhere it is published
    if it has a date. Otherwise it is a draft, and a note is added.
    """
    if path_info.has_generator or is_dated:
        return PostStatus.PUBLISHED
    reason = "neither a status nor a date, and not in the site of a known generator"
    reader.on_note(NoteCode.STATUS_INFERRED, f"{reason}; it became a draft")
    return PostStatus.DRAFT


def _has_hiding_tag(value: JsonValue) -> bool:
    with suppress(InvalidError):
        return not _HIDING_TAGS.isdisjoint(name.lower() for name in whole_tags("tags", value))
    return False


def _expired_fields(reader: FieldReader, zone: tzinfo, now: datetime) -> list[str]:
    """Return the names of the fields by which the post has expired, including those that are not understood."""
    names = list[str]()
    for name, value in reader.fields.items():
        if name.lower() not in _EXPIRY_FIELDS or is_blank(value) or str(value).startswith(_NO_DAY):
            continue
        try:
            is_expired = parse_instant(name, value, zone) <= now
        except InvalidError as error:
            reader.on_error(NoteCode.STATUS_INFERRED, error)
            is_expired = True
        if is_expired:
            names.append(name)
    return names


def _pop_word(reader: FieldReader) -> PostStatus | None:
    """Return the status that the field `status` names, and remove the field if blogcli has this status."""
    value = reader.fields.get("status")
    if is_blank(value):
        return None
    word = value.strip().lower() if isinstance(value, str) else ""
    if word == _FEATURED:
        return PostStatus.PUBLISHED
    if word in NOT_PUBLIC:
        reader.on_note(NoteCode.NOT_PUBLIC, f"its status is {word}; it became a draft")
        return PostStatus.DRAFT
    return reader.pop(("status",), status_word, NoteCode.STATUS_INFERRED) or PostStatus.DRAFT


def pop_flag(reader: FieldReader, name: str, if_true: PostStatus, if_false: PostStatus) -> PostStatus | None:
    """Remove a boolean field and return the status for its value.

    Returns None if there is no such field, and DRAFT, without removing the field, if its value is not a boolean.
    """
    if name not in reader.fields:
        return None
    flag = reader.pop((name,), boolean, NoteCode.STATUS_INFERRED)
    if flag is None:
        return PostStatus.DRAFT
    return if_true if flag else if_false


def pop_published_flag(reader: FieldReader) -> PostStatus | None:
    """Remove the field `published` and return the status for its value, or None if the value is not a boolean.

    In some generators, the field is a date.
    """
    if truth(reader.fields.get("published")) is None:
        return None
    return pop_flag(reader, "published", PostStatus.PUBLISHED, PostStatus.DRAFT)
