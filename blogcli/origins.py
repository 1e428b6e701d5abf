"""Where a change comes from: the command line, the user and the machine, which the journal records."""

import os
import pwd
from collections.abc import Sequence
from typing import NamedTuple

from . import __version__
from .errors import mask_secrets

_MAX_ARGUMENT = 200
_MAX_LINE = 4_000


class Origin(NamedTuple):
    """The words of a command, such as `post publish`, its arguments, and the profile that it uses."""

    verb: str | None = None
    arguments: Sequence[str] = ()
    profile: str | None = None

    def to_record(self) -> dict[str, str | None]:
        """Return the values that the journal stores for an operation of this command, by column."""
        return {
            "verb": self.verb or None,
            "command": self.command_line or None,
            "actor": user_name(),
            "host": os.uname().nodename,
            "profile": self.profile,
            "program": f"blogcli {__version__}",
        }

    @property
    def command_line(self) -> str:
        """The command line without the name of the program and without passwords. Long texts are truncated.

        Options before the words of the command follow at the end, so that a truncated line still names the command.
        """
        import shlex  # noqa: PLC0415 - only commands that write need the command line

        # Passwords are masked first, because a truncated URL could not be recognized.
        arguments = (truncate(mask_secrets(argument), _MAX_ARGUMENT) for argument in self._reordered())
        line = shlex.join(_escape(argument) for argument in arguments)
        return truncate(line, _MAX_LINE)

    def _reordered(self) -> Sequence[str]:
        words = (self.verb or "").split()
        # Options at the end of a command line with `--` would be arguments.
        if "--" not in self.arguments:
            for start in range(len(self.arguments)):
                if words == list(self.arguments[start : start + len(words)]):
                    return [*self.arguments[start:], *self.arguments[:start]]
        return self.arguments


def user_name() -> str:
    """Return the name of the user of the operating system, or its number if it has no name."""
    user = os.getuid()
    try:
        return _escape(pwd.getpwuid(user).pw_name)
    except KeyError:
        # In a container, the process may run as a user without an entry in the password database.
        return str(user)


def _escape(text: str) -> str:
    r"""Replace characters that cannot be printed or stored by escape sequences such as `\n`."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )


def truncate(text: str, length: int) -> str:
    """Return a text of at most `length` characters. A longer text is cut off and ends with three dots."""
    return text if len(text) <= length else f"{text[: length - 3]}..."
