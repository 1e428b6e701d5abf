"""`blogcli user set-password` and `check-password`, and how any command comes by a password."""

from typing import Annotated

import typer
from typer import Argument

from .. import services
from ..errors import ExitCode, UsageError
from ..runner import run
from . import candidates
from .columns import USERS
from .inputs import read_new_password, read_password
from .invocation import Flag, Invocation, command
from .options import DryRun, Printing
from .reports import report

app = typer.Typer()

User = Annotated[str, Argument(help="Id or e-mail address.", **candidates.USER)]
PasswordStdin = Annotated[bool, Flag("--password-stdin", help="Read the password from stdin.")]
GeneratePassword = Annotated[bool, Flag("--generate-password", help="Make one, and show it once on stderr.")]

_VERB = "set the password of"


@command(app, "set-password")
def set_password(
    invocation: Invocation,
    user: User,
    printing: Printing,
    password_stdin: PasswordStdin = False,
    generate_password: GeneratePassword = False,
    dry_run: DryRun = False,
) -> None:
    """Give a user another password; without an option, asks for it.

    Example: blogcli user set-password ann@example.org --password-stdin < secret
    """
    choice = printing.choice(invocation)
    password = new_password(invocation, from_stdin=password_stdin, generate=generate_password)
    changes = run(invocation.settings, services.users.set_password, user, password, dry_run=dry_run)
    tell_generated(invocation, password if generate_password and not dry_run else None)
    report(invocation, changes, USERS, choice, verb=_VERB, noun="user", name="email", dry_run=dry_run, single=True)


@command(app, "check-password")
def check_password(invocation: Invocation, user: User, password_stdin: PasswordStdin = False) -> None:
    """Say by the exit code whether a password is right: 0 if so, 1 if not.

    Example: blogcli user check-password ann@example.org --password-stdin < secret
    """
    from_stdin = password_stdin or not invocation.console.is_interactive
    password = read_password(invocation.console, from_stdin=from_stdin)
    if not run(invocation.settings, services.users.check_password, user, password):
        raise typer.Exit(ExitCode.FAILED)


def new_password(invocation: Invocation, *, from_stdin: bool, generate: bool) -> str:
    """A password to be set: made, read from stdin, or asked for twice; UsageError where there is nobody to ask."""
    if from_stdin and generate:
        raise UsageError("Choose one of --password-stdin and --generate-password")
    if generate:
        return services.passwords.generate_password()
    return read_new_password(invocation.console, from_stdin=from_stdin)


def tell_generated(invocation: Invocation, password: str | None) -> None:
    """Show a password that was made, once: it is stored nowhere."""
    if password:
        invocation.console.warn(f"Password: {password}")
