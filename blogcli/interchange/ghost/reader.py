"""Ghost's exports, of every version from 0.x to 6.x: people, tags and posts; pages are left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...errors import InvalidError
from ..items import ImportedItem, RawItem, ReadOptions, Scan
from ..notes import Note, NoteCode
from ..sources import Source
from ..truncate_repr import quoted
from .authors import Say, listed_person, listed_tag, name_of_tag
from .embedding import KEY, is_as_told, restored
from .export_file import scanner
from .export_file.rows import is_ghost
from .export_file.scanner import JoinedPost
from .posts import is_page, post_of
from .values import text_of


def detect(source: Source) -> bool:
    """Whether it begins as Ghost's exports do."""
    try:
        return is_ghost(source.start())
    except InvalidError:
        return False


def scan(sources: Sequence[Source], options: ReadOptions) -> Scan:  # noqa: ARG001 - all formats take options
    """The people, tags and posts of all sources; InvalidError for one that is no JSON or not Ghost's."""
    return scanner.scan(sources)


def read(item: RawItem, options: ReadOptions) -> ImportedItem:
    """What an item says: a person, a tag, a post, or what is left out; InvalidError where it cannot be read."""
    notes: list[Note] = []

    def say(code: NoteCode, text: str) -> None:
        notes.append(Note(item.source, item.position, code, text))

    table, content = item.content
    found = _READERS[table](content, options, say)
    return replace(found, source=item.source, position=item.position, notes=tuple(notes))


def _user(row: Any, options: ReadOptions, say: Say) -> ImportedItem:  # noqa: ANN401, ARG001 - a value of JSON
    return ImportedItem(source="", people=(listed_person(row, say),))


def _tag(row: Any, options: ReadOptions, say: Say) -> ImportedItem:  # noqa: ANN401, ARG001 - the same
    return ImportedItem(source="", tags=(listed_tag(row, say),))


def _post(joined: Any, options: ReadOptions, say: Say) -> ImportedItem:  # noqa: ANN401 - the same
    if not isinstance(joined, JoinedPost):
        raise InvalidError("Not a post: it is no object")
    if is_page(joined.row):
        title = text_of(joined.row.get("title")) or "without a title"
        say(NoteCode.NOT_IMPORTED, f"the page {quoted(title)} is no post")
        return ImportedItem(source="")
    said: list[tuple[NoteCode, str]] = []
    is_ours = _is_as_told(joined)
    # Of a post of ours, the HTML was made of what is the content.
    how = replace(options, keep_html=False) if is_ours else options
    post, people = post_of(joined, how, lambda code, text: said.append((code, text)))
    written = restored(joined.row.get(KEY), post) if is_ours else post
    if written is not post:
        return ImportedItem(source="", post=written)
    if KEY in joined.row:
        say(NoteCode.NOT_IMPORTED, "it was changed since it was written: what Ghost has no field for was left out")
    for code, text in said:
        say(code, text)
    return ImportedItem(source="", people=people, post=post)


def _is_as_told(joined: JoinedPost) -> bool:
    tags = [name_of_tag(tag) for tag in joined.tags]
    authors = [text_of(author.row.get("email")) for author in joined.authors]
    return is_as_told(joined.row, tags=tags, authors=authors)


def _others(counts: dict[str, int], options: ReadOptions, say: Say) -> ImportedItem:  # noqa: ARG001 - the same
    for name, rows in counts.items():
        say(NoteCode.NOT_IMPORTED, f"{name}: {rows:,} {'row' if rows == 1 else 'rows'}, not supported")
    return ImportedItem(source="")


_READERS: dict[str, Callable[[Any, ReadOptions, Say], ImportedItem]] = {
    "users": _user,
    "tags": _tag,
    "posts": _post,
    "others": _others,
}
