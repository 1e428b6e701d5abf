"""`blogcli db`: the database itself."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from .. import output, services
from ..enums import IfMissing
from ..errors import ExitCode
from ..runner import run, run_inspection, run_migrations
from ..signals import finishing
from .columns import DATABASES, PROBLEMS, REVISIONS
from .inputs import confirm
from .invocation import Flag, Invocation, command
from .options import DryRun, Printing, Yes
from .reports import print_details, print_records

if TYPE_CHECKING:
    from ..schemas import Revision

app = typer.Typer()

# What `db seed` makes at most.
_MAX_ROWS = 10_000_000
_MAX_SEED = 1_000_000_000
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
        invocation.console.write([services.migrations.upgrade_sql(invocation.dialect, revision)])
        return
    with finishing():
        with output.progress.progress(invocation.console, "Indexing posts") as told:
            upgrade_ = partial(services.migrations.upgrade, revision=revision, dry_run=dry_run, told=told)
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
        downgrade_ = partial(services.migrations.downgrade, revision=revision, dry_run=dry_run)
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
        stamp_ = partial(services.migrations.stamp, revision=revision, dry_run=dry_run)
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
    print_records(invocation, run_inspection(invocation.settings, services.migrations.current), REVISIONS, choice)


@command(app, "history")
def history(invocation: Invocation, printing: Printing) -> None:
    """List all revisions, newest first.

    Examples:
        blogcli db history
        blogcli db history --format csv
        blogcli db history --field revision
    """
    choice = printing.choice(invocation)
    print_records(invocation, run_inspection(invocation.settings, services.migrations.history), REVISIONS, choice)


@command(app, "heads")
def heads(invocation: Invocation, printing: Printing) -> None:
    """Show the newest revision that this version of blogcli knows.

    Examples:
        blogcli db heads --field revision
        blogcli db heads
        blogcli db heads --format json
    """
    print_records(invocation, services.migrations.heads(), REVISIONS, printing.choice(invocation))


@command(app, "check")
def check(invocation: Invocation, printing: Printing) -> None:
    """Check the revision, the schema, references and the search index; exit with code 1 if there are problems.

    Examples:
        blogcli db check
        blogcli db check --format json
        blogcli db check --profile live
    """
    choice = printing.choice(invocation)
    problems = run_inspection(invocation.settings, services.checking.check)
    print_records(invocation, problems, PROBLEMS, choice)
    if problems:
        raise typer.Exit(ExitCode.FAILED)
    invocation.console.say("No problems found.")


@command(app, "status")
def status(invocation: Invocation, printing: Printing) -> None:
    """Show the source of the database URL, the revision, row counts, size in bytes, server and latency in milliseconds.

    Examples:
        blogcli db status --format json
        blogcli db status
        blogcli db status --field source
    """
    choice = printing.choice(invocation)
    source = invocation.settings.origins.get("database_url", "default")
    found = run_inspection(invocation.settings, services.migrations.status, name=invocation.database, source=source)
    print_details(invocation, [found], DATABASES, choice)


@command(app, "reindex")
def reindex(invocation: Invocation, dry_run: DryRun = False) -> None:
    """Repair the search index; it is safe to run at any time, also while other commands run.

    Examples:
        blogcli db reindex
        blogcli db reindex --dry-run
        blogcli db reindex --profile live
    """
    console = invocation.console
    with output.progress.progress(console, "Comparing posts") as told:
        done = run(invocation.settings, services.searching.reindex, dry_run=dry_run, told=told)
    if done.rewritten:
        start = "Would put" if dry_run else "Put"
        console.say(f"{start} the index right for {done.rewritten:,} of {done.posts:,} posts.")
    else:
        console.say(f"Nothing to do: the index is right about all {done.posts:,} posts.")


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
    path = run_inspection(invocation.settings, services.migrations.write_revision, message, autogenerate=autogenerate)
    invocation.console.write([f"{path}\n"])


@command(app, "seed")
def seed(
    invocation: Invocation,
    posts: Annotated[int, Option("--posts", min=0, max=_MAX_ROWS, help="Posts.", metavar="N")] = 60,
    users: Annotated[int, Option("--users", min=0, max=_MAX_ROWS, help="Users.", metavar="N")] = 6,
    tags: Annotated[int, Option("--tags", min=0, max=_MAX_ROWS, help="Tags.", metavar="N")] = 12,
    seed_: Annotated[
        int,
        Option("--seed", min=-_MAX_SEED, max=_MAX_SEED, help="Seed of the random generator.", metavar="S"),
    ] = 1,
    force: Annotated[bool, Flag("--force", help="Fill a database that has other content.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Fill the database with sample content in several languages; running it again changes nothing.

    A database with other content is refused unless --force is given.

    Examples:
        blogcli db seed --posts 1000 --seed 7
        blogcli db seed
        blogcli db seed --posts 10 --users 2 --tags 3 --dry-run
    """
    wanted = {"posts": posts, "users": users, "tags": tags, "seed": seed_}
    with output.progress.progress(invocation.console, "Writing posts") as told:
        made = run(invocation.settings, services.seeding.seed, **wanted, force=force, dry_run=dry_run, told=told)
    what = f"{made.posts:,} posts, {made.users:,} users and {made.tags:,} tags"
    nothing = not (made.posts or made.users or made.tags)
    start = "Would create" if dry_run else "Created"
    invocation.console.say("Nothing to do: the sample content is there." if nothing else f"{start} {what}.")


def _report(
    invocation: Invocation, printing: Printing, moved: "Sequence[Revision]", *, verb: str, dry_run: bool
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
