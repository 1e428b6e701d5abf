"""The commands `blogcli user show` and `blogcli user exists`."""

import typer

from ... import schemas, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import USERS
from ...cli.options import IgnoreMissing
from ...cli.results import RecordDetails
from ...errors import NotFoundError
from ...runner import run
from ..posts.newest import newest_posts
from .arguments import UserReferences

app = typer.Typer()


@command(app, "show")
def show(context: CliContext, references: UserReferences, ignore_missing: IgnoreMissing = False) -> RecordDetails:
    """Show users. For a single user on a terminal, also list the newest posts.

    Examples:
        blogcli user show ann@example.org
        blogcli user show 1 2 --format json
        blogcli user show ann@example.org --field posts
    """
    users = run(context.settings, services.users.show_users, references.read(), ignore_missing=ignore_missing)
    related = None
    if len(users) == 1:
        selection = schemas.PostSelection(authors=[f"id:{users[0].id}"])
        related = newest_posts(context, "--author", users[0].email, selection)
    return RecordDetails(records=users, columns=USERS, related=related)


@command(app, "exists")
def exists(context: CliContext, references: UserReferences) -> None:
    """Check whether users exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli user exists ann@example.org || echo none
        blogcli user exists 1 2 3
        blogcli user exists --from emails.txt
    """
    if run(context.settings, services.users.find_missing_users, references.read()):
        raise typer.Exit(NotFoundError.exit_code)
