"""One Markdown file with front matter, as a person hands it in: what cannot be understood is an error."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from pydantic import JsonValue

from ..dates import parse_file_instant
from ..enums import PostStatus
from ..errors import InvalidError
from .entries import NoteCode
from .markdown import values
from .markdown.field_names import EXCERPTS, PUBLISHED, in_known_case, significant
from .markdown.front_matter import split_front_matter
from .markdown.instants import iso_text
from .markdown.json_values import Fields
from .markdown.statuses import STATUS_WORDS, status_word, strictest, take_flag, take_published_flag
from .markdown.tagging import take_taxonomy
from .markdown.taking import Taker
from .markdown.texts import decode, first_heading
from .markdown.yaml_writing import bare, document_text, instant_text

__all__ = ["Document", "decode_text", "read_document", "write_document"]


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
        return decode(data)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def read_document(data: bytes, *, source: str, zone: tzinfo, now: datetime) -> Document:
    """The post that a Markdown file describes; its content is the body byte for byte, `published_at` is in UTC.

    Dates without an offset are local to `zone`. The title may come from the first `# Heading`. A field that is null
    or empty says nothing. Raises InvalidError, beginning with `source`, for what cannot be read or understood.
    """
    typed = decode_text(data, source=source)
    try:
        fields, body, _ = split_front_matter(typed)
        return _document(fields, body, zone, now)
    except InvalidError as error:
        raise InvalidError(f"{source}: {error.message}", hint=error.hint) from error


def _document(fields: Fields, body: str, zone: tzinfo, now: datetime) -> Document:
    extra = significant(in_known_case(fields))
    taker = Taker(extra, _refuse)

    def instant(name: str, value: JsonValue) -> datetime:
        typed = iso_text(values.text(name, value))
        try:
            return parse_file_instant(typed, zone, now=now)
        except InvalidError as error:
            raise InvalidError(f"{name}: {error.message}", hint=error.hint) from error

    # Before the dates: `published` is either a date or a yes.
    status = _take_status(taker)
    title = taker.take(("title",), values.text, NoteCode.TITLE_GUESSED) or first_heading(body)
    return Document(
        title=title,
        slug=taker.take(("slug",), values.text, NoteCode.SLUG_CHANGED),
        published_at=taker.take(PUBLISHED, instant, NoteCode.DATE_GUESSED),
        tags=_take_tags(taker),
        status=status,
        excerpt=taker.take(EXCERPTS, values.text, NoteCode.FIELD_KEPT),
        author=_take_author(taker),
        content=body,
        extra=extra,
    )


def _refuse(_: NoteCode, error: InvalidError) -> None:
    raise InvalidError(f"Front matter: {error.message}", hint=error.hint) from error


def _take_tags(taker: Taker) -> tuple[str, ...] | None:
    if "tags" in taker.fields:
        return taker.take(("tags",), values.tags, NoteCode.TAG_CHANGED)
    return take_taxonomy(taker, "tags", values.tags)


def _take_status(taker: Taker) -> PostStatus | None:
    typed = taker.fields.get("status")
    is_other = isinstance(typed, str) and typed.strip().lower() not in STATUS_WORDS
    return strictest(
        [
            taker.take(("status",), status_word, NoteCode.STATUS_GUESSED) if not is_other else None,
            take_flag(taker, "draft", PostStatus.DRAFT, PostStatus.PUBLISHED),
            take_published_flag(taker),
        ]
    )


def _take_author(taker: Taker) -> str | None:
    if isinstance(taker.fields.get("author"), str):
        return taker.take(("author",), values.text, NoteCode.AUTHOR_GUESSED)
    match taker.fields.get("authors"):
        case [str(author)] if author.strip():
            del taker.fields["authors"]
            return author.strip()
    return None


def write_document(
    *,
    title: str,
    slug: str,
    status: str,
    published_at: datetime | None,
    author: str,
    tags: Sequence[str],
    excerpt: str | None,
    extra: Mapping[str, Any],
    content: str,
) -> str:
    """The document, its keys in this order and then those of `extra`; the body is the content byte for byte."""
    date = instant_text(published_at) if published_at else None
    known: Fields = {"title": title, "slug": slug, "status": status, "date": date, "author": author, "tags": list(tags)}
    known["excerpt"] = excerpt
    fields = {name: value for name, value in known.items() if value not in (None, [])}
    more = {name: bare(value) for name, value in extra.items() if name not in known}
    return document_text(fields | more, content)
