"""The command `blogcli post edit`."""

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
    posts: Annotated[
        list[str] | None,
        Argument(
            help="Id or slug; with --recover, also the name of an unsaved text.", show_default=False, **completers.POST
        ),
    ] = None,
    *,
    recover: Annotated[
        bool, Flag("--recover", help="Reopen a text that was not saved; if there are several, list them.")
    ] = False,
    dry_run: DryRun = False,
) -> ChangeReport | RecordList | None:
    """Edit posts in your editor, with their front matter.

    If you change or remove a line of the front matter, that field of the post is changed or removed. Your text is kept
    in a recovery file until the post is saved. If saving fails, --recover opens that file again. If another command has
    changed the post in the meantime, you can merge both changes.

    Several posts are edited one after the other, and each is saved when its editor exits.

    Examples:
        EDITOR=nano blogcli post edit hello-world
        blogcli post edit 7 8 9
        blogcli post edit --recover hello-world
    """
    return commands.posts.edits.edit_posts(context, posts or [], recover=recover, dry_run=dry_run)
