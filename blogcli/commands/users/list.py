"""`blogcli user list`."""

from typing import Annotated

import typer
from typer import Option

from ... import services
from ...cli import completers
from ...cli.context import Flag, Invocation, command
from ...cli.fields import USERS
from ...cli.filter_values import sorting
from ...cli.options import SELECTION, Limit, Offset, Printing
from ...cli.rendering import default_limit, print_page
from ...enums import UserSort
from ...runner import run

app = typer.Typer()


@command(app, "list")
def list_(
    invocation: Invocation,
    printing: Printing,
    active: Annotated[bool | None, Flag("--active/--inactive", help="Only active, or only inactive, users.")] = None,
    contains: Annotated[
        str | None,
        Option("--contains", help="E-mail address or full name contains this text (case-insensitive).", metavar="TEXT"),
    ] = None,
    sort: Annotated[
        str,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order.",
            rich_help_panel=SELECTION,
            **completers.sorted_by(UserSort),
        ),
    ] = "id",
    limit: Limit = None,
    offset: Offset = 0,
) -> None:
    """List users.

    Examples:
        blogcli user list --active --sort -posts
        blogcli user list --contains example.org --format csv
        blogcli user list --inactive --field email
    """
    choice, settings = printing.choice(invocation), invocation.settings
    key, descending = sorting(sort, UserSort)
    page = run(
        settings,
        services.users.list_users,
        is_active=active,
        needle=contains,
        sort=key,
        descending=descending,
        offset=offset,
        limit=default_limit(invocation, choice) if limit is None else limit,
    )
    print_page(invocation, page, USERS, choice, noun="user")
