"""The commands `blogcli user update`, `blogcli user activate` and `blogcli user deactivate`."""

from dataclasses import dataclass
from typing import Annotated

import typer
from typer import Option

from ... import schemas, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.options import DryRun, IgnoreMissing
from ...cli.results import USER, ChangeReport
from ...errors import UsageError
from ...runner import run
from .arguments import User, UserReferences

app = typer.Typer()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ActivationOptions(UserReferences):
    """The options that `user activate` and `user deactivate` share."""

    ignore_missing: IgnoreMissing = False
    dry_run: DryRun = False


@command(app, "update", empty_values={"full_name": "removes it"})
def update(
    context: CliContext,
    user: User,
    email: Annotated[str | None, Option("--email", help="New e-mail address.", metavar="EMAIL")] = None,
    full_name: Annotated[
        str | None, Option("--full-name", help="New full name; '' removes it.", metavar="NAME")
    ] = None,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Change a user's e-mail address or full name.

    Examples:
        blogcli user update ann@example.org --full-name 'Ann Lee'
        blogcli user update bob@example.org --email robert@example.org
        blogcli user update 2 --full-name ''
    """
    values: dict[str, str | None] = {}
    if email is not None:
        values["email"] = email
    if full_name is not None:
        values["full_name"] = full_name or None
    if not values:
        raise UsageError("No changes given", hint="Give --email or --full-name.")
    new_values = schemas.UserUpdate.checked(**values)
    changes = run(context.settings, services.users.update_user, user, new_values, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=USER, verb="update", dry_run=dry_run, is_single=True)


@command(app, "activate")
def activate(context: CliContext, users: ActivationOptions) -> ChangeReport:
    """Activate users.

    Examples:
        blogcli user activate ann@example.org
        blogcli user activate 2 3
        blogcli user activate --from emails.txt --ignore-missing
    """
    return _set_active(context, users, active=True)


@command(app, "deactivate")
def deactivate(context: CliContext, users: ActivationOptions) -> ChangeReport:
    """Deactivate users and keep their posts.

    Examples:
        blogcli user deactivate ann@example.org
        blogcli user deactivate 2 3
        blogcli user deactivate bob@example.org --dry-run
    """
    return _set_active(context, users, active=False)


def _set_active(context: CliContext, users: ActivationOptions, *, active: bool) -> ChangeReport:
    changes = run(
        context.settings,
        services.users.set_active,
        users.read(),
        active=active,
        ignore_missing=users.ignore_missing,
        dry_run=users.dry_run,
    )
    verb = "activate" if active else "deactivate"
    return ChangeReport(changes=changes, record_type=USER, verb=verb, dry_run=users.dry_run)
