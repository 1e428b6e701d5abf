"""The commands `blogcli db check`, `blogcli db status` and `blogcli db reindex`."""

from typing import Annotated

import typer

from ... import output, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import DATABASES, PROBLEMS
from ...cli.messages import amount
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import RecordDetails, RecordList
from ...errors import ExitCode
from ...runner import run, run_inspection

app = typer.Typer()


@command(app, "check")
def check(
    context: CliContext,
    full: Annotated[
        bool, Flag("--full", help="Analyze the text of every post, also of those that look right.")
    ] = False,
) -> RecordList:
    """Check the schema, references, values, the search index and the journal (exit code 1 if there are problems).

    Posts and their entries in the search index are compared with digests, which were stored when they were written.

    Examples:
        blogcli db check
        blogcli db check --format json
        blogcli db check --full --profile live
    """
    problems = run_inspection(context.settings, services.db.check.check, full=full)
    if problems:
        return RecordList(records=problems, columns=PROBLEMS, exit_code=ExitCode.FAILED)
    return RecordList(records=[], columns=PROBLEMS, message="No problems found.")


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
