"""Convert the content of a Ghost post to Markdown.

A row of the table `posts` contains the content in several columns. The column that preserves the most formatting is
converted.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from ....errors import InvalidError
from ....text.json_text import parse_json
from ...notes import NoteCode, OnNote
from ..gated_markers import GATE_COMMENT
from . import lexical, mobiledoc
from .cards import is_email_only
from .fragments import Fragment, GhostDocument, fragments_to_markdown

_FORMATS: dict[str, Callable[[object], GhostDocument]] = {
    "lexical": lexical.parse_lexical,
    "mobiledoc": mobiledoc.parse_mobiledoc,
}
# The maximum number of lists, objects and commas in the JSON of a column. JSON that exceeds the maximum is not parsed,
# because the parsed values could exhaust the memory.
_MAX_VALUES = 2_000_000
_MAX_NOTE = 200
_ERRORS = (InvalidError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Content(NamedTuple):
    """The content of a post, in Markdown or HTML."""

    text: str
    # The names of the columns to store in `extra`. These columns cannot be read or contain e-mail-only cards.
    stored_columns: Sequence[str] = ()
    is_html: bool = False


def convert_content(row: Mapping[str, Any], on_note: OnNote, *, keep_html: bool) -> Content:
    """Return the content of a row of the table `posts` as Markdown.

    If `keep_html` is true and the row contains HTML, the HTML is returned unchanged. HTML that cannot be converted is
    also returned unchanged.
    """
    content = _get_exact_content(row, keep_html=keep_html)
    blank_text: str | None = None
    stored_columns: list[str] = []
    # A column is also read if the content is in another column, because it may contain e-mail-only cards, which occur
    # in no other column.
    for name in filter(row.get, _FORMATS):
        try:
            document = _parse_document(name, row[name])
            text = _document_to_markdown(document) if content is None else ""
        except _ERRORS:
            on_note(NoteCode.CONTENT_LOSSY, f"{name} cannot be read; it was stored in extra")
            stored_columns.append(name)
            continue
        if text.strip():
            content = Content(text)
            _note_conversion(name, document, on_note)
        elif blank_text is None:
            blank_text = text
        if _note_email_cards(document, on_note):
            stored_columns.append(name)
    content = content or _convert_other_columns(row, on_note) or Content(blank_text or "")
    return content._replace(stored_columns=stored_columns)


def _get_exact_content(row: Mapping[str, Any], *, keep_html: bool) -> Content | None:
    """Return the content of a row that needs no conversion, or None if the content must be converted."""
    html = _get_text(row, "html")
    if html and keep_html:
        return Content(html, is_html=True)
    markdown = _get_text(row, "markdown")
    return Content(markdown) if markdown else None


def _convert_other_columns(row: Mapping[str, Any], on_note: OnNote) -> Content | None:
    """Return the content of a row in which no column of `_FORMATS` contains text, or None if there is no text."""
    html = _get_text(row, "html")
    if html:
        return _convert_html(html, on_note)
    plain = _get_text(row, "plaintext")
    if not plain:
        return None
    on_note(NoteCode.CONTENT_LOSSY, "only plain text is available, without headings, links and images")
    return Content(plain)


def _get_text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def _parse_document(name: str, value: object) -> GhostDocument:
    """Parse the value of the column `name`. Raises one of `_ERRORS` if it is invalid."""
    return _FORMATS[name](_parse_json(value) if isinstance(value, str) else value)


def _document_to_markdown(document: GhostDocument) -> str:
    return fragments_to_markdown(document.fragments) if document.markdown is None else document.markdown


def _note_conversion(name: str, document: GhostDocument, on_note: OnNote) -> None:
    """Add notes about the conversion of the column `name` and about cards that Markdown cannot represent."""
    if document.markdown is not None:
        return
    on_note(NoteCode.CONTENT_CONVERTED, f"{name} was converted to Markdown")
    cards = sorted(name for name in set(document.incomplete_cards) if not is_email_only(name))
    if cards:
        message = f"cards without an equivalent in Markdown became HTML or comments: {', '.join(cards)}"
        on_note(NoteCode.CONTENT_LOSSY, message[:_MAX_NOTE])


def _note_email_cards(document: GhostDocument, on_note: OnNote) -> bool:
    """Add a note about the e-mail-only cards of a document, and return whether the document contains such cards."""
    cards = sorted(filter(is_email_only, set(document.incomplete_cards)))
    if cards:
        on_note(NoteCode.CONTENT_LOSSY, f"e-mail-only cards were stored in extra: {', '.join(cards)}")
    return bool(cards)


def _parse_json(text: str) -> object:
    if sum(map(text.count, "{[,")) > _MAX_VALUES:
        raise ValueError(f"more than {_MAX_VALUES:,} values")
    return parse_json(text)


def _convert_html(html: str, on_note: OnNote) -> Content:
    try:
        parts = enumerate(GATE_COMMENT.split(html))
        # The pattern has a group, so the parts with odd indexes are the comments that the pattern matched. They are
        # not converted, because the conversion of HTML to Markdown removes comments.
        text = fragments_to_markdown(Fragment(part, is_html=index % 2 == 0) for index, part in parts)
    except InvalidError as error:
        on_note(NoteCode.CONTENT_LOSSY, f"the content stayed HTML: {error.message}")
        return Content(html, is_html=True)
    on_note(NoteCode.CONTENT_CONVERTED, "HTML was converted to Markdown")
    return Content(text)
