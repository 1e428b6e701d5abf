"""Show the lines of a text that edits change, with a limited amount of the text around each edit."""

from collections.abc import Iterable
from typing import NamedTuple

from .replacements import Edit

# The maximum number of edits that are shown in one line.
_MAX_EDITS = 5
# The maximum number of characters of unchanged text before and after an edit, and of old and of new text.
_MAX_CONTEXT = 40
_MAX_CHANGED = 200
_ELLIPSIS = "…"


class EditedLine(NamedTuple):
    """A line that edits change: its number, its parts, and the number of edits that are shown.

    The first element of a part is `-` for old text, `+` for new text, and an empty string for unchanged text.
    """

    number: int
    parts: list[tuple[str, str]]
    shown: int


def list_edited_lines(text: str, edits: Iterable[Edit], *, max_lines: int) -> list[EditedLine]:
    """Return the first lines that the edits change. The edits must be in order, and are read only as far as needed."""
    lines: list[EditedLine] = []
    edits_of_line: list[Edit] = []
    number = 1
    counted = 0
    line_end = -1
    for edit in edits:
        if edit.start > line_end:
            _add_line(lines, text, number, edits_of_line)
            if len(lines) == max_lines:
                return lines
            edits_of_line = []
            number += text.count("\n", counted, edit.start)
            counted = edit.start
        edits_of_line.append(edit)
        line_end = _find_line_end(text, edit.end)
    _add_line(lines, text, number, edits_of_line)
    return lines


def _add_line(lines: list[EditedLine], text: str, number: int, edits: list[Edit]) -> None:
    if not edits:
        return
    shown = edits[:_MAX_EDITS]
    start = text.rfind("\n", 0, shown[0].start) + 1
    parts = [("", _keep_end(text[start : shown[0].start]))]
    position = shown[0].start
    for edit in shown:
        old = text[edit.start : edit.end]
        parts.append(("", _keep_ends(text[position : edit.start])))
        parts += [("-", _keep_start(old, _MAX_CHANGED)), ("+", _keep_start(edit.new, _MAX_CHANGED))]
        position = edit.end
    rest = text[position : _find_line_end(text, position)].removesuffix("\r")
    parts.append(("", _keep_start(rest, _MAX_CONTEXT)))
    lines.append(EditedLine(number, [part for part in parts if part[1]], len(shown)))


def _find_line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def _keep_start(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + _ELLIPSIS


def _keep_end(text: str) -> str:
    return text if len(text) <= _MAX_CONTEXT else _ELLIPSIS + text[-_MAX_CONTEXT:]


def _keep_ends(text: str) -> str:
    return text if len(text) <= 2 * _MAX_CONTEXT else text[:_MAX_CONTEXT] + _ELLIPSIS + text[-_MAX_CONTEXT:]
