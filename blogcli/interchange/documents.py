"""One Markdown file with front matter, as a neutral record."""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from pydantic import JsonValue

from ..dates import parse_instant
from ..enums import PostStatus
from ..errors import InvalidError
from .front_matter import split_front_matter

Fields = dict[str, JsonValue]

# The most telling name first; of several, the others stay in `extra`.
_DATES = ("publishDate", "published_at", "pubdate", "published", "date")
_EXCERPTS = ("excerpt", "description", "summary")
_KNOWN = {"title", "slug", "tags", "draft", "status", "author", "authors", *_DATES, *_EXCERPTS}

# YAML 1.1, which Jekyll and Hexo read, has all of these.
_TRUE_WORDS = {"true", "yes", "on"}
_FALSE_WORDS = {"false", "no", "off"}
_STATUS_WORDS = {
    "draft": PostStatus.DRAFT,
    "scheduled": PostStatus.SCHEDULED,
    "published": PostStatus.PUBLISHED,
    "publish": PostStatus.PUBLISHED,
}
_TYPES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a map"}

_DAY = re.compile(r"^(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})(?!\d)", re.ASCII)
_HOUR = re.compile(r"(?<=\d[ Tt])(?=\d:)")
# Seen in Jekyll's own posts: 2023-01-29 18:30:22 2023 -0800.
_SECOND_YEAR = re.compile(r"^(\d{4})(-\S+ \S+) \1(?= [+-]\d)", re.ASCII)

# https://spec.commonmark.org/0.31.2/#atx-headings and #fenced-code-blocks
_HEADING = re.compile(r" {0,3}#[ \t]")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}(?=[^`]*$)|~{3,})")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says about a post, None where it says nothing, and in `extra` every field that has no place here."""

    title: str | None
    slug: str | None
    published_at: datetime | None
    tags: tuple[str, ...] | None
    status: PostStatus | None
    excerpt: str | None
    author: str | None
    content: str
    extra: Fields


def decode_text(data: bytes, *, source: str) -> str:
    """`data` as text, without a byte order mark.

    Raises InvalidError with the offset, counted from 0, of the first byte that is not UTF-8 or is a NUL.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(f"{source}: byte {error.start} is not UTF-8", hint="Save the file as UTF-8.") from error
    nul = data.find(b"\0")
    if nul >= 0:
        raise InvalidError(f"{source}: byte {nul} is NUL", hint="Text cannot hold NUL; is this a text file?")
    return text.removeprefix("\ufeff")


def read_document(data: bytes, *, source: str, zone: tzinfo, now: datetime) -> Document:
    """The post that a Markdown file describes; its content is the body byte for byte, `published_at` is in UTC.

    Dates without an offset are local to `zone`. The title may come from the first `# Heading`. A field that is null
    or empty says nothing. Raises InvalidError, beginning with `source`, for what cannot be read or understood.
    """
    text = decode_text(data, source=source)
    try:
        fields, body = split_front_matter(text)
        return _document(fields, body, zone, now)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def _document(fields: Fields, body: str, zone: tzinfo, now: datetime) -> Document:
    extra = {name: value for name, value in fields.items() if not (name in _KNOWN and _is_blank(value))}
    # Before the dates: `published` is either a date or a yes.
    status = _take_status(extra)
    title = _take_text(extra, "title") or _first_heading(body)
    return Document(
        title=title,
        slug=_take_text(extra, "slug"),
        published_at=_take_date(extra, zone, now),
        tags=_take_tags(extra),
        status=status,
        excerpt=_take_text(extra, *_EXCERPTS),
        author=_take_author(extra),
        content=body,
        extra=extra,
    )


def _first_heading(body: str) -> str | None:
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            # A fence ends with at least as many of the same marks and nothing else.
            if mark and mark["fence"].startswith(fence) and not line[mark.end() :].strip():
                fence = ""
        elif mark:
            fence = mark["fence"]
        elif _HEADING.match(line):
            heading = _without_closing_marks(line.strip()[1:].strip())
            if heading:
                return heading
    return None


def _without_closing_marks(heading: str) -> str:
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else heading


def _is_blank(value: JsonValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _unusable(name: str, value: JsonValue, expected: str) -> InvalidError:
    found = repr(value) if isinstance(value, str) else _TYPES.get(type(value), "empty")
    return InvalidError(f"Front matter: {name} must be {expected}, not {found}")


def _plain(name: str, value: JsonValue) -> str:
    # TOML has numbers of its own: `slug = 2024`.
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise _unusable(name, value, "text")


def _take_text(fields: Fields, *names: str) -> str | None:
    for name in names:
        if name in fields:
            return _plain(name, fields.pop(name))
    return None


def _take_date(fields: Fields, zone: tzinfo, now: datetime) -> datetime | None:
    name = next((name for name in _DATES if name in fields), None)
    if name is None:
        return None
    text = _SECOND_YEAR.sub(r"\1\2", _plain(name, fields.pop(name)))
    text = _HOUR.sub("0", _DAY.sub(_iso_day, text), count=1)
    try:
        return parse_instant(text, zone, now=now)
    except InvalidError as error:
        raise InvalidError(f"Front matter: {name}: {error.message}", hint=error.hint) from error


def _iso_day(day: re.Match[str]) -> str:
    return f"{day['year']}-{day['month']:0>2}-{day['day']:0>2}"


def _take_tags(fields: Fields) -> tuple[str, ...] | None:
    if "tags" in fields:
        return _tags_of(fields.pop("tags"))
    # Where Zola keeps them.
    taxonomies = fields.get("taxonomies")
    if not isinstance(taxonomies, dict) or _is_blank(taxonomies.get("tags")):
        return None
    rest = {name: value for name, value in taxonomies.items() if name != "tags"}
    if rest:
        fields["taxonomies"] = rest
    else:
        del fields["taxonomies"]
    return _tags_of(taxonomies["tags"])


def _tags_of(value: JsonValue) -> tuple[str, ...]:
    if isinstance(value, str):
        # Jekyll separates with spaces, Pelican and Nikola with commas.
        names = value.split(",") if "," in value else value.split()
    elif isinstance(value, list):
        names = [_plain("tags", name) for name in value if name is not None]
    else:
        raise _unusable("tags", value, "a list")
    return tuple(name.strip() for name in names if name.strip())


def _take_status(fields: Fields) -> PostStatus | None:
    stated = [_take_status_word(fields), _take_draft(fields), _take_published(fields)]
    # Where they disagree, nothing goes public that one of them calls a draft.
    if PostStatus.DRAFT in stated:
        return PostStatus.DRAFT
    return next((status for status in stated if status is not None), None)


def _take_status_word(fields: Fields) -> PostStatus | None:
    if "status" not in fields:
        return None
    status = _STATUS_WORDS.get(_plain("status", fields["status"]).lower())
    if status is not None:
        del fields["status"]
    return status


def _take_draft(fields: Fields) -> PostStatus | None:
    if "draft" not in fields:
        return None
    value = fields.pop("draft")
    is_draft = _boolean(value)
    if is_draft is None:
        raise _unusable("draft", value, "true or false")
    return PostStatus.DRAFT if is_draft else PostStatus.PUBLISHED


def _take_published(fields: Fields) -> PostStatus | None:
    is_published = _boolean(fields.get("published"))
    if is_published is None:
        return None
    del fields["published"]
    return PostStatus.PUBLISHED if is_published else PostStatus.DRAFT


def _boolean(value: JsonValue) -> bool | None:
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    return True if word in _TRUE_WORDS else False if word in _FALSE_WORDS else None


def _take_author(fields: Fields) -> str | None:
    if isinstance(fields.get("author"), str):
        return _take_text(fields, "author")
    match fields.get("authors"):
        case [str(author)] if author.strip():
            del fields["authors"]
            return author.strip()
    return None
