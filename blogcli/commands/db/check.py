"""The commands `blogcli db check`, `blogcli db status`, `blogcli db reindex` and `blogcli db optimize`."""

from typing import TYPE_CHECKING, Annotated

import typer

from ... import output, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import DATABASES, OPTIMIZATIONS, PROBLEMS
from ...cli.messages import amount
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import ActionReport, RecordDetails, RecordList
from ...errors import ExitCode, UsageError
from ...runner import run, run_inspection
from .repair import repair_problems

if TYPE_CHECKING:
    from ...schemas import Optimization

app = typer.Typer()


@command(app, "check")
def check(
    context: CliContext,
    full: Annotated[
        bool, Flag("--full", help="Analyze the text of every post, also of those that look right.")
    ] = False,
    repair: Annotated[bool, Flag("--repair", help="Repair what is derived from other content.")] = False,
    dry_run: DryRun = False,
) -> RecordList:
    """Check the schema, references, values, the search index and the journal (exit code 1 if there are problems).

    Posts and their entries in the search index are compared with digests, which were stored when they were written.
    --repair restores the search index, numbers of words, keys of tags, triggers, id sequences and numbers in the
    journal. It never changes the texts of posts.

    Examples:
        blogcli db check
        blogcli db check --full --format json
        blogcli db check --repair --dry-run
    """
    if dry_run and not repair:
        raise UsageError("--dry-run needs --repair", hint="Leave out --dry-run: without --repair, nothing is changed.")
    problems = run_inspection(context.settings, services.db.check.check, full=full)
    if not problems:
        return RecordList(records=[], columns=PROBLEMS, message="No problems found.")
    if repair:
        return repair_problems(context, problems, full=full, dry_run=dry_run)
    return RecordList(records=problems, columns=PROBLEMS, exit_code=ExitCode.FAILED)


@command(app, "status")
def status(context: CliContext) -> RecordDetails:
    """Show the revision, row counts, size in bytes, server and latency (ms), and which setting gave the database URL.

    Examples:
        blogcli db status --format json
        blogcli db status
        blogcli db status --field source
    """
    source = context.settings.origins.get("database_url", "default")
    database = run_inspection(context.settings, services.db.migrations.status, name=context.database, source=source)
    return RecordDetails(records=[database], columns=DATABASES)


@command(app, "reindex")
def reindex(context: CliContext, dry_run: DryRun = False) -> None:
    """Repair the search index. This is safe at any time, even while other commands run.

    Examples:
        blogcli db reindex
        blogcli db reindex --dry-run
        blogcli db reindex --profile live
    """
    console = context.console
    with output.progress.progress(console, "Comparing posts") as on_progress:
        result = run(context.settings, services.db.reindex.reindex, dry_run=dry_run, on_progress=on_progress)
    if result.removed:
        verb = "Would remove" if dry_run else "Removed"
        console.say(f"{verb} {amount(result.removed, 'post')} that did not exist from the search index.")
    if result.rewritten:
        verb = "Would repair" if dry_run else "Repaired"
        console.say(f"{verb} the search index of {result.rewritten:,} of {result.posts:,} posts.")
    elif not result.removed:
        console.say(f"Nothing to do: the search index of all {result.posts:,} posts is correct.")


@command(app, "optimize")
def optimize(
    context: CliContext,
    vacuum: Annotated[
        bool, Flag("--vacuum", help="Release unused space. On SQLite, other commands cannot write meanwhile.")
    ] = False,
    dry_run: DryRun = False,
) -> ActionReport:
    """Collect statistics for the database, merge the search index, and shorten the write-ahead log of SQLite.

    Examples:
        blogcli db optimize
        blogcli db optimize --vacuum
        blogcli db optimize --dry-run
    """
    service = services.db.optimize.optimize
    result = run_inspection(context.settings, service, path=context.sqlite_path, vacuum=vacuum, dry_run=dry_run)
    return ActionReport(
        message=_describe_optimization(context.database, result, dry_run=dry_run),
        records=[result],
        columns=OPTIMIZATIONS,
        key_field="size_after",
    )


def _describe_optimization(database: str, result: "Optimization", *, dry_run: bool) -> str:
    verb = "Would optimize" if dry_run else "Optimized"
    sizes = [(result.size_before, result.size_after, "")]
    if result.wal_before is not None and result.wal_after is not None:
        sizes.append((result.wal_before, result.wal_after, " in the write-ahead log"))
    changes = [f"{before:,} {'' if dry_run else f'to {after:,} '}bytes{where}" for before, after, where in sizes]
    unused = f"; {result.unused:,} bytes are unused" if result.unused else ""
    return f"{verb} {database}: {', '.join(changes)}{unused}."
