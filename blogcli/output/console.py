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

# The maximum number of characters of an error message, and of those at its end, which say what was changed.
_MAX_ERROR = 4_000
_END_OF_ERROR = 500


class Console:
    """Writes data to stdout and messages to stderr, as the options --quiet and --color require.

    The streams are looked up in `sys` at each use, because other code may replace them.
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
        """The maximum width of a line of data, in terminal cells.

        The width is None if stdout is not a terminal and COLUMNS is not set.
        """
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

        If --color is given, the option decides. Otherwise, the first environment variable that is set decides, in the
        order NO_COLOR, FORCE_COLOR, TERM=dumb. If none of the variables is set, data is colored if stdout is a
        terminal.
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
        return self.read_answer(f"{question} [y/N] ").lower() in ("y", "yes")

    def read_answer(self, prompt: str) -> str:
        """Print a prompt on the terminal, and return the line that the user types, without surrounding blanks."""
        print(safe_line(prompt), end="", file=sys.stderr, flush=True)  # noqa: T201 - this function prints to the console
        return sys.stdin.readline().strip()

    def show_error(self, error: BlogError, *, as_json: bool) -> None:
        """Print an error and its hint: as one JSON object if `as_json` is set, and otherwise on one line each.

        A very long text, such as one that quotes a whole file, loses its middle.
        """
        message, hint = (text and _shorten(mask_secrets(text)) for text in (error.message, error.hint))
        if as_json:
            details = {"code": error.code, "message": message, "hint": hint}
            line = json.dumps({"error": details}, ensure_ascii=not _is_utf8(sys.stderr))
            # `safe_line` escapes control characters, because they could change the state of the terminal. The escape
            # sequences are also valid in JSON.
            _write_line(safe_line(line))
            return
        _write_line(f"Error: {safe_line(message or '')}")
        if hint:
            _write_line(f"Hint: {safe_line(hint)}")


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_ERROR else f"{text[: _MAX_ERROR - _END_OF_ERROR]}…{text[-_END_OF_ERROR:]}"


def _escape_controls(chunk: str) -> str:
    # Tabs and line ends belong to the format of the data, so they are not escaped. The line ends of CSV are CR LF.
    return "\t".join(safe_text(part) for part in chunk.replace("\r\n", "\n").split("\t"))


def _write_line(line: str) -> None:
    # If stderr cannot be written, the message is lost. The exit code still tells whether the command has failed.
    with suppress(OSError):
        print(line, file=sys.stderr)  # noqa: T201 - this function prints to the console


def _is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"
