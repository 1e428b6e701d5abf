"""The command `blogcli post create`."""

import typer

from ... import commands
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.options import DryRun
from ...cli.results import ChangeReport, RecordList
from .post_options import NewPostOptions

app = typer.Typer()


@command(
    app,
    "create",
    empty_values={"content": "creates a post without text", "excerpt": "creates a post without a summary"},
)
def create(context: CliContext, options: NewPostOptions, dry_run: DryRun = False) -> ChangeReport | RecordList:
    """Create a post from a file with front matter, from stdin, from options, or in your editor.

    Your text is kept in a recovery file until the post is saved; --recover opens that file again.

    Examples:
        blogcli post create hello.md --author ann@example.org --tag python
        blogcli post create --title Notes --content 'First lines' --status published
        cat draft.md | blogcli post create - --author ann@example.org
    """
    return commands.posts.compose.create_post(context, options, dry_run=dry_run)
