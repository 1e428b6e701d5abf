"""Print the findings of a content check as groups of lines for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .console import Console
from .layout import Cell, paint, wrap
from .pager import print_lines
from .text import safe_line

_STYLES = {"error": "red", "warning": "yellow", "info": "cyan"}
_LEVEL_WIDTH = max(map(len, _STYLES))
_INDENT = " " * (_LEVEL_WIDTH + 4)
# The minimum width of a text on a narrow terminal.
_MIN_TEXT_WIDTH = 20


def show_findings(console: Console, findings: Iterable[Mapping[str, Any]], *, pager: str | None) -> None:
    """Print findings, with a header above the findings of the same post, and above those of tags.

    A repair is not repeated if findings that follow each other have the same repair.

    The findings are printed while they are read, unless a pager is used.
    """
    print_lines(console, _finding_lines(console, findings), pager=pager)


def _finding_lines(console: Console, findings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    header = ""
    postponed: list[str] = []
    repair: str | None = None
    for finding in findings:
        subject = _describe_subject(finding)
        if finding["repair"] != repair or subject != header:
            yield from postponed
            postponed = list(_indent(console, [Cell(safe_line(finding["repair"]), "dim")], _INDENT))
            repair = finding["repair"]
        if subject != header:
            if header:
                yield ""
            yield paint(Cell(subject, "bold"), has_color=console.has_color)
            header = subject
        yield from _describe_finding(console, finding)
    yield from postponed


def _describe_subject(finding: Mapping[str, Any]) -> str:
    return "tags" if finding["tag"] is not None else f"post {finding['id']} ({safe_line(finding['slug'])})"


def _describe_finding(console: Console, finding: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines with the level of a finding, the number of the line, the text and the rule."""
    level = finding["level"]
    painted_level = paint(Cell(level, _STYLES[level]), has_color=console.has_color)
    location = "" if finding["line"] is None else f"line {finding['line']}: "
    cells = [Cell(location, "dim"), Cell(safe_line(finding["text"])), Cell(f" ({finding['rule']})", "dim")]
    yield from _indent(console, cells, f"  {painted_level}{' ' * (_LEVEL_WIDTH - len(level) + 2)}")


def _indent(console: Console, cells: Sequence[Cell], first_indent: str) -> Iterator[str]:
    """Yield the lines of a text, which is wrapped on a terminal. The first line begins with `first_indent`."""
    width = None if console.width is None else max(console.width - len(_INDENT), _MIN_TEXT_WIDTH)
    indent = first_indent
    for line in wrap(cells, width):
        yield indent + "".join(paint(cell, has_color=console.has_color) for cell in line)
        indent = _INDENT
