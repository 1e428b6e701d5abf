"""`blogcli post delete` and `restore`."""

from typing import Annotated

import typer

from ... import services
from ...cli.context import Flag, Invocation, command
from ...cli.fields import POSTS
from ...cli.options import Printing
from ...cli.prompts import confirm
from ...cli.rendering import report
from ...enums import PostStatus
from ...errors import NotConfirmedError
from ...runner import run
from .bulk_change import change_and_report, question
from .filter_options import Targets

app = typer.Typer()


@command(app, "delete")
def delete(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    purge: Annotated[bool, Flag("--purge", help="Delete them permanently, in the trash or not.")] = False,
) -> None:
    """Move posts to the trash; with --purge, delete them permanently.

    Examples:
        blogcli post delete hello-world
        blogcli post delete --tag spam --dry-run
        blogcli post delete --status trashed --purge
    """
    if purge:
        _purge(invocation, targets, printing)
    else:
        change_and_report(invocation, targets, printing, services.posts.trash.trash_posts, verb="trash")


@command(app, "restore")
def restore(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    """Restore posts from the trash with their previous status.

    Examples:
        blogcli post restore hello-world
        blogcli post restore --all
        blogcli post restore --since 'last week' --dry-run
    """
    selection = targets.chosen(invocation.settings, default_statuses=[PostStatus.TRASHED])
    change_and_report(
        invocation, targets, printing, services.posts.trash.restore_posts, verb="restore", selection=selection
    )


def _purge(invocation: Invocation, targets: Targets, printing: Printing) -> None:
    choice, settings, service = printing.choice(invocation), invocation.settings, services.posts.trash.purge_posts
    selection = targets.chosen(settings)
    terms = targets.terms(settings)
    if not (targets.yes or targets.dry_run):
        if not invocation.console.is_interactive:
            raise NotConfirmedError("Posts are deleted permanently only with a confirmation", hint="Add --yes.")
        preview = run(settings, service, selection, terms=terms.model_copy(update={"dry_run": True}))
        if preview.changed:
            confirm(invocation, question(preview, verb="purge"), yes=False)
        terms = terms.model_copy(update={"confirmed": frozenset(post.id for post in preview.changed)})
    changes = run(settings, service, selection, terms=terms)
    report(invocation, changes, POSTS, choice, verb="purge", noun="post", name="slug", dry_run=targets.dry_run)
