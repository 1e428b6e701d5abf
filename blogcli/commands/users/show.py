"""`blogcli user show` and `exists`."""

import typer

from ... import services
from ...cli.context import Invocation, command
from ...cli.fields import USERS
from ...cli.options import IgnoreMissing, Printing, Users
from ...cli.rendering import print_details
from ...errors import NotFoundError
from ...runner import run
from ..posts.newest import print_newest_posts

app = typer.Typer()


@command(app, "show")
def show(invocation: Invocation, users: Users, printing: Printing, ignore_missing: IgnoreMissing = False) -> None:
    """Show users; for a single user on a terminal, also the newest posts.

    Examples:
        blogcli user show ann@example.org
        blogcli user show 1 2 --format json
        blogcli user show ann@example.org --field posts
    """
    choice = printing.choice(invocation)
    found = run(invocation.settings, services.users.show_users, users.named(), ignore_missing=ignore_missing)
    print_details(invocation, found, USERS, choice)
    if len(found) == 1:
        print_newest_posts(invocation, choice, "--author", found[0].email, authors=[f"id:{found[0].id}"])


@command(app, "exists")
def exists(invocation: Invocation, users: Users) -> None:
    """Check whether users exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli user exists ann@example.org || echo none
        blogcli user exists 1 2 3
        blogcli user exists --from emails.txt
    """
    if run(invocation.settings, services.users.missing_users, users.named()):
        raise typer.Exit(NotFoundError.exit_code)
