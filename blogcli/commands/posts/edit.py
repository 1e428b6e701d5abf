"""`blogcli post edit`."""

from typing import Annotated

import typer
from typer import Argument

from ... import commands
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import ChangeReport, RecordList

app = typer.Typer()


@command(app, "edit")
def edit(
    context: CliContext,
    post: Annotated[
        str | None,
        Argument(help="Id or slug; with --recover, also the name of a draft.", **completers.POST),
    ] = None,
    *,
    recover: Annotated[
        bool, Flag("--recover", help="Continue with an unsaved draft; list them if there are several.")
    ] = False,
    dry_run: DryRun = False,
) -> ChangeReport | RecordList | None:
    """Edit a post in your editor, with its front matter.

    A field whose line you change or remove is changed or removed in the post. What you write is kept in a file until it
    is saved, even if another command changes the post at the same time; --recover opens that file again.

    Examples:
        EDITOR=nano blogcli post edit hello-world
        blogcli post edit 7
        blogcli post edit --recover hello-world
    """
    return commands.posts.compose.edit_post(context, post, recover=recover, dry_run=dry_run)
