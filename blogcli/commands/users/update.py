"""`blogcli user update`, `activate` and `deactivate`."""

from functools import partial
from typing import Annotated

import typer
from typer import Option

from ... import schemas, services
from ...cli.context import Invocation, command
from ...cli.fields import USERS
from ...cli.options import DryRun, IgnoreMissing, Printing, Users
from ...cli.rendering import report
from ...errors import UsageError
from ...runner import run
from .password import User

app = typer.Typer()

_report = partial(report, noun="user", name="email")


@command(app, "update", empty_values={"full_name": "removes it"})
def update(
    invocation: Invocation,
    user: User,
    printing: Printing,
    email: Annotated[str | None, Option("--email", help="New e-mail address.", metavar="EMAIL")] = None,
    full_name: Annotated[
        str | None, Option("--full-name", help="New full name; '' removes it.", metavar="NAME")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Change a user's e-mail address or full name.

    Examples:
        blogcli user update ann@example.org --full-name 'Ann Lee'
        blogcli user update bob@example.org --email robert@example.org
        blogcli user update 2 --full-name ''
    """
    choice = printing.choice(invocation)
    values = {"email": email} if email is not None else {}
    if full_name is not None:
        values["full_name"] = full_name or None  # type: ignore[assignment]
    if not values:
        raise UsageError("Nothing to change is given", hint="Give --email or --full-name.")
    new = schemas.UserUpdate.checked(**values)
    changes = run(invocation.settings, services.users.update_user, user, new, dry_run=dry_run)
    _report(invocation, changes, USERS, choice, verb="update", dry_run=dry_run, single=True)


@command(app, "activate")
def activate(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> None:
    """Activate users.

    Examples:
        blogcli user activate ann@example.org
        blogcli user activate 2 3
        blogcli user activate --from emails.txt --ignore-missing
    """
    _set_active(invocation, users, printing, active=True, ignore_missing=ignore_missing, dry_run=dry_run)


@command(app, "deactivate")
def deactivate(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> None:
    """Deactivate users; their posts stay.

    Examples:
        blogcli user deactivate ann@example.org
        blogcli user deactivate 2 3
        blogcli user deactivate bob@example.org --dry-run
    """
    _set_active(invocation, users, printing, active=False, ignore_missing=ignore_missing, dry_run=dry_run)


def _set_active(
    invocation: Invocation, users: Users, printing: Printing, *, active: bool, ignore_missing: bool, dry_run: bool
) -> None:
    choice = printing.choice(invocation)
    changes = run(
        invocation.settings,
        services.users.set_active,
        users.named(),
        active=active,
        ignore_missing=ignore_missing,
        dry_run=dry_run,
    )
    verb = "activate" if active else "deactivate"
    _report(invocation, changes, USERS, choice, verb=verb, dry_run=dry_run)
