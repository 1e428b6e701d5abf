"""The command `blogcli db copy`."""

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ... import output, services
from ...cli.command import command
from ...cli.completers import complete_profiles
from ...cli.context import CliContext
from ...cli.fields import COPIES
from ...cli.messages import amount
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import RecordDetails
from ...errors import UsageError, mask_url
from ...runner import run_inspection
from ...settings import Settings

if TYPE_CHECKING:
    from ...schemas import BlogCopy

app = typer.Typer()


@command(app, "copy", is_guarded=False)
def copy(
    context: CliContext,
    to: Annotated[
        str | None, Option("--to", help="The URL or path of an empty database.", metavar="URL", show_default=False)
    ] = None,
    to_profile: Annotated[
        str | None,
        Option(
            "--to-profile",
            help="The profile of an empty database.",
            metavar="NAME",
            show_default=False,
            autocompletion=complete_profiles,
        ),
    ] = None,
    restart: Annotated[bool, Flag("--restart", help="Discard an unfinished copy in the target.")] = False,
    dry_run: DryRun = False,
) -> RecordDetails | None:
    """Copy the whole blog to another database, for example from SQLite to PostgreSQL.

    The copy has the same ids, trash, hashes and journal. It is one consistent snapshot, also while other commands
    write. At the end, all rows are compared. If the copy is interrupted, the same command continues it. Until the copy
    is complete, no command uses the target.

    Examples:
        blogcli db copy --to postgresql://ann@db.example.org/blog
        blogcli db copy --to-profile live
        blogcli --profile live db copy --to ~/blog.db
    """
    target = _target(context, to, to_profile)
    copied = _copy(context, target, restart=restart, dry_run=dry_run)
    return _report(context, copied, target, dry_run=dry_run)


def _copy(context: CliContext, target: Settings, *, restart: bool, dry_run: bool) -> "BlogCopy":
    with output.progress.stages(context.console) as stage:
        return run_inspection(
            context.settings,
            services.db.copy.copy,
            context.settings,
            target,
            restart=restart,
            dry_run=dry_run,
            on_copied=stage("Copying rows"),
            on_verified=stage("Comparing rows"),
            on_indexed=stage("Indexing posts"),
        )


def _target(context: CliContext, to: str | None, to_profile: str | None) -> Settings:
    """Return the settings of the target. They differ from those of the command only in the database and its guard.

    Raises UsageError unless exactly one target is given.
    """
    if (to is None) == (to_profile is None):
        raise UsageError("Name one target", hint="Use either --to URL or --to-profile NAME.")
    if to is not None:
        return replace(context.settings, database_url=to, read_only=False)
    target = context.settings_of(str(to_profile))
    url = target.database_url
    return replace(context.settings, database_url=url, read_only=target.read_only, origins=target.origins)


def _report(context: CliContext, copied: "BlogCopy", target: Settings, *, dry_run: bool) -> RecordDetails | None:
    """Print a message, and return the numbers of rows if an output option is given."""
    contents = ", ".join([amount(copied.posts, "post"), amount(copied.users, "user"), amount(copied.tags, "tag")])
    verb = "Would copy" if dry_run else "Copied"
    context.console.say(
        f"{verb} {contents} and the journal ({amount(copied.rows, 'row')}) to {mask_url(target.database_url)}."
    )
    return RecordDetails(records=[copied], columns=COPIES) if context.output.is_explicit else None
