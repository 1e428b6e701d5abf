"""Read input for commands from arguments, files, stdin and the terminal."""

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
from .context import CliContext

# The maximum size of an input in bytes. Without a maximum, the input from a device or a pipe could be endless.
_MAX_INPUT_SIZE = 256 * 1024 * 1024


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file, or of stdin for `-`.

    Raises UsageError if the file cannot be read or stdin is a terminal, and InvalidError if the input is too large.
    """
    if str(path) == "-":
        refuse_terminal(sys.stdin)
        data = sys.stdin.buffer.read(_MAX_INPUT_SIZE + 1)
    else:
        try:
            with path.open("rb") as file:
                data = file.read(_MAX_INPUT_SIZE + 1)
        except OSError as error:
            raise UsageError(f"Cannot read {path}: {error.strerror}") from None
    if len(data) > _MAX_INPUT_SIZE:
        raise InvalidError(f"{path}: more than {_MAX_INPUT_SIZE:,} bytes")
    return data


def read_text(path: Path) -> bytes:
    """Return the bytes of a text file, or of stdin for `-`.

    Raises the exceptions of `read_bytes`, and UsageError if the text is empty or blank.
    """
    data = read_bytes(path)
    if not is_filled(data):
        name = "stdin" if str(path) == "-" else str(path)
        raise UsageError(f"There is no text in {name}", hint="Use --content '' for a post without text.")
    return data


def is_filled(text: bytes) -> bool:
    """Return whether a text contains more than white space and a byte order mark."""
    return bool(text.removeprefix(codecs.BOM_UTF8).strip())


def refuse_unread_input() -> None:
    """Raise UsageError if there is input on stdin. This function is for commands that do not read stdin.

    The function does not wait for input.
    """
    if sys.stdin is not None and _has_input(sys.stdin):
        raise UsageError(
            "There is a text on stdin that would not be read",
            hint="Use - to read the text from stdin, or --content '' for a post without text.",
        )


def _has_input(stream: IO[Any]) -> bool:
    """Return whether the stream is a file with unread data, or a pipe with unread data or an open writing end."""
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
    # POLLHUP without POLLIN means that the pipe is empty and that its writing end is closed.
    return bool(events & select.POLLIN) or not events & select.POLLHUP


def refuse_terminal(stream: IO[Any] | None) -> None:
    """Raise UsageError if the stream is None or a terminal.

    A user would not notice that the command waits for input from the terminal.
    """
    if stream is None or stream.isatty():
        raise UsageError(
            "- reads stdin, and stdin is a terminal", hint="Pipe the input into the command, or use a file."
        )


def read_references(arguments: list[str] | None, source: Path | None) -> list[str]:
    """Return the references in `arguments`, or one reference from each line of the file `source`.

    Blank lines of the file are ignored. Raises UsageError if both parameters are given or both are missing, or if the
    file cannot be read. Raises InvalidError if the file is not UTF-8 or contains a null character.
    """
    if source is None:
        if not arguments:
            raise UsageError("No references given", hint="Add one or more references, or read them with --from FILE.")
        return arguments
    if arguments:
        raise UsageError("References are given as arguments and with --from", hint="Use only one of them.")
    data = read_bytes(source)
    if b"\0" in data:
        raise InvalidError(f"{source}: byte {data.index(0)} is NUL")
    try:
        lines = data.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise InvalidError(f"{source}: byte {error.start} is not UTF-8") from None
    return [line.strip() for line in lines if line.strip()]


def split_list(text: str, name: str) -> list[str]:
    """Return the items of the comma-separated list `text`, which is the value of the option `name`.

    Raises UsageError if an item is empty.
    """
    items = [item.strip() for item in text.split(",")]
    if not all(items):
        raise UsageError(
            f"{name} has an empty item: {text!r}", hint="Separate the items with single commas, as in a,b."
        )
    return items


def split_replacement(text: str, name: str) -> list[str]:
    """Return the items of the comma-separated list `text`, which replaces a stored list, such as the tags of a post.

    If `text` is empty, no items are returned, so that the stored list becomes empty. `name` is the name of the option.
    Raises UsageError if an item is empty.
    """
    return split_list(text, name) if text else []


def split_lists(texts: list[str] | None, name: str) -> list[str]:
    """Return the items of several comma-separated lists, which are the values of the option `name`.

    Raises UsageError if an item is empty.
    """
    return [item for text in texts or [] for item in split_list(text, name)]


def single_references(references: list[str]) -> list[str]:
    """Return the references unchanged, after checking that each reference is a single word.

    Raises UsageError for a reference that is blank or contains white space. Such a reference can come from a quoted
    shell variable that contains several references or none.
    """
    for reference in references:
        if len(reference.split()) != 1:
            raise UsageError(f"Invalid reference {reference!r}", hint="Separate references with spaces.")
    return references


def read_new_password(context: CliContext, *, from_stdin: bool) -> str:
    """Read a new password from the first line of stdin, or from the terminal, where the user types it twice.

    Raises UsageError if there is no terminal, NotConfirmedError if the user ends the input with Ctrl-D, and
    InvalidError if the length of the typed password is invalid or if the user types two different passwords.
    """
    if from_stdin:
        return _read_password_line()
    passwords = services.passwords
    first = _ask_password(context, f"Password ({passwords.MIN_LENGTH} to {passwords.MAX_LENGTH:,} characters): ")
    passwords.check_length(first)
    if first != _ask_password(context, "Repeat the password: "):
        raise InvalidError("The two passwords differ")
    return first


def read_password(context: CliContext, *, from_stdin: bool) -> str:
    """Read an existing password from the first line of stdin or from the terminal.

    Raises UsageError if there is no terminal, and NotConfirmedError if the user ends the input with Ctrl-D.
    """
    return _read_password_line() if from_stdin else _ask_password(context, "Password: ")


def confirm(context: CliContext, question: str, *, yes: bool) -> None:
    """Ask the user to confirm an action, unless `must_ask` says that no confirmation is needed.

    If the profile is protected, the user has to type its name. Raises NotConfirmedError if the user declines or there
    is no terminal.
    """
    if not must_ask(context, yes=yes):
        return
    question = f"{question}, in {context.database}?"
    if context.settings.protected:
        name = context.profile_name
        is_confirmed = context.console.read_answer(f"{question} Type {name} to confirm: ") == name
    else:
        is_confirmed = context.console.ask(question)
    if not is_confirmed:
        raise NotConfirmedError("Not confirmed; nothing was changed")


def must_ask(context: CliContext, *, yes: bool) -> bool:
    """Return whether the command has to ask for confirmation, which is the case unless `yes` is set.

    If the profile is protected, only the option --confirm makes the question superfluous, and `yes` has no effect.
    Raises NotConfirmedError if the command has to ask, but there is no terminal.
    """
    if context.is_confirmed or (yes and not context.settings.protected):
        return False
    if not context.console.is_interactive:
        option = f"--confirm {context.profile_name}" if context.settings.protected else "--yes"
        raise NotConfirmedError(
            "This command needs a confirmation, and there is no terminal to ask on", hint=f"Add {option}."
        )
    return True


def must_confirm_bulk(context: CliContext, *, yes: bool) -> bool:
    """Return whether a change of many records needs a confirmation: on a terminal, and in a protected profile."""
    if context.is_confirmed:
        return False
    return context.settings.protected or (context.console.is_interactive and not yes)


def _read_password_line() -> str:
    try:
        line = read_bytes(Path("-")).decode().split("\n")[0]
    except UnicodeDecodeError as error:
        raise InvalidError(f"Password: byte {error.start} is not UTF-8") from None
    return line.removesuffix("\r")


def _ask_password(context: CliContext, prompt: str) -> str:
    if not context.console.is_interactive:
        raise UsageError(
            "A password is needed, and there is no terminal to ask on",
            hint="Use --password-stdin or --generate-password.",
        )
    try:
        return getpass.getpass(context.prompt(prompt), stream=sys.stderr)
    except EOFError:
        raise NotConfirmedError("No password was given; nothing was changed") from None
