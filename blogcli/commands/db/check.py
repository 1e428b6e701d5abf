"""`blogcli db check`, `status` and `reindex`."""

import typer

from ... import output, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import DATABASES, PROBLEMS
from ...cli.options import DryRun
from ...cli.results import RecordDetails, RecordList
from ...errors import ExitCode
from ...runner import run, run_inspection

app = typer.Typer()


@command(app, "check")
def check(context: CliContext) -> RecordList:
    """Check the revision, the schema, references and the search index; exit with code 1 if there are problems.

    Examples:
        blogcli db check
        blogcli db check --format json
        blogcli db check --profile live
    """
    problems = run_inspection(context.settings, services.db.check.check)
    if problems:
        return RecordList(records=problems, columns=PROBLEMS, exit_code=ExitCode.FAILED)
    return RecordList(records=[], columns=PROBLEMS, message="No problems found.")


@command(app, "status")
def status(context: CliContext) -> RecordDetails:
    """Show the source of the database URL, the revision, row counts, size in bytes, server and latency in milliseconds.

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
    """Repair the search index; it is safe to run at any time, also while other commands run.

    Examples:
        blogcli db reindex
        blogcli db reindex --dry-run
        blogcli db reindex --profile live
    """
    console = context.console
    with output.progress.progress(console, "Comparing posts") as on_progress:
        done = run(context.settings, services.db.reindex.reindex, dry_run=dry_run, on_progress=on_progress)
    if done.rewritten:
        start = "Would put" if dry_run else "Put"
        console.say(f"{start} the index right for {done.rewritten:,} of {done.posts:,} posts.")
    else:
        console.say(f"Nothing to do: the index is right about all {done.posts:,} posts.")
