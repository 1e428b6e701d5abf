"""What is read from files, stdin and the terminal before a service is called."""

import codecs
import getpass
import os
import select
import stat
import sys
from pathlib import Path
from typing import IO, Any

from .. import services
from ..errors import InvalidError, NotConfirmedError, UsageError
from ..output.console import Console
from .context import CliContext

# The maximum size of a text in bytes, because a device or a pipe may have no end.
_MAX_INPUT = 256 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, or of stdin for `-`.

    Raises UsageError at once if there is nothing to read, and InvalidError for more than any text has.
    """
    if str(path) == "-":
        refuse_terminal(sys.stdin)
        data = sys.stdin.buffer.read(_MAX_INPUT + 1)
    else:
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_INPUT + 1)
        except OSError as error:
            raise UsageError(f"Cannot read {path}: {error.strerror}") from None
    if len(data) > _MAX_INPUT:
        raise InvalidError(f"{path}: more than {_MAX_INPUT:,} bytes")
    return data


def read_text(path: Path) -> bytes:
    """Return the bytes of a text file, or of stdin for `-`; raise UsageError if there is no text."""
    data = read_bytes(path)
    if not is_filled(data):
        name = "stdin" if str(path) == "-" else str(path)
        raise UsageError(f"There is no text in {name}", hint="Pass --content '' if the post is to have none.")
    return data


def is_filled(text: bytes) -> bool:
    """Whether a text holds more than blanks."""
    return bool(text.removeprefix(codecs.BOM_UTF8).strip())


def refuse_unread_input() -> None:
    """Raise UsageError if a text is piped into a command that does not read it, without waiting for input."""
    if sys.stdin is not None and _holds_input(sys.stdin):
        raise UsageError(
            "There is a text on stdin that would not be read",
            hint="Pass - to read the text from stdin, or --content '' for a post without text.",
        )


def _holds_input(stream: IO[Any]) -> bool:
    """Whether a file or a pipe has something left to read, or a program that may still write into it."""
    try:
        descriptor = stream.fileno()
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode):
            return os.lseek(descriptor, 0, os.SEEK_CUR) < status.st_size
    except (OSError, ValueError):
        return False
    if not stat.S_ISFIFO(status.st_mode):
        return False
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    events = dict(poll.poll(0)).get(descriptor, 0)
    # At the end of a pipe that no program writes into, there is nothing but the hang-up.
    return bool(events & select.POLLIN) or not events & select.POLLHUP


def refuse_terminal(stream: IO[Any] | None) -> None:
    """Raise UsageError for a terminal, because the user would not notice that the command waits for input."""
    if stream is None or stream.isatty():
        raise UsageError("- reads stdin, and stdin is a terminal", hint="Pipe something in, or name a file.")


def read_references(arguments: list[str] | None, source: Path | None) -> list[str]:
    """Return the references of the arguments, or of the lines of a file without blank lines.

    Raises UsageError when both or neither are given, InvalidError for a file that is not UTF-8 or holds a NUL.
    """
    if source is None:
        if not arguments:
            raise UsageError("No references given", hint="Give one or more, or read them with --from FILE.")
        return arguments
    if arguments:
        raise UsageError("Give references as arguments or with --from, not both")
    data = read_bytes(source)
    if b"\0" in data:
        raise InvalidError(f"{source}: byte {data.index(0)} is NUL")
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidError(f"{source}: byte {error.start} is not UTF-8") from None
    return [line.strip() for line in lines if line.strip()]


def split_list(text: str, name: str) -> list[str]:
    """Return the items of a text such as `a, b`; raise UsageError with the name of the option for an empty item."""
    items = [item.strip() for item in text.split(",")]
    if not all(items):
        raise UsageError(f"{name} has an empty item: {text!r}", hint="Separate the items by single commas, as in a,b.")
    return items


def split_replacement(text: str, name: str) -> list[str]:
    """Return the tags of a text such as `a, b`; an empty text, which removes all tags, gives an empty list."""
    return split_list(text, name) if text else []


def split_lists(texts: list[str] | None, name: str) -> list[str]:
    """Return the items of all texts, as `split_list` does."""
    return [item for text in texts or [] for item in split_list(text, name)]


def single_references(references: list[str]) -> list[str]:
    """Return the references; raise UsageError for a reference with spaces, such as an unsplit shell variable gives."""
    for reference in references:
        if len(reference.split()) != 1:
            raise UsageError(f"Invalid reference {reference!r}", hint="Separate references with spaces.")
    return references


def read_new_password(console: Console, *, from_stdin: bool) -> str:
    """Return a new password: the first line of stdin, or what the user types twice on the terminal without echo.

    Raises UsageError where there is no terminal to ask on, InvalidError for a password of the wrong length and for two
    that differ.
    """
    if from_stdin:
        return _password_line()
    passwords = services.passwords
    first = _ask_password(console, f"Password ({passwords.MIN_LENGTH} to {passwords.MAX_LENGTH:,} characters): ")
    passwords.check_length(first)
    if first != _ask_password(console, "Repeat it: "):
        raise InvalidError("The two passwords differ")
    return first


def read_password(console: Console, *, from_stdin: bool) -> str:
    """Return a password to check, from stdin or from the terminal; raise UsageError if there is neither."""
    return _password_line() if from_stdin else _ask_password(console, "Password: ")


def confirm(context: CliContext, question: str, *, yes: bool) -> None:
    """Ask for confirmation unless `yes` is set; raise NotConfirmedError if declined or without a terminal."""
    if must_ask(context, yes=yes) and not context.console.ask(f"{question}, in {context.database}?"):
        raise NotConfirmedError("Not confirmed; nothing was changed")


def must_ask(context: CliContext, *, yes: bool) -> bool:
    """Return whether to ask on the terminal; raise NotConfirmedError if there is no terminal to ask on."""
    if not yes and not context.console.is_interactive:
        raise NotConfirmedError("This needs a confirmation, and there is no terminal to ask on", hint="Add --yes.")
    return not yes


def _password_line() -> str:
    try:
        line = read_bytes(Path("-")).decode().split("\n")[0]
    except UnicodeDecodeError as error:
        raise InvalidError(f"Password: byte {error.start} is not UTF-8") from None
    return line.removesuffix("\r")


def _ask_password(console: Console, prompt: str) -> str:
    if not console.is_interactive:
        raise UsageError(
            "A password is needed, and there is no terminal to ask on",
            hint="Use --password-stdin or --generate-password.",
        )
    try:
        return getpass.getpass(prompt, stream=sys.stderr)
    except EOFError:
        raise NotConfirmedError("No password was given; nothing was changed") from None
