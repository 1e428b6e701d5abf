"""`blogcli user create`."""

from functools import partial
from typing import Annotated

import typer
from typer import Argument, Option

from ... import schemas, services
from ...cli.context import Flag, Invocation, command
from ...cli.fields import USERS
from ...cli.options import DryRun, Printing
from ...cli.rendering import report
from ...runner import run
from .password import OptionalPassword, tell_generated

app = typer.Typer()

_report = partial(report, noun="user", name="email")


@command(app, "create")
def create(
    invocation: Invocation,
    email: Annotated[str, Argument(metavar="EMAIL", help="E-mail address.")],
    optional_password: OptionalPassword,
    printing: Printing,
    full_name: Annotated[str | None, Option("--full-name", help="Full name.", metavar="NAME")] = None,
    inactive: Annotated[bool, Flag("--inactive", help="Create the user as inactive.")] = False,
    if_not_exists: Annotated[bool, Flag("--if-not-exists", help="Succeed if the user exists already.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Create a user, without a password unless an option asks for one.

    Examples:
        blogcli user create ann@example.org --full-name 'Ann Lee' --password
        blogcli user create bob@example.org
        blogcli user create bob@example.org --password-stdin --if-not-exists < secret
    """
    choice, settings = printing.choice(invocation), invocation.settings
    new = schemas.UserCreate.checked(email=email, full_name=full_name, is_active=not inactive)
    exists = if_not_exists and not run(settings, services.users.missing_users, [new.email])
    password = None if exists else optional_password.read(invocation)
    changes = run(
        settings, services.users.create_user, new, password=password, if_not_exists=if_not_exists, dry_run=dry_run
    )
    was_generated = optional_password.generate_password and changes.changed and not dry_run
    tell_generated(invocation, password if was_generated else None)
    detail = "" if password else " without a password"
    _report(invocation, changes, USERS, choice, verb="create", dry_run=dry_run, detail=detail, single=True)
