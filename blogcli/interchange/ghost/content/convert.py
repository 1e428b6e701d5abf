"""Convert the content of a Ghost post to Markdown.

A row of the table `posts` contains the content in several columns. The column that preserves the most formatting is
converted.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ....errors import InvalidError
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
    html = _get_text(row, "html")
    markdown = _get_text(row, "markdown")
    if html and keep_html:
        return Content(html, is_html=True)
    if markdown:
        return Content(markdown)
    stored_columns: list[str] = []
    for name, parse in _FORMATS.items():
        text, is_stored = _convert_format(name, row.get(name), parse, on_note)
        if is_stored:
            stored_columns.append(name)
        if text is not None and (text.strip() or not html):
            return Content(text, stored_columns)
    if html:
        return _convert_html(html, on_note)
    plain = _get_text(row, "plaintext")
    if plain:
        on_note(NoteCode.CONTENT_LOSSY, "only plain text is available, without headings, links and images")
    return Content(plain, stored_columns)


def _get_text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) and value.strip() else ""


def _convert_format(
    name: str, value: object, parse: Callable[[object], GhostDocument], on_note: OnNote
) -> tuple[str | None, bool]:
    """Return the value of the column `name` as Markdown, and whether the column should be stored in `extra`.

    The Markdown is None if the column is empty or cannot be read. A column should be stored if it cannot be read or
    contains e-mail-only cards.
    """
    if not value:
        return None, False
    try:
        document = parse(_parse_json(value) if isinstance(value, str) else value)
        if document.markdown is not None:
            return document.markdown, False
        text = fragments_to_markdown(document.fragments)
    except _ERRORS:
        on_note(NoteCode.CONTENT_LOSSY, f"{name} cannot be read")
        return None, True
    if text:
        on_note(NoteCode.CONTENT_CONVERTED, f"{name} was converted to Markdown")
    _note_incomplete_cards(document.incomplete_cards, on_note)
    return text, any(map(is_email_only, document.incomplete_cards))


def _note_incomplete_cards(cards: Iterable[str], on_note: OnNote) -> None:
    names = set(cards)
    email_cards = sorted(filter(is_email_only, names))
    other_cards = sorted(names.difference(email_cards))
    if other_cards:
        message = f"cards without an equivalent in Markdown became HTML or comments: {', '.join(other_cards)}"
        on_note(NoteCode.CONTENT_LOSSY, message[:_MAX_NOTE])
    if email_cards:
        on_note(NoteCode.CONTENT_LOSSY, f"e-mail-only cards were stored in extra: {', '.join(email_cards)}")


def _parse_json(text: str) -> object:
    if sum(map(text.count, "{[,")) > _MAX_VALUES:
        raise ValueError(f"more than {_MAX_VALUES:,} values")
    return json.loads(text)


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
