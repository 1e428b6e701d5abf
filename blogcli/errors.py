"""The errors that commands report to the user, the exit codes of the errors, and the masking of passwords."""

import re
from collections.abc import Sequence
from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of the program. Scripts rely on the codes, so a code must never change its meaning."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_CONFIRMED = 4
    NOT_FOUND = 5
    CONFLICT = 6
    INVALID = 7
    UNAVAILABLE = 69
    TRY_AGAIN = 75
    NOT_PERMITTED = 77
    CONFIGURATION = 78
    INTERRUPTED = 130
    TERMINATED = 143


class BlogError(Exception):
    """An error with a one-line message for the user and an optional hint that says what to do."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def code(self) -> str:
        """The name of the exit code in lower case. JSON output identifies the kind of the error by this name."""
        return self.exit_code.name.lower()


class UsageError(BlogError):
    """The command line is invalid."""

    exit_code = ExitCode.USAGE


class NotConfirmedError(BlogError):
    """The user did not confirm a command, or the command could not ask the user."""

    exit_code = ExitCode.NOT_CONFIRMED


class NotFoundError(BlogError):
    """A post, user or tag does not exist."""

    exit_code = ExitCode.NOT_FOUND

    @classmethod
    def of(cls, noun: str, references: Sequence[str], *, hint: str | None = None) -> "NotFoundError":
        """Return an error that lists `references`, which match no record of the kind `noun`."""
        plural = "s" if len(references) > 1 else ""
        return cls(f"No such {noun}{plural}: {', '.join(references)}", hint=hint)


class ConflictError(BlogError):
    """A row already exists, is still referenced, or was changed by another command."""

    exit_code = ExitCode.CONFLICT


class EditConflictError(ConflictError):
    """Another command changed a post while the user was editing the post."""


class InvalidError(BlogError):
    """A value is invalid."""

    exit_code = ExitCode.INVALID


class UnavailableError(BlogError):
    """The database is not available."""

    exit_code = ExitCode.UNAVAILABLE


class TryAgainError(BlogError):
    """A temporary failure. The same command may succeed if it is repeated."""

    exit_code = ExitCode.TRY_AGAIN


class NotPermittedError(BlogError):
    """The settings forbid changes of the database."""

    exit_code = ExitCode.NOT_PERMITTED


class ConfigurationError(BlogError):
    """The settings are invalid, or the database is not at the required revision."""

    exit_code = ExitCode.CONFIGURATION


class CancelledByUserError(BlogError):
    """The user pressed Ctrl-C, and the open transaction was rolled back."""

    exit_code = ExitCode.INTERRUPTED


class TerminatedError(BlogError):
    """The process received SIGTERM or SIGHUP, and the open transaction was rolled back."""

    exit_code = ExitCode.TERMINATED


# Matches `password=` in a connection string or URL, or `PGPASSWORD=` in a shell command, together with the password
# that follows. The password may be in quotes or contain escaped characters.
_NAMED_PASSWORD = re.compile(
    r"""(?i)(passw(?:or)?d\s*=\s*)(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|(?:\\.|[^\s&\\])+)"""
)
# Matches the parts `passw` in a name, of which each letter may be percent-encoded.
_ENCODED_PASSW = "".join(f"(?:{letter}|%{ord(letter):x}|%{ord(letter.upper()):x})" for letter in "passw")
# Matches the start of a parameter of a URL whose name contains `passw`. The first lookahead makes sure that the name is
# followed by a value, so that the search takes linear time. The last one excludes values that are already masked.
_PARAMETER = rf"(?i)([?&](?=[^=&?\s]*+=)[^=&?\s]*?{_ENCODED_PASSW}[^=&?\s]*=)(?!\*\*\*)"
_PARAMETER_IN_URL = re.compile(rf"{_PARAMETER}[^&]*")
_PARAMETER_IN_TEXT = re.compile(rf"{_PARAMETER}[^&\r\n]*")
_WORD = re.compile(r"\S+")


def mask_secrets(text: str) -> str:
    """Replace every password in a text with `***`.

    Passwords are recognized in URLs, in logins such as `user:password@host`, and after names such as `password=`. If
    the end of a password is ambiguous, the text up to the last possible end is replaced. The running time is linear in
    the length of the text.
    """
    text = _NAMED_PASSWORD.sub(r"\1***", _PARAMETER_IN_TEXT.sub(r"\1***", text))
    return "".join(map(_mask_line, text.splitlines(keepends=True)))


def mask_url(url: str) -> str:
    """Replace the passwords in a database URL with `***`. The URL may contain spaces and line breaks."""
    url = _PARAMETER_IN_URL.sub(r"\1***", url)
    return "://".join(map(_mask_login, _NAMED_PASSWORD.sub(r"\1***", url).split("://")))


def remove_password(url: str) -> str:
    """Return a database URL without its passwords."""
    without_login = re.sub(r"(//[^/?@]*):\*\*\*(?=@)", r"\1", mask_url(url), count=1)
    return re.sub(r"([?&])[^=&?]*=\*\*\*(?:&|$)", r"\1", without_login).rstrip("?&")


def _mask_line(line: str) -> str:
    text, *urls = line.split("://")
    # A password in a URL may contain spaces, so the whole text after each `://` is treated as one login. The text
    # before the first `://` is treated word by word, because a login outside of a URL contains no spaces.
    return "://".join([_WORD.sub(lambda word: _mask_login(word[0]), text), *map(_mask_login, urls)])


def _mask_login(text: str) -> str:
    start = text.find("//") + 2 if "//" in text else 0
    colon = text.find(":", start)
    at = text.rfind("@")
    return f"{text[:colon]}:***{text[at:]}" if 0 <= colon < at else text
