"""The console, which writes data to stdout and messages to stderr."""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import TextIO

from ..errors import BlogError, mask_secrets
from .text import safe_line, safe_text


class Console:
    """Writes data to stdout and messages to stderr, as the options --quiet and --color require.

    The streams are looked up in `sys` at each use, because they may be replaced.
    """

    def __init__(self, *, quiet: bool = False, color: bool | None = None) -> None:
        self.quiet = quiet
        self._color = color

    @property
    def stdout_is_terminal(self) -> bool:
        """Whether data is shown on a terminal."""
        return sys.stdout.isatty()

    @property
    def stderr_is_terminal(self) -> bool:
        """Whether messages are shown on a terminal that can erase and overwrite lines."""
        return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int | None:
        """The maximum width of a line of data in cells, or None if stdout is no terminal and COLUMNS is not set."""
        if self.stdout_is_terminal or os.environ.get("COLUMNS"):
            return shutil.get_terminal_size().columns
        return None

    @property
    def is_interactive(self) -> bool:
        """Whether the program can ask the user questions, because stdin and stderr are terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def has_color(self) -> bool:
        """Whether data is colored.

        The option --color takes precedence over the environment variables NO_COLOR, FORCE_COLOR and TERM=dumb, which
        take precedence in this order. If none of them is set, data is colored if stdout is a terminal.
        """
        if self._color is not None:
            return self._color
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return self.stdout_is_terminal and os.environ.get("TERM") != "dumb"

    def write(self, chunks: Iterable[str]) -> None:
        """Write data to stdout. If stdout is a terminal, control characters are escaped."""
        if self.stdout_is_terminal:
            chunks = (_escape_controls(chunk) for chunk in chunks)
        sys.stdout.writelines(chunks)

    def say(self, message: str) -> None:
        """Print a message as one line on stderr, unless --quiet is given."""
        if not self.quiet:
            self.warn(message)

    def warn(self, message: str) -> None:
        """Print a message as one line on stderr, even if --quiet is given."""
        _write_line(safe_line(message))

    def ask(self, question: str) -> bool:
        """Ask a question on the terminal, and return whether the answer is yes."""
        print(f"{safe_line(question)} [y/N] ", end="", file=sys.stderr, flush=True)  # noqa: T201 - this function prints to the console
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def show_error(self, error: BlogError, *, as_json: bool) -> None:
        """Print an error and its hint on one line each or, if `as_json` is set, as one JSON object."""
        message, hint = (text and mask_secrets(text) for text in (error.message, error.hint))
        if as_json:
            details = {"code": error.code, "message": message, "hint": hint}
            line = json.dumps({"error": details}, ensure_ascii=not _is_utf8(sys.stderr))
            # `safe_line` escapes control characters for the terminal with escape sequences of JSON, so the line remains
            # valid JSON.
            _write_line(safe_line(line))
            return
        _write_line(f"Error: {safe_line(message or '')}")
        if hint:
            _write_line(f"Hint: {safe_line(hint)}")


def _escape_controls(chunk: str) -> str:
    # Tabs and the line ends of CSV are not escaped, because they belong to the format of the data.
    return "\t".join(safe_text(part) for part in chunk.replace("\r\n", "\n").split("\t"))


def _write_line(line: str) -> None:
    # An error while writing is ignored, because the exit code of the program reports the failure anyway.
    with suppress(OSError):
        print(line, file=sys.stderr)  # noqa: T201 - this function prints to the console


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"
