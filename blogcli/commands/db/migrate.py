"""`blogcli db upgrade` and the other commands for migrations."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ... import output, services
from ...cli.context import Flag, Invocation, command
from ...cli.fields import REVISIONS
from ...cli.options import DryRun, Printing, Yes
from ...cli.prompts import confirm
from ...cli.rendering import print_records
from ...enums import IfMissing
from ...runner import run_inspection, run_migrations
from ...signals import finishing

if TYPE_CHECKING:
    from ...schemas import MigrationRevision

app = typer.Typer()

_Revision = Annotated[str, Argument(metavar="REVISION", help="A revision, or head.")]


@command(app, "upgrade")
def upgrade(
    invocation: Invocation,
    printing: Printing,
    revision: _Revision = "head",
    sql: Annotated[bool, Flag("--sql", help="Print the SQL instead of running it.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Create the database, or upgrade it to a newer revision.

    Examples:
        blogcli db upgrade
        blogcli db upgrade --dry-run
        blogcli db upgrade --sql > upgrade.sql
    """
    if sql:
        invocation.console.write([services.db.migrations.upgrade_sql(invocation.dialect, revision)])
        return
    with finishing():
        with output.progress.progress(invocation.console, "Indexing posts") as on_progress:
            upgrade_ = partial(
                services.db.migrations.upgrade, revision=revision, dry_run=dry_run, on_progress=on_progress
            )
            moved = run_migrations(
                invocation.settings, upgrade_, if_missing=IfMissing.PRETEND if dry_run else IfMissing.CREATE
            )
        _report(invocation, printing, moved, verb="Upgraded", dry_run=dry_run)


@command(app, "downgrade", takes_dashes=True)
def downgrade(
    invocation: Invocation,
    printing: Printing,
    revision: Annotated[str, Argument(metavar="REVISION", help="A revision, -1 (the previous one) or base (none).")],
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Downgrade the database to an older revision; data that only newer revisions can store is lost.

    Examples:
        blogcli db downgrade -1
        blogcli db downgrade 0003 --dry-run
        blogcli db downgrade base --yes
    """
    if not dry_run:
        confirm(invocation, f"Take the database back to {revision}, with the loss of data", yes=yes)
    with finishing():
        downgrade_ = partial(services.db.migrations.downgrade, revision=revision, dry_run=dry_run)
        moved = run_migrations(invocation.settings, downgrade_, if_missing=IfMissing.REFUSE)
        _report(invocation, printing, moved, verb="Downgraded", dry_run=dry_run)


@command(app, "stamp")
def stamp(
    invocation: Invocation, revision: _Revision, printing: Printing, yes: Yes = False, dry_run: DryRun = False
) -> None:
    """Set the recorded revision without running migrations.

    Examples:
        blogcli db stamp head
        blogcli db stamp 0003
        blogcli db stamp head --dry-run
    """
    if not dry_run:
        confirm(invocation, f"Record revision {revision} without migrating", yes=yes)
    with finishing():
        stamp_ = partial(services.db.migrations.stamp, revision=revision, dry_run=dry_run)
        moved = run_migrations(invocation.settings, stamp_, if_missing=IfMissing.REFUSE)
        _report(invocation, printing, moved, verb="Stamped", dry_run=dry_run)


@command(app, "current")
def current(invocation: Invocation, printing: Printing) -> None:
    """Show the current revision of the database.

    Examples:
        blogcli db current --field revision
        blogcli db current
        blogcli db current --format json
    """
    choice = printing.choice(invocation)
    print_records(invocation, run_inspection(invocation.settings, services.db.migrations.current), REVISIONS, choice)


@command(app, "history")
def history(invocation: Invocation, printing: Printing) -> None:
    """List all revisions, newest first.

    Examples:
        blogcli db history
        blogcli db history --format csv
        blogcli db history --field revision
    """
    choice = printing.choice(invocation)
    print_records(invocation, run_inspection(invocation.settings, services.db.migrations.history), REVISIONS, choice)


@command(app, "heads")
def heads(invocation: Invocation, printing: Printing) -> None:
    """Show the newest revision that this version of blogcli knows.

    Examples:
        blogcli db heads --field revision
        blogcli db heads
        blogcli db heads --format json
    """
    print_records(invocation, services.db.migrations.heads(), REVISIONS, printing.choice(invocation))


@command(app, "revision")
def revision(
    invocation: Invocation,
    message: Annotated[str, Option("--message", "-m", help="Short description of the migration.", metavar="TEXT")],
    autogenerate: Annotated[bool, Flag("--autogenerate", help="Generate it from the models.")] = False,
) -> None:
    """Create the file of a new migration (for developers of blogcli).

    Examples:
        blogcli db revision -m 'Add comments' --autogenerate
        blogcli db revision -m 'Rename a column'
        blogcli db revision -m 'Add an index'
    """
    path = run_inspection(
        invocation.settings, services.db.migrations.write_revision, message, autogenerate=autogenerate
    )
    invocation.console.write([f"{path}\n"])


def _report(
    invocation: Invocation, printing: Printing, moved: "Sequence[MigrationRevision]", *, verb: str, dry_run: bool
) -> None:
    choice, console = printing.choice(invocation), invocation.console
    if not moved:
        console.say(f"Nothing to do: {invocation.database} is at that revision.")
    else:
        steps = ", ".join(f"{step.revision} ({step.message})" for step in moved)
        console.say(f"{'Would have ' + verb.lower() if dry_run else verb} {invocation.database}: {steps}")
    if choice.is_explicit:
        print_records(invocation, moved, REVISIONS, choice)
    elif not console.stdout_is_terminal:
        console.write(f"{step.revision}\n" for step in moved)
