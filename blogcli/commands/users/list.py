"""The command `blogcli user list`."""

from typing import Annotated

import typer
from typer import Option

from ... import services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.filter_values import parse_sort
from ...cli.option_group import Flag
from ...cli.options import Limit, Offset, sort_option
from ...cli.results import USER, RecordPage
from ...enums import UserSort
from ...runner import run

app = typer.Typer()


@command(app, "list")
def list_(
    context: CliContext,
    active: Annotated[bool | None, Flag("--active/--inactive", help="Only active, or only inactive, users.")] = None,
    contains: Annotated[
        str | None,
        Option("--contains", help="E-mail address or full name contains this text (case-insensitive).", metavar="TEXT"),
    ] = None,
    sort: Annotated[str, sort_option(UserSort)] = "id",
    limit: Limit = None,
    offset: Offset = 0,
) -> RecordPage:
    """List users.

    Examples:
        blogcli user list --active --sort -posts
        blogcli user list --contains example.org --format csv
        blogcli user list --inactive --field email
    """
    key, descending = parse_sort(sort, UserSort)
    page = run(
        context.settings,
        services.users.list_users,
        is_active=active,
        needle=contains,
        sort=key,
        descending=descending,
        offset=offset,
        limit=context.default_limit if limit is None else limit,
    )
    return RecordPage(page=page, record_type=USER)
