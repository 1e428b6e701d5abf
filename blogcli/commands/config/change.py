"""The commands `blogcli config set` and `blogcli config unset`."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ... import services
from ...cli import completers
from ...cli.atomic_write import replace_file, write_error
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.prompts import read_bytes
from ...errors import ConfigurationError, InvalidError
from ...setting_types import GUARDS, is_true

if TYPE_CHECKING:
    from ...schemas.config import ConfigChange

app = typer.Typer()

_Key = Annotated[
    str,
    Argument(
        metavar="SETTING",
        help="A setting such as author, or a key of another section such as hooks.after_change.",
        autocompletion=completers.complete_settings,
    ),
]


@command(app, "set")
def set_(
    context: CliContext,
    key: _Key,
    value: Annotated[
        str,
        Argument(
            metavar="VALUE",
            help="New value; - reads it from stdin.",
            autocompletion=completers.complete_setting_values,
        ),
    ],
) -> None:
    """Set a value in the config file: in the section [default] or, with --profile, in a profile.

    The file and the profile are created if they do not exist. Comments in the file are kept, and only its owner can
    read it. Nothing is written if the value is invalid.

    Examples:
        blogcli config set timezone Europe/Berlin
        blogcli config set --profile live protected true
        pass show blog-url | blogcli config set database_url - --profile live
    """
    _change(context, key, _read_value() if value == "-" else value)
    variable = f"BLOGCLI_{key.upper()}"
    if _takes_precedence(variable, key, profile=context.overrides.profile):
        context.console.warn(f"Warning: the variable {variable} takes precedence over the config file")


@command(app, "unset")
def unset(context: CliContext, key: _Key) -> None:
    """Remove a value from the config file: from the section [default] or, with --profile, from a profile.

    Examples:
        blogcli config unset author
        blogcli config unset --profile live read_only
        blogcli config unset hooks.after_change
    """
    _change(context, key, None)


def _takes_precedence(variable: str, key: str, *, profile: str | None) -> bool:
    """Return whether a variable overrides a setting in the config file: in a profile or, without one, in [default]."""
    text = os.environ.get(variable)
    if not text:
        return False
    if key not in GUARDS:
        # If --profile selects the profile, its settings take precedence over variables.
        return profile is None
    # A variable can only turn a guard on, but it does so in all profiles.
    with suppress(ConfigurationError):
        return is_true(key, text)
    return False


def _change(context: CliContext, key: str, value: str | None) -> None:
    """Change a value in the config file, or remove it if `value` is None."""
    path = context.config_path
    find_change = partial(services.config.edit.change_setting, path, key, value, profile=context.overrides.profile)
    change = find_change()
    location = f"[{change.section}] of {path}"
    if change.text is None:
        state = "is not set" if value is None else "has this value already"
        context.console.say(f"Nothing to do: {change.key} {state} in {location}.")
        return
    with _locked_folder(path):
        # Another command may have changed the file before the lock was acquired.
        _write(path, find_change())
    action = f"Removed {change.key} from" if value is None else f"Set {change.key} in"
    context.console.say(f"{action} {location}.")


@contextmanager
def _locked_folder(path: Path) -> Iterator[None]:
    """Create the folder of a config file, and lock it in the block, so that no other command changes the file.

    The file itself cannot be locked, because it is replaced. If the path is a symbolic link, the folder of the file to
    which the link refers is locked.
    """
    folder = Path(os.path.realpath(path)).parent
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise write_error(path, error) from None
    try:
        # Some network file systems cannot lock a folder. The file is then written without a lock.
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, change: "ConfigChange") -> None:
    """Write the changed text of a config file, unless the file already contains it."""
    if change.text is None:
        return
    try:
        content = change.text.encode()
    except UnicodeEncodeError:
        raise InvalidError("The value or the name of the profile is not valid Unicode") from None
    with replace_file(path, private=True) as file:
        file.write(content)


def _read_value() -> str:
    """Return the value on stdin without surrounding blanks.

    Raises InvalidError if stdin is not UTF-8.
    """
    try:
        return read_bytes(Path("-")).decode().strip()
    except UnicodeDecodeError as error:
        raise InvalidError(f"stdin: byte {error.start} is not UTF-8") from None
