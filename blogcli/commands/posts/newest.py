"""The newest posts, shown to a person below the tag or the user that has them."""

import shlex
from dataclasses import replace

from ... import schemas, services
from ...cli.context import Invocation
from ...cli.fields import POSTS
from ...cli.rendering import amount, print_records
from ...enums import OutputFormat
from ...output.records import Choice, Columns
from ...runner import run

_MOST = 10
_COLUMNS = Columns(fields=POSTS.fields, table=("id", "title", "status", "published_at"))


def print_newest_posts(invocation: Invocation, choice: Choice, option: str, name: str, **filters: list[str]) -> None:
    """Print the newest of the posts that the filters choose, unless stdout is no terminal or fields were chosen.

    `option` and `name` are what `blogcli post list` takes for the same posts.
    """
    console, settings = invocation.console, invocation.settings
    is_table = console.stdout_is_terminal and choice.format_for(console) is OutputFormat.TABLE
    if not is_table or choice.fields or choice.field:
        return
    selection = schemas.PostSelection.checked(**filters, limit=_MOST)
    page = run(settings, services.posts.query.list_posts, selection, with_total=True)
    if not page.items:
        return
    console.write(["\n"])
    print_records(invocation, page.items, _COLUMNS, replace(choice, pager=None))
    if page.total is not None and page.total > len(page.items):
        listing = f"blogcli post list {option} {shlex.quote(name)}"
        console.say(f"The newest {len(page.items)} of {amount(page.total, 'post')}; `{listing}` lists them.")
