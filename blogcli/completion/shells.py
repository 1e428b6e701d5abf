"""What the shells pass, and what they want to hear."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

_SCRIPTS = Path(__file__).with_name("scripts")
_SPECIAL = re.compile(r"([^\w@%+=:,./~-])")
_BLANKS_OR_WORD = re.compile(r"""\s+|(?:\\.|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s\\"']|\\$)+""", re.DOTALL)


def script(shell: str) -> str:
    """What has to be read by `bash`, `zsh` or `fish` for Tab to work."""
    return (_SCRIPTS / f"blogcli.{shell}").read_text(encoding="utf-8")


def words_of(line: str) -> list[str]:
    """The words of the start of a command line in bash, the last one perhaps only begun, or empty."""
    typed = _last_word(line)
    try:
        return [*shlex.split(line[: len(line) - len(typed)]), _unquoted(typed)]
    except ValueError:
        # A quote that nothing closes: there is no telling where words begin.
        return []


def for_bash(values: Iterable[str], line: str, current: str) -> list[str]:
    """The values as bash puts them in place of `current`, which is what it takes for the last word of the line."""
    typed = _last_word(line)
    if typed.startswith("-"):
        typed = typed.partition("=")[2]
    if typed[:1] in {'"', "'"}:
        # Bash closes the quote itself.
        return [value for value in values if typed[0] not in value]
    # Bash begins another word at : and = and @, and replaces just that.
    kept = typed[: len(typed) - len(current)] if typed.endswith(current) else ""
    return [_SPECIAL.sub(r"\\\1", value)[len(kept) :] for value in values]


def _last_word(line: str) -> str:
    *_, last = ["", *_BLANKS_OR_WORD.findall(line)]
    return "" if last.isspace() else last


def _unquoted(typed: str) -> str:
    for closing in ("", '"', "'"):
        try:
            return "".join(shlex.split(typed.removesuffix("\\") + closing)[:1])
        except ValueError:
            continue
    return typed
