"""Whether the public may see a post: whatever is not plainly public becomes a draft."""

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

# `publish` is WordPress's word.
STATUS_WORDS = {
    "draft": PostStatus.DRAFT,
    "scheduled": PostStatus.SCHEDULED,
    "published": PostStatus.PUBLISHED,
    "publish": PostStatus.PUBLISHED,
}
# Nikola's word for what is published and stands out.
_FEATURED = "featured"
# Of Nikola, before it had a field for it.
_HIDING_TAGS = {"draft", "private"}
# Hugo tells no capitals in them from small letters.
_EXPIRIES = ("expirydate", "unpublishdate")
# Hugo's, for what has no day.
_NO_DAY = "0001-01-01"


def status_word(name: str, value: JsonValue) -> PostStatus:
    """The status that a word names; InvalidError for any other."""
    word = text(name, value)
    if word.lower() not in STATUS_WORDS:
        raise InvalidError(f"{name} {quoted(word)} is not known here")
    return STATUS_WORDS[word.lower()]


def strictest(stated: "list[PostStatus | None]") -> PostStatus | None:
    """What holds where several are stated: nothing goes public that one of them calls a draft."""
    said = [status for status in stated if status is not None]
    return PostStatus.DRAFT if PostStatus.DRAFT in said else said[0] if said else None


def pop_status(reader: FieldReader, path_info: PathInfo, *, zone: tzinfo, now: datetime) -> PostStatus | None:
    """Take the status that the fields and the place of a file state; None where they state none."""
    hiding = [*_expired(reader, zone, now), *hiding_fields(reader.fields)]
    if path_info.hidden_by and "draft" not in reader.fields:
        hiding.append(path_info.hidden_by)
    if path_info.is_nikola and _has_hiding_tag(reader.fields.get("tags")):
        hiding.append("tags")
    if hiding:
        reader.on_note(NoteCode.NOT_PUBLIC, f"not public, by its {' and '.join(hiding)}; it became a draft")
    stated = [
        PostStatus.DRAFT if path_info.is_draft or hiding else None,
        _pop_word(reader),
        pop_flag(reader, "draft", PostStatus.DRAFT, PostStatus.PUBLISHED),
        pop_published_flag(reader),
        PostStatus.PUBLISHED if states_public(reader.fields) else None,
    ]
    return strictest(stated)


def unstated_status(reader: FieldReader, path_info: PathInfo, *, is_dated: bool) -> PostStatus:
    """Return the status of a post that states none: published on a generator's site, as that generator does it.

    Elsewhere a post that has a date is published; one that has none either is a draft, and that is noted.
    """
    if path_info.is_generator or is_dated:
        return PostStatus.PUBLISHED
    what = "neither a status nor a date, and not in the site of a known generator; it became a draft"
    reader.on_note(NoteCode.STATUS_INFERRED, what)
    return PostStatus.DRAFT


def _has_hiding_tag(value: JsonValue) -> bool:
    with suppress(InvalidError):
        return not _HIDING_TAGS.isdisjoint(name.lower() for name in whole_tags("tags", value))
    return False


def _expired(reader: FieldReader, zone: tzinfo, now: datetime) -> list[str]:
    names = list[str]()
    for name, value in reader.fields.items():
        if name.lower() not in _EXPIRIES or is_blank(value) or str(value).startswith(_NO_DAY):
            continue
        try:
            is_over = parse_instant(name, value, zone) <= now
        except InvalidError as error:
            reader.on_error(NoteCode.STATUS_INFERRED, error)
            is_over = True
        if is_over:
            names.append(name)
    return names


def _pop_word(reader: FieldReader) -> PostStatus | None:
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
    """What the field says; a draft where it says neither yes nor no, None where it is not there."""
    if name not in reader.fields:
        return None
    said = reader.pop((name,), boolean, NoteCode.STATUS_INFERRED)
    return PostStatus.DRAFT if said is None else if_true if said else if_false


def pop_published_flag(reader: FieldReader) -> PostStatus | None:
    """What `published` says, unless it is a date."""
    if truth(reader.fields.get("published")) is None:
        return None
    return pop_flag(reader, "published", PostStatus.PUBLISHED, PostStatus.DRAFT)
