"""Where words go: data to stdout, everything said about it to stderr."""

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
    """Both streams, looked up at each use, and what the user asked of them."""

    def __init__(self, *, quiet: bool = False, color: bool | None = None) -> None:
        self.quiet = quiet
        self._color = color

    @property
    def stdout_is_terminal(self) -> bool:
        """Whether a person looks at the data."""
        return sys.stdout.isatty()

    @property
    def stderr_is_terminal(self) -> bool:
        """Whether a person looks at the messages, on a terminal that can take a line back."""
        return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int | None:
        """Return the width of a line of data in cells, or None for a pipe or file unless COLUMNS is set."""
        if self.stdout_is_terminal or os.environ.get("COLUMNS"):
            return shutil.get_terminal_size().columns
        return None

    @property
    def is_interactive(self) -> bool:
        """Return whether the user can be asked: stdin and stderr are terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def has_color(self) -> bool:
        """Whether data may be coloured: the option, else NO_COLOR, FORCE_COLOR, TERM=dumb, else a terminal."""
        if self._color is not None:
            return self._color
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return self.stdout_is_terminal and os.environ.get("TERM") != "dumb"

    def write(self, chunks: Iterable[str]) -> None:
        """Write data: exact into a pipe or file, harmless on a terminal."""
        if self.stdout_is_terminal:
            chunks = (_harmless(chunk) for chunk in chunks)
        sys.stdout.writelines(chunks)

    def say(self, message: str) -> None:
        """Print a message about what was done, unless --quiet is given."""
        if not self.quiet:
            self.warn(message)

    def warn(self, message: str) -> None:
        """A line that is shown even with --quiet."""
        _write_line(safe_line(message))

    def ask(self, question: str) -> bool:
        """Ask a question on the terminal, and return whether the answer is yes."""
        print(f"{safe_line(question)} [y/N] ", end="", file=sys.stderr, flush=True)  # noqa: T201 - this is the console
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def show_error(self, error: BlogError, *, as_json: bool) -> None:
        """The error, and its hint, as two lines or as one JSON object."""
        message, hint = (text and mask_secrets(text) for text in (error.message, error.hint))
        if as_json:
            fault = {"code": error.code, "message": message, "hint": hint}
            line = json.dumps({"error": fault}, ensure_ascii=not _takes_unicode(sys.stderr))
            # Control characters are escaped as in JSON, so that the JSON keeps its meaning.
            _write_line(safe_line(line))
            return
        _write_line(f"Error: {safe_line(message or '')}")
        if hint:
            _write_line(f"Hint: {safe_line(hint)}")


def _harmless(chunk: str) -> str:
    # Tabs and CSV's line ends are the format's own here.
    return "\t".join(safe_text(part) for part in chunk.replace("\r\n", "\n").split("\t"))


def _write_line(line: str) -> None:
    # The exit code reports the failure even if the message cannot be written.
    with suppress(OSError):
        print(line, file=sys.stderr)  # noqa: T201 - this is the console


def _takes_unicode(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "") == "utf8"
