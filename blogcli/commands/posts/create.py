"""`blogcli post create`."""

import typer

from ... import commands
from ...cli.context import Invocation, command
from ...cli.fields import POST_DETAILS
from ...cli.options import DryRun, Printing
from ...cli.rendering import report
from .post_options import NewPostOptions

app = typer.Typer()


@command(app, "create", empty_values={"content": "creates a post without text", "excerpt": "leaves it out"})
def create(invocation: Invocation, options: NewPostOptions, printing: Printing, dry_run: DryRun = False) -> None:
    """Create a post from a file with front matter, from stdin, from options, or in your editor.

    What you write in the editor is kept in a file until it is saved; --recover opens that file again.

    Examples:
        blogcli post create hello.md --author ann@example.org --tag python
        blogcli post create --title Notes --content 'First lines' --status published
        cat draft.md | blogcli post create - --author ann@example.org
    """
    choice = printing.choice(invocation)
    changes = commands.posts.compose.create_from(invocation, options, choice, dry_run=dry_run)
    if changes is None:
        return
    report(
        invocation, changes, POST_DETAILS, choice, verb="create", noun="post", name="slug", dry_run=dry_run, single=True
    )
