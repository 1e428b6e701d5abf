"""Read users, tags and posts from Ghost exports of every version from 0.x to 6.x. Pages are skipped."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ...errors import InvalidError
from ...text.truncate_repr import quoted
from ..items import ImportedItem, RawItem, ReadOptions
from ..notes import ItemNotes, NoteCode, OnNote
from ..sources import Source
from .authors import read_user
from .embedding import RECORD_COLUMN, is_unmodified, load_post
from .export_file.rows import has_ghost_shape
from .export_file.scanner import JoinedPost, scan
from .posts import is_page, read_post
from .tags import read_tag, read_tag_name
from .values import as_text

__all__ = ["detect", "read", "scan"]


def detect(source: Source) -> bool:
    """Return whether the first bytes of a source look like the start of a Ghost export."""
    try:
        return has_ghost_shape(source.read_start())
    except InvalidError:
        return False


def read(item: RawItem, options: ReadOptions) -> ImportedItem:
    """Convert an item to a user, a tag or a post, and add notes about changed and skipped values.

    Raises InvalidError if the item cannot be read.
    """
    notes = ItemNotes(item.source, item.position)
    table, content = item.content
    imported = _READERS[table](content, options, notes.add)
    return replace(imported, source=item.source, position=item.position, notes=notes.all())


def _read_user(row: Any, options: ReadOptions, on_note: OnNote) -> ImportedItem:  # noqa: ANN401, ARG001 - a JSON value; all readers take options
    return ImportedItem(source="", people=(read_user(row, on_note),))


def _read_tag(row: Any, options: ReadOptions, on_note: OnNote) -> ImportedItem:  # noqa: ANN401, ARG001 - a JSON value; all readers take options
    return ImportedItem(source="", tags=(read_tag(row, on_note),))


def _read_post(joined: Any, options: ReadOptions, on_note: OnNote) -> ImportedItem:  # noqa: ANN401 - a JoinedPost or any JSON value
    if not isinstance(joined, JoinedPost):
        raise InvalidError("Not a post: it is not an object")
    if is_page(joined.row):
        title = as_text(joined.row.get("title")) or "(Untitled)"
        on_note(NoteCode.NOT_IMPORTED, f"the page {quoted(title)} is not a post", kind="page")
        return ImportedItem(source="")
    notes = ItemNotes("", None)
    is_own_post = _is_unmodified(joined)
    # If blogcli exported the post, the HTML was rendered from Markdown. The Markdown is imported even if the option
    # `keep_html` is set.
    post_options = replace(options, keep_html=False) if is_own_post else options
    post, users = read_post(joined, post_options, notes.add)
    own_post = load_post(joined.row.get(RECORD_COLUMN), post) if is_own_post else post
    if own_post is not post:
        return ImportedItem(source="", post=own_post)
    if RECORD_COLUMN in joined.row:
        text = "modified after its export by blogcli; fields that Ghost does not support are lost"
        on_note(NoteCode.NOT_IMPORTED, text)
    for note in notes.all():
        on_note(note.code, note.message, kind=note.kind, count=note.count)
    return ImportedItem(source="", people=users, post=post)


def _is_unmodified(joined: JoinedPost) -> bool:
    tags = [read_tag_name(tag) for tag in joined.tags]
    authors = [as_text(author.row.get("email")) for author in joined.authors]
    return is_unmodified(joined.row, tags=tags, authors=authors)


def _note_skipped_tables(counts: dict[str, int], options: ReadOptions, on_note: OnNote) -> ImportedItem:  # noqa: ARG001 - all readers take options
    for name, rows in counts.items():
        noun = "row" if rows == 1 else "rows"
        message = f"{name}: {rows:,} {noun}, not supported"
        on_note(NoteCode.NOT_IMPORTED, message, kind=_make_row_noun(name), count=rows)
    return ImportedItem(source="")


def _make_row_noun(table: str) -> str:
    """Return a singular noun for a row of a table, such as "newsletter" for the table `newsletters`."""
    if table == "roles_users":
        return "user role"
    noun = table.replace("_", " ")
    return noun.removesuffix("s") if noun.endswith("s") and not noun.endswith("ies") else f"{noun} row"


_READERS: dict[str, Callable[[Any, ReadOptions, OnNote], ImportedItem]] = {
    "users": _read_user,
    "tags": _read_tag,
    "posts": _read_post,
    "skipped": _note_skipped_tables,
}
