"""Property tests that hostile text leaves a terminal in the same state as harmless text.

The output is interpreted by the terminal emulator pyte.
"""

import io
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC
from functools import cache
from typing import Any
from unittest.mock import patch

import pyte
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from wcwidth import wcwidth

from blogcli.errors import BlogError
from blogcli.output.changed_lines import format_changed_line, format_heading
from blogcli.output.console import Console
from blogcli.output.differences import unified_difference, word_difference
from blogcli.output.findings import show_findings
from blogcli.output.markdown import markdown_lines
from blogcli.output.operations import operation_lines, row_line, show_operations
from blogcli.output.tables import content_lines, show_bars, show_hits, show_list, show_one, summary_lines
from tests.stress import IS_FULL
from tests.terminal_output import changes_terminal, link_targets, without_own_sequences

pytestmark = pytest.mark.untraced

ROWS, COLUMNS = 80, 4_000
CONTROLS = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))}
# Each text changes the state of a terminal, or the order or the width of what it shows, if it is printed as it is.
ATTACKS = [
    *("\x1b[2J", "\x1b[5A", "\x1b[31;1m", "\x1b[?25l", "\x1b[?1049h", "\x1b[1;5r", "\x1b#8", "\x1bc", "\x1bM", "\x1b7"),
    *(
        "\x1b]0;title\x07",
        "\x1b]52;c;aGk=\x07",
        "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
        "\x1bP1$r\x1b\\",
    ),
    *(
        "\x1b(0",
        "\x0e",
        "\x0f",
        "\x9b2J",
        "\x9d0;title\x9c",
        "\x85",
        "\x90q\x9c",
        "\x84",
        "\xc2\x9b",
        "\udc9b2J",
        "\x1b",
    ),
    *("\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u2069", "\u202c", "\u061c", "\u200e", "\u200b", "\u2060"),
    *("\x07", "\b\b\b\b", "\r", "\r\n", "\n", "\t", "\0", "\v", "\f", "\x7f", "\u2028", "\u2029", "\ufeff", "\ufff9"),
    *("[red]", "[/]", "[link=http://evil.example]", ":smile:", "\ud800", "\udfff", "e" + "\u0301" * 60, "\u200d", "字"),
    *("&#27;[2J", "&#x1b;", "&#155;2J", "&#x202e;", "&#8238;", "&#13;", "&#12;", "&#8;", "&#0;", "&#x2028;", "&rlm;"),
    *(
        "<br>",
        "[a](http://x/&#27;]8;;)",
        "![b](\x1b[2J)",
        "`\x1b[2J`",
        "\n\n    \x1b[2J\n",
        "\n```\n\r\x1b[2J\n```\n",
        "**",
    ),
    *(
        "<a href='\x1b'>",
        "| a |\n|---|\n| \x1b[2J&#13; |",
        "# \x1b[2J",
        "- \x1b[2J\n",
        "> &#x202e;",
        "\U000e0041",
        "\U0001f600",
    ),
]
attacks = st.sampled_from(ATTACKS)
texts = st.lists(st.one_of(attacks, st.text(max_size=4), st.just("plain")), min_size=1, max_size=8).map("".join)
TIME = "2024-05-31T12:00:00Z"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def post(text: str) -> dict[str, Any]:
    times = dict.fromkeys(("published_at", "created_at", "updated_at", "trashed_at", "expires_at"), TIME)
    values = {"title": text, "slug": text, "author": text, "excerpt": text, "content": text, "snippet": text}
    return {"id": 1, "uuid": "u", "status": "draft", "tags": [text, text], "words": 1, "score": 0.5, **values, **times}


def operation(text: str) -> dict[str, Any]:
    names = ("command", "actor", "host", "profile", "program")
    counts = dict.fromkeys(("users", "posts", "tags", "links", "imports", "forgotten"), 1)
    return {"id": 1, "kind": "outside", "ended_at": TIME, "undone_by": 2, **dict.fromkeys(names, text), **counts}


def changed_row(text: str) -> dict[str, Any]:
    fields = [{"name": name, "before": text, "after": text} for name in ("title", "extra")]
    row = {
        "noun": "post",
        "id": 1,
        "name": text,
        "action": "changed",
        "fields": [],
        "bookkeeping": [],
        "is_forgotten": False,
    }
    return row | {"added_tags": [text], "removed_tags": [text]} | {"fields": [_Field(**field) for field in fields]}


class _Field:
    def __init__(self, name: str, before: str, after: str) -> None:
        self.name = name
        self.before = before
        self.after = after


def finding(text: str) -> dict[str, Any]:
    values = {"rule": "empty-post", "level": "error", "id": 1, "slug": text, "tag": None, "line": 1}
    return {**values, "text": text, "repair": text}


def lines(*parts: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for part in parts for line in part)


# Maps each kind of output to a function that prints it with a text.
KINDS: dict[str, Callable[[Console, str], object]] = {
    "table": lambda c, t: show_list(c, [post(t), post("x")], ["id", "title", "tags"], zone=UTC, pager=None),
    "wide table": lambda c, t: show_list(c, [post(t)], ["slug", "author", "excerpt", "content"], zone=UTC, pager=None),
    "details": lambda c, t: show_one(c, post(t), zone=UTC, pager="less"),
    "hits": lambda c, t: show_hits(c, [post(t)], zone=UTC, pager=None),
    "bars": lambda c, t: show_bars(c, [{"tag": t, "posts": 2, "words": 3}], ["tag", "posts", "words"], pager=None),
    "content": lambda c, t: lines(content_lines(c, t)),
    "summary": lambda c, t: lines(summary_lines(c, post(t), UTC)),
    "Markdown": lambda c, t: lines(markdown_lines(c, t)),
    "operations": lambda c, t: show_operations(c, [operation(t)], zone=UTC, pager=None),
    "operation": lambda c, t: lines(operation_lines(c, operation(t), UTC), [row_line(c, changed_row(t), UTC)]),
    "difference": lambda c, t: lines(unified_difference(c, {"content": t, "title": "x"}, {"content": "x", "title": t})),
    "words": lambda c, t: lines(word_difference(c, {"content": f"a {t}"}, {"content": "a"}, has_marks=True)),
    "findings": lambda c, t: show_findings(c, [finding(t)], pager=None),
    "changed lines": lambda c, t: lines([format_changed_line(c, "x", [("-", t), ("+", t)]), format_heading(c, [t])]),
    "message": lambda c, t: c.warn(t),
    "question": lambda c, t: c.ask(t),
    "error": lambda c, t: c.show_error(BlogError(t, hint=t), as_json=False),
    "JSON error": lambda c, t: c.show_error(BlogError(t, hint=t), as_json=True),
    "data": lambda c, t: c.write([f"{t}\n", t, "\n"]),
}


def print_text(kind: str, text: str, *, color: bool) -> str:
    """Return what is printed on a terminal."""
    terminal = _Terminal()
    with (
        patch.object(sys, "stdout", terminal),
        patch.object(sys, "stderr", terminal),
        patch.object(sys, "stdin", io.StringIO()),
        patch("shutil.get_terminal_size", return_value=_Size()),
    ):
        KINDS[kind](Console(color=color), text)
    return terminal.getvalue()


class _Size:
    columns = COLUMNS - 1
    lines = ROWS


def screen_after(output: str) -> pyte.Screen:
    screen = pyte.Screen(COLUMNS, ROWS)
    # The emulator drops what follows a character without a width, and treats marks differently from terminals. Such
    # characters move no cursor, so they are left out.
    pyte.Stream(screen).feed("".join(filter(_has_width, output)).replace("\n", "\r\n"))
    return screen


def _has_width(character: str) -> bool:
    return unicodedata.category(character)[0] != "M" and (wcwidth(character) > 0 or character in CONTROLS)


def state_of(screen: pyte.Screen) -> tuple[object, ...]:
    """Return the state of a terminal apart from what it shows."""
    charset = (screen.charset, screen.g0_charset, screen.g1_charset)
    cursor = (screen.cursor.attrs, screen.cursor.hidden)
    modes = (screen.mode, screen.margins, tuple(sorted(screen.tabstops)), tuple(screen.savepoints))
    return (*charset, *cursor, *modes, screen.title, screen.icon_name)


@cache
def harmless_state(kind: str, *, color: bool) -> tuple[object, ...]:
    """Return the state of a terminal after a text without special characters."""
    return state_of(screen_after(print_text(kind, "plain", color=color)))


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200 if IS_FULL else 12)
@given(text=texts)
def test_hostile_text_leaves_terminal_as_harmless_text_does(kind: str, color: bool, text: str) -> None:
    output = print_text(kind, text, color=color)
    # Only rendered Markdown contains links, and only to the targets of its links.
    targets = link_targets(text) if kind == "Markdown" else ()
    shown = without_own_sequences(output, targets)
    assert not changes_terminal(output, targets), ascii(shown)
    assert color or shown == output
    assume(output.count("\n") < ROWS)
    screen = screen_after(output)
    assert state_of(screen) == harmless_state(kind, color=color)
    # Every line is on its own row, so nothing was overwritten and the cursor is below the last line.
    assert screen.cursor.y == output.count("\n")
    rows = ("".join(cell.data for _, cell in sorted(screen.buffer[y].items())) for y in range(screen.cursor.y + 1))
    assert [_bare(row) for row in rows] == [_bare(line) for line in shown.split("\n")]


def _bare(line: str) -> str:
    """Return the letters and digits of a line, because pyte composes marks and drops characters without a width."""
    return "".join(re.findall(r"[!-~]", line))
