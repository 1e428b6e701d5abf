"""What can go wrong, in words a person understands, and the exit code of each."""

import re
from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes that scripts may rely on."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_CONFIRMED = 4
    NOT_FOUND = 5
    CONFLICT = 6
    INVALID = 7
    UNAVAILABLE = 69
    TRY_AGAIN = 75
    CONFIGURATION = 78
    INTERRUPTED = 130
    TERMINATED = 143


class BlogError(Exception):
    """A failure with one line for the user and, where there is something to do, a hint."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """The name of the exit code, as machine formats report it."""
        return self.exit_code.name.lower()


class UsageError(BlogError):
    """The command line asks for something that cannot be asked."""

    exit_code = ExitCode.USAGE


class NotConfirmedError(BlogError):
    """A destructive command was declined, or there was nobody to ask."""

    exit_code = ExitCode.NOT_CONFIRMED


class NotFoundError(BlogError):
    """A post, user or tag that was named does not exist."""

    exit_code = ExitCode.NOT_FOUND

    @classmethod
    def of(cls, noun: str, references: Sequence[str], *, hint: str | None = None) -> "NotFoundError":
        """The error that names every missing reference."""
        plural = "s" if len(references) > 1 else ""
        return cls(f"No such {noun}{plural}: {', '.join(references)}", hint=hint)


class ConflictError(BlogError):
    """It already exists, is still referenced, or was changed meanwhile."""

    exit_code = ExitCode.CONFLICT


class EditConflictError(ConflictError):
    """A post was changed by another command while it was edited."""


class InvalidError(BlogError):
    """The content itself is not acceptable."""

    exit_code = ExitCode.INVALID


class UnavailableError(BlogError):
    """The database cannot be reached."""

    exit_code = ExitCode.UNAVAILABLE


class TryAgainError(BlogError):
    """The same command may succeed later."""

    exit_code = ExitCode.TRY_AGAIN


class ConfigurationError(BlogError):
    """The settings or the database's revision are not what the program needs."""

    exit_code = ExitCode.CONFIGURATION


class CancelledByUserError(BlogError):
    """Ctrl-C was pressed; the transaction that was open was rolled back."""

    exit_code = ExitCode.INTERRUPTED


class TerminatedError(BlogError):
    """SIGTERM or SIGHUP arrived; the transaction that was open was rolled back."""

    exit_code = ExitCode.TERMINATED


# `password=` of a connection string or a URL, `PGPASSWORD=` of a command; the value may be quoted or hold escapes.
_NAMED_PASSWORD = re.compile(
    r"""(?i)(passw(?:or)?d\s*=\s*)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?:\\.|[^\s&\\])+)"""
)
_WORD = re.compile(r"\S+")


def mask_secrets(text: str) -> str:
    """Return the text with `***` for every password: in a URL, in a login as `user:password@host`, or after its name.

    Where a password may end at several places, the text up to the last one is replaced. Takes linear time.
    """
    return "".join(map(_mask_line, _NAMED_PASSWORD.sub(r"\1***", text).splitlines(keepends=True)))


def mask_url(url: str) -> str:
    """Return a database URL with `***` for its password, whatever its form; it may hold blanks and line breaks."""
    return "://".join(map(_mask_login, _NAMED_PASSWORD.sub(r"\1***", url).split("://")))


def _mask_line(line: str) -> str:
    before, *urls = line.split("://")
    # A password in a URL may hold blanks; outside of URLs, a login is one word.
    return "://".join([_WORD.sub(lambda word: _mask_login(word[0]), before), *map(_mask_login, urls)])


def _mask_login(text: str) -> str:
    start = text.find("//") + 2 if "//" in text else 0
    colon, at = text.find(":", start), text.rfind("@")
    return f"{text[:colon]}:***{text[at:]}" if 0 <= colon < at else text
