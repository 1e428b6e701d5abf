"""The commands `blogcli post delete` and `blogcli post restore`."""

from dataclasses import dataclass, replace
from typing import Annotated

import typer

from ... import services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag
from ...cli.options import SELECTION
from ...cli.prompts import confirm, must_ask
from ...cli.results import ChangeReport
from ...enums import PostStatus
from ...runner import run
from .bulk_change import MAX_TITLES, change_posts, describe_change, make_changes
from .filter_options import PostTargetOptions

app = typer.Typer()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class RestoreTargetOptions(PostTargetOptions):
    """The options that select the posts to restore from the trash."""

    all: Annotated[bool, Flag("--all", help="All posts in the trash.", rich_help_panel=SELECTION)] = False


@command(app, "delete")
def delete(
    context: CliContext,
    targets: PostTargetOptions,
    purge: Annotated[
        bool, Flag("--purge", help="Delete the posts permanently, whether or not they are in the trash.")
    ] = False,
) -> ChangeReport:
    """Move posts to the trash; with --purge, delete them permanently.

    Examples:
        blogcli post delete hello-world
        blogcli post delete --tag spam --dry-run
        blogcli post delete --status trashed --purge
    """
    if purge:
        return _purge(context, targets)
    return change_posts(context, targets, services.posts.trash.trash_posts, verb="trash")


@command(app, "restore")
def restore(context: CliContext, targets: RestoreTargetOptions) -> ChangeReport:
    """Restore posts from the trash with their previous status.

    Examples:
        blogcli post restore hello-world
        blogcli post restore --all
        blogcli post restore --since 'last week' --dry-run
    """
    selection = targets.target_selection(context.settings, default_statuses=[PostStatus.TRASHED])
    return change_posts(context, targets, services.posts.trash.restore_posts, verb="restore", selection=selection)


def _purge(context: CliContext, targets: PostTargetOptions) -> ChangeReport:
    settings = context.settings
    service = services.posts.trash.purge_posts
    selection = targets.target_selection(settings)
    bulk_options = targets.bulk_options(context)
    if not targets.is_trial and must_ask(context, yes=targets.yes):
        trial = replace(bulk_options, dry_run=True, max_records=MAX_TITLES)
        preview = run(settings, service, selection, options=trial)
        if preview.ids:
            confirm(context, describe_change(preview, verb="purge"), yes=False)
        bulk_options = replace(bulk_options, confirmed=frozenset(preview.ids))
    return make_changes(context, targets, service, selection, bulk_options, verb="purge")
