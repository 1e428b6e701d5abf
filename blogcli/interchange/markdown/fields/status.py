"""Read the status of a post. A post that is not clearly public becomes a draft."""

from contextlib import suppress
from datetime import datetime, tzinfo

from pydantic import JsonValue

from ....enums import PostStatus
from ....errors import InvalidError
from ....text.truncate_repr import quoted
from ...notes import NoteCode
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
# Posts with these tags are hidden in old versions of Nikola, which have no field `status`.
_HIDING_TAGS = {"draft", "private"}
# The names, in lower case, of the fields that contain the date on which a post expires in Hugo.
_EXPIRY_FIELDS = ("expirydate", "unpublishdate")
# Hugo writes this date if a post has no date.
_NO_DAY = "0001-01-01"


def status_word(name: str, value: JsonValue) -> PostStatus:
    """Convert the word in the field `name` to a status. Raises InvalidError if the word is unknown."""
    word = text(name, value)
    if word.lower() not in STATUS_WORDS:
        raise InvalidError(f"unknown {name} {quoted(word)}")
    return STATUS_WORDS[word.lower()]


def strictest(statuses: "list[PostStatus | None]") -> PostStatus | None:
    """Return DRAFT if `statuses` contains DRAFT, or else the first status that is not None.

    Returns None if all statuses are None.
    """
    stated = [status for status in statuses if status is not None]
    if PostStatus.DRAFT in stated:
        return PostStatus.DRAFT
    return stated[0] if stated else None


def pop_status(reader: FieldReader, path_info: PathInfo, *, zone: tzinfo, now: datetime) -> PostStatus | None:
    """Return the status that is set by the fields or the path of a file, or None if no status is set.

    The fields `status`, `draft` and `published` are removed if their values can be converted.
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
    """Return the status of a post whose fields and path set no status.

    The post is published if it has a date. The post is also published if it is in the site of a known generator,
    because the generator publishes the post too. Otherwise, the post is a draft, and a note is added.
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
    """Return the names of the expiry fields whose date is in the past or cannot be parsed."""
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
    """Return the status in the field `status`, or None if the field is blank.

    The field is removed only if its value is one of `STATUS_WORDS`.
    """
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
    """Remove the boolean field `name`, and return `if_true` or `if_false`, depending on the value.

    Returns None if there is no field `name`. If the value is not a boolean, the field is not removed, and DRAFT is
    returned.
    """
    if name not in reader.fields:
        return None
    flag = reader.pop((name,), boolean, NoteCode.STATUS_INFERRED)
    if flag is None:
        return PostStatus.DRAFT
    return if_true if flag else if_false


def pop_published_flag(reader: FieldReader) -> PostStatus | None:
    """Return the status for the field `published`, and remove the field, if its value is a boolean.

    Returns None and keeps the field otherwise, because the value is a date in some site generators.
    """
    if truth(reader.fields.get("published")) is None:
        return None
    return pop_flag(reader, "published", PostStatus.PUBLISHED, PostStatus.DRAFT)
