"""`blogcli db check`, `status` and `reindex`."""

import typer

from ... import output, services
from ...cli.context import Invocation, command
from ...cli.fields import DATABASES, PROBLEMS
from ...cli.options import DryRun, Printing
from ...cli.rendering import print_details, print_records
from ...errors import ExitCode
from ...runner import run, run_inspection

app = typer.Typer()


@command(app, "check")
def check(invocation: Invocation, printing: Printing) -> None:
    """Check the revision, the schema, references and the search index; exit with code 1 if there are problems.

    Examples:
        blogcli db check
        blogcli db check --format json
        blogcli db check --profile live
    """
    choice = printing.choice(invocation)
    problems = run_inspection(invocation.settings, services.db.check.check)
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
    found = run_inspection(invocation.settings, services.db.migrations.status, name=invocation.database, source=source)
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
    with output.progress.progress(console, "Comparing posts") as on_progress:
        done = run(invocation.settings, services.db.reindex.reindex, dry_run=dry_run, on_progress=on_progress)
    if done.rewritten:
        start = "Would put" if dry_run else "Put"
        console.say(f"{start} the index right for {done.rewritten:,} of {done.posts:,} posts.")
    else:
        console.say(f"Nothing to do: the index is right about all {done.posts:,} posts.")
