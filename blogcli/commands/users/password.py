"""The commands `blogcli user set-password` and `check-password`, and the options for a new password."""

from dataclasses import dataclass
from typing import Annotated

import typer

from ... import services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag, OptionGroup
from ...cli.options import DryRun
from ...cli.prompts import read_new_password, read_password
from ...cli.results import USER, ChangeReport
from ...errors import ExitCode, UsageError
from ...runner import run
from .arguments import User

app = typer.Typer()

PasswordStdin = Annotated[bool, Flag("--password-stdin", help="Read the password from stdin.")]
GeneratePassword = Annotated[bool, Flag("--generate-password", help="Generate a password and print it once on stderr.")]

_VERB = "set the password of"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PasswordOptions(OptionGroup):
    """The options for the optional password of a new user."""

    password: Annotated[bool, Flag("--password", help="Ask for a password on the terminal.")] = False
    password_stdin: PasswordStdin = False
    generate_password: GeneratePassword = False
    no_password: Annotated[bool, Flag("--no-password", help="Do not set a password (default on a terminal).")] = False

    def read(self, context: CliContext) -> str | None:
        """Return the password, or None for a user without a password.

        Raises UsageError if several of the options are given. Without a terminal, UsageError is also raised if none of
        the options is given, so that a script cannot create a user without a password by mistake.
        """
        option_count = self.password + self.password_stdin + self.generate_password + self.no_password
        if option_count > 1:
            raise UsageError("Choose one of --password, --password-stdin, --generate-password and --no-password")
        if self.no_password or (option_count == 0 and context.console.is_interactive):
            return None
        if option_count == 0:
            raise UsageError(
                "No password option is given, and there is no terminal",
                hint="Use --no-password, --password-stdin or --generate-password.",
            )
        return generate_or_read_password(context, from_stdin=self.password_stdin, generate=self.generate_password)


@command(app, "set-password")
def set_password(
    context: CliContext,
    user: User,
    password_stdin: PasswordStdin = False,
    generate_password: GeneratePassword = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Change the password of a user. Without an option, blogcli asks for the new password on the terminal.

    Examples:
        blogcli user set-password ann@example.org --password-stdin < secret
        blogcli user set-password ann@example.org
        blogcli user set-password ann@example.org --generate-password
    """
    password = generate_or_read_password(context, from_stdin=password_stdin, generate=generate_password)
    hasher = services.passwords.Hasher(context.settings.argon2)
    changes = run(
        context.settings, services.user_passwords.set_password, user, password, hasher=hasher, dry_run=dry_run
    )
    if generate_password and not dry_run:
        print_generated_password(context, password)
    return ChangeReport(changes=changes, record_type=USER, verb=_VERB, dry_run=dry_run, is_single=True)


@command(app, "check-password")
def check_password(context: CliContext, user: User, password_stdin: PasswordStdin = False) -> None:
    """Check the password of a user (exit code 0 if it is correct, otherwise 1).

    Examples:
        blogcli user check-password ann@example.org --password-stdin < secret
        blogcli user check-password ann@example.org
        blogcli user check-password 1 --password-stdin < secret && echo correct
    """
    from_stdin = password_stdin or not context.console.is_interactive
    password = read_password(context, from_stdin=from_stdin)
    hasher = services.passwords.Hasher(context.settings.argon2)
    if not run(context.settings, services.user_passwords.check_password, user, password, hasher=hasher):
        raise typer.Exit(ExitCode.FAILED)


def generate_or_read_password(context: CliContext, *, from_stdin: bool, generate: bool) -> str:
    """Return a new password that is generated, read from stdin or typed twice on the terminal.

    Raises UsageError if `from_stdin` and `generate` are both set, or if there is no terminal on which to type the
    password.
    """
    if from_stdin and generate:
        raise UsageError("Choose one of --password-stdin and --generate-password")
    if generate:
        return services.passwords.generate_password()
    return read_new_password(context, from_stdin=from_stdin)


def print_generated_password(context: CliContext, password: str | None) -> None:
    """Print a generated password on stderr.

    The password cannot be printed later, because only the hash of the password is stored.
    """
    context.console.warn(f"Password: {password}")
