"""Commands of `blogcli db` that run or list migrations, such as `blogcli db upgrade`."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ... import output, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import REVISIONS
from ...cli.option_group import Flag
from ...cli.options import DryRun, Yes
from ...cli.prompts import confirm
from ...cli.results import ActionReport, RawText, RecordList
from ...enums import IfMissing
from ...runner import run_inspection, run_migrations

if TYPE_CHECKING:
    from ...schemas import MigrationRevision

app = typer.Typer()

_Revision = Annotated[str, Argument(metavar="REVISION", help="A revision, or head.")]


@command(app, "upgrade")
def upgrade(
    context: CliContext,
    revision: _Revision = "head",
    sql: Annotated[bool, Flag("--sql", help="Print the SQL instead of running it.")] = False,
    dry_run: DryRun = False,
) -> ActionReport | RawText:
    """Create the database, or upgrade it to a newer revision.

    Examples:
        blogcli db upgrade
        blogcli db upgrade --dry-run
        blogcli db upgrade --sql > upgrade.sql
    """
    if sql:
        return RawText([services.db.migrations.upgrade_sql(context.dialect, revision)])
    if_missing = IfMissing.PRETEND if dry_run else IfMissing.CREATE
    with output.progress.progress(context.console, "Indexing posts") as on_progress:
        service = partial(services.db.migrations.upgrade, revision=revision, dry_run=dry_run, on_progress=on_progress)
        return _migrate(context, service, if_missing=if_missing, verb="Upgraded", dry_run=dry_run)


@command(app, "downgrade", takes_dashes=True)
def downgrade(
    context: CliContext,
    revision: Annotated[
        str, Argument(metavar="REVISION", help="A revision, -1 for the previous one, or base to remove all tables.")
    ],
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ActionReport:
    """Downgrade the database to an older revision. Data that only newer revisions can store is lost.

    Below revision 0005, this includes the journal, so that no earlier command can be undone.

    Examples:
        blogcli db downgrade -1
        blogcli db downgrade 0003 --dry-run
        blogcli db downgrade base --yes
    """
    if not dry_run:
        confirm(context, f"Downgrade the database to {revision} and lose newer data", yes=yes)
    service = partial(services.db.migrations.downgrade, revision=revision, dry_run=dry_run)
    return _migrate(context, service, verb="Downgraded", dry_run=dry_run)


@command(app, "stamp")
def stamp(context: CliContext, revision: _Revision, yes: Yes = False, dry_run: DryRun = False) -> ActionReport:
    """Set the recorded revision without running migrations.

    Examples:
        blogcli db stamp head
        blogcli db stamp 0003
        blogcli db stamp head --dry-run
    """
    if not dry_run:
        confirm(context, f"Record revision {revision} without migrating", yes=yes)
    service = partial(services.db.migrations.stamp, revision=revision, dry_run=dry_run)
    return _migrate(context, service, verb="Stamped", dry_run=dry_run)


@command(app, "current")
def current(context: CliContext) -> RecordList:
    """Show the current revision of the database.

    Examples:
        blogcli db current --field revision
        blogcli db current
        blogcli db current --format json
    """
    revisions = run_inspection(context.settings, services.db.migrations.current)
    return RecordList(records=revisions, columns=REVISIONS)


@command(app, "history")
def history(context: CliContext) -> RecordList:
    """List all revisions, newest first.

    Examples:
        blogcli db history
        blogcli db history --format csv
        blogcli db history --field revision
    """
    revisions = run_inspection(context.settings, services.db.migrations.history)
    return RecordList(records=revisions, columns=REVISIONS)


@command(app, "heads")
def heads(_context: CliContext) -> RecordList:
    """Show the newest revision that this version of blogcli knows.

    Examples:
        blogcli db heads --field revision
        blogcli db heads
        blogcli db heads --format json
    """
    return RecordList(records=services.db.migrations.heads(), columns=REVISIONS)


@command(app, "revision")
def revision(
    context: CliContext,
    message: Annotated[str, Option("--message", "-m", help="Short description of the migration.", metavar="TEXT")],
    autogenerate: Annotated[bool, Flag("--autogenerate", help="Generate the migration from the models.")] = False,
) -> None:
    """Create a new migration file (for developers of blogcli).

    Examples:
        blogcli db revision -m 'Add comments' --autogenerate
        blogcli db revision -m 'Rename a column'
        blogcli db revision -m 'Add an index'
    """
    path = run_inspection(context.settings, services.db.migrations.write_revision, message, autogenerate=autogenerate)
    context.console.write([f"{path}\n"])


def _migrate(
    context: CliContext,
    service: "Callable[[Any], Awaitable[Sequence[MigrationRevision]]]",
    *,
    if_missing: IfMissing = IfMissing.REFUSE,
    verb: str,
    dry_run: bool,
) -> ActionReport:
    """Call a service that changes the revision of the database, and report the revisions that the service returns."""
    revisions = run_migrations(context.settings, service, if_missing=if_missing, dry_run=dry_run)
    if revisions:
        steps = ", ".join(f"{revision.revision} ({revision.message})" for revision in revisions)
        action = f"Would have {verb.lower()}" if dry_run else verb
        message = f"{action} {context.database}: {steps}"
    else:
        message = f"Nothing to do: {context.database} is already at that revision."
    return ActionReport(message=message, records=revisions, columns=REVISIONS, key_field="revision")
