"""`blogcli user update`, `activate` and `deactivate`."""

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
    values = {"email": email} if email is not None else {}
    if full_name is not None:
        values["full_name"] = full_name or None  # type: ignore[assignment]
    if not values:
        raise UsageError("No changes given", hint="Give --email or --full-name.")
    new = schemas.UserUpdate.checked(**values)
    changes = run(context.settings, services.users.update_user, user, new, dry_run=dry_run)
    return ChangeReport(changes=changes, record_type=USER, verb="update", dry_run=dry_run, is_single=True)


@command(app, "activate")
def activate(
    context: CliContext,
    references: UserReferences,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Activate users.

    Examples:
        blogcli user activate ann@example.org
        blogcli user activate 2 3
        blogcli user activate --from emails.txt --ignore-missing
    """
    return _set_active(context, references, active=True, ignore_missing=ignore_missing, dry_run=dry_run)


@command(app, "deactivate")
def deactivate(
    context: CliContext,
    references: UserReferences,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Deactivate users; their posts stay.

    Examples:
        blogcli user deactivate ann@example.org
        blogcli user deactivate 2 3
        blogcli user deactivate bob@example.org --dry-run
    """
    return _set_active(context, references, active=False, ignore_missing=ignore_missing, dry_run=dry_run)


def _set_active(
    context: CliContext, references: UserReferences, *, active: bool, ignore_missing: bool, dry_run: bool
) -> ChangeReport:
    changes = run(
        context.settings,
        services.users.set_active,
        references.read(),
        active=active,
        ignore_missing=ignore_missing,
        dry_run=dry_run,
    )
    verb = "activate" if active else "deactivate"
    return ChangeReport(changes=changes, record_type=USER, verb=verb, dry_run=dry_run)
