"""`blogcli user set-password` and `check-password`, and the options for a new password."""

from typing import Annotated

import typer
from typer import Argument

from ... import services
from ...cli import completers
from ...cli.context import Flag, Invocation, Options, command
from ...cli.fields import USERS
from ...cli.options import DryRun, Printing
from ...cli.prompts import read_new_password, read_password
from ...cli.rendering import report
from ...errors import ExitCode, UsageError
from ...runner import run

app = typer.Typer()

User = Annotated[str, Argument(help="Id or e-mail address.", **completers.USER)]
PasswordStdin = Annotated[bool, Flag("--password-stdin", help="Read the password from stdin.")]
GeneratePassword = Annotated[bool, Flag("--generate-password", help="Generate a password and print it once on stderr.")]

_VERB = "set the password of"


class OptionalPassword(Options):
    """Whether a new user gets a password, and where it comes from."""

    password: Annotated[bool, Flag("--password", help="Ask for a password on the terminal.")] = False
    password_stdin: PasswordStdin = False
    generate_password: GeneratePassword = False
    no_password: Annotated[bool, Flag("--no-password", help="Do not set a password (default on a terminal).")] = False

    def read(self, invocation: Invocation) -> str | None:
        """Return the password, or None if there is to be none.

        Raises UsageError for two options, and without any where there is no terminal: a script says what it wants,
        because nobody would see that a user whom it needs with a password has none.
        """
        given = self.password + self.password_stdin + self.generate_password + self.no_password
        if given > 1:
            raise UsageError(
                "Choose one of --password, --password-stdin, --generate-password and --no-password",
            )
        if self.no_password or (not given and invocation.console.is_interactive):
            return None
        if not given:
            raise UsageError(
                "No password option is given, and there is no terminal",
                hint="Use --no-password, --password-stdin or --generate-password.",
            )
        return new_password(invocation, from_stdin=self.password_stdin, generate=self.generate_password)


@command(app, "set-password")
def set_password(
    invocation: Invocation,
    user: User,
    printing: Printing,
    password_stdin: PasswordStdin = False,
    generate_password: GeneratePassword = False,
    dry_run: DryRun = False,
) -> None:
    """Change the password of a user; ask for it if no option is given.

    Examples:
        blogcli user set-password ann@example.org --password-stdin < secret
        blogcli user set-password ann@example.org
        blogcli user set-password ann@example.org --generate-password
    """
    choice = printing.choice(invocation)
    password = new_password(invocation, from_stdin=password_stdin, generate=generate_password)
    changes = run(invocation.settings, services.users.set_password, user, password, dry_run=dry_run)
    tell_generated(invocation, password if generate_password and not dry_run else None)
    report(invocation, changes, USERS, choice, verb=_VERB, noun="user", name="email", dry_run=dry_run, single=True)


@command(app, "check-password")
def check_password(invocation: Invocation, user: User, password_stdin: PasswordStdin = False) -> None:
    """Check the password of a user (exit code 0 if it is correct, otherwise 1).

    Examples:
        blogcli user check-password ann@example.org --password-stdin < secret
        blogcli user check-password ann@example.org
        blogcli user check-password 1 --password-stdin < secret && echo right
    """
    from_stdin = password_stdin or not invocation.console.is_interactive
    password = read_password(invocation.console, from_stdin=from_stdin)
    if not run(invocation.settings, services.users.check_password, user, password):
        raise typer.Exit(ExitCode.FAILED)


def new_password(invocation: Invocation, *, from_stdin: bool, generate: bool) -> str:
    """Return a password to be set: generated, read from stdin, or typed twice.

    Raises UsageError for two options, and where a password must be typed and there is no terminal.
    """
    if from_stdin and generate:
        raise UsageError("Choose one of --password-stdin and --generate-password")
    if generate:
        return services.passwords.generate_password()
    return read_new_password(invocation.console, from_stdin=from_stdin)


def tell_generated(invocation: Invocation, password: str | None) -> None:
    """Show a generated password once, since only its hash is stored."""
    if password:
        invocation.console.warn(f"Password: {password}")
