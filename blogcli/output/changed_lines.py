"""Print the lines of texts that a command changes, with the old and the new text."""

from collections.abc import Iterable, Iterator, Sequence

from .console import Console
from .layout import Cell, paint
from .text import safe_line

_STYLES = {"-": "struck red", "+": "green"}


def format_changed_line(console: Console, label: str, parts: Iterable[tuple[str, str]]) -> str:
    """Return a changed line with its label, in which old text is struck through and new text is green.

    Without color, old text follows `-` and new text follows `+`. The first element of a part is one of these signs, or
    an empty string for unchanged text.
    """
    return f"  {label}: {''.join(_format_parts(console, parts))}"


def _format_parts(console: Console, parts: Iterable[tuple[str, str]]) -> Iterator[str]:
    for sign, text in parts:
        prefix = "" if console.has_color else sign
        yield paint(Cell(prefix + safe_line(text), _STYLES.get(sign, "")), has_color=console.has_color)


def format_heading(console: Console, words: Sequence[str]) -> str:
    """Return a line that names a record."""
    return paint(Cell(safe_line(" ".join(words)), "bold"), has_color=console.has_color)
