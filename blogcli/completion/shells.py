"""Completion scripts for shells, and functions that parse command lines and quote candidates for bash."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

_SCRIPTS = Path(__file__).with_name("scripts")
_SPECIAL = re.compile(r"([^\w@%+=:,./~-])")
_BLANKS_OR_WORD = re.compile(r"""\s+|(?:\\.|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s\\"']|\\$)+""", re.DOTALL)


def script(shell: str) -> str:
    """Return the completion script for `bash`, `zsh` or `fish`."""
    return (_SCRIPTS / f"blogcli.{shell}").read_text(encoding="utf-8")


def split_line(line: str) -> list[str]:
    """Split the start of a bash command line into words. The last word may be incomplete or empty.

    Returns an empty list if the words cannot be determined.
    """
    typed = _last_word(line)
    try:
        return [*shlex.split(line[: len(line) - len(typed)]), _unquote(typed)]
    except ValueError:
        # A quotation mark is not closed before the last word, so the words cannot be determined.
        return []


def quote_for_bash(values: Iterable[str], line: str, current: str) -> list[str]:
    """Quote the values so that bash can insert them in place of `current`.

    `current` is what bash considers the last word of `line`. It may be only a part of the actual last word.
    """
    typed = _last_word(line)
    if typed.startswith("-"):
        typed = typed.partition("=")[2]
    if typed[:1] in {'"', "'"}:
        # The user has typed an opening quotation mark. Bash adds the closing quotation mark, and a value between
        # quotation marks is not escaped. So a value that contains the same quotation mark cannot be inserted.
        return [value for value in values if typed[0] not in value]
    # Bash starts a new word after each colon, equals sign and at sign, and replaces only the last of these words. So
    # the characters before this word are removed from the values.
    unchanged = typed[: len(typed) - len(current)] if typed.endswith(current) else ""
    return [_SPECIAL.sub(r"\\\1", value)[len(unchanged) :] for value in values]


def _last_word(line: str) -> str:
    *_, last = ["", *_BLANKS_OR_WORD.findall(line)]
    return "" if last.isspace() else last


def _unquote(typed: str) -> str:
    """Return an incomplete word without its quotation marks and backslashes."""
    for quote in ("", '"', "'"):
        try:
            return "".join(shlex.split(typed.removesuffix("\\") + quote)[:1])
        except ValueError:
            continue
    return typed
