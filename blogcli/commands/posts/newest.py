"""The list of the newest posts, which is printed on a terminal below the details of a tag or a user."""

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from ... import services
from ...cli.context import CliContext
from ...cli.fields import POSTS
from ...cli.messages import amount
from ...cli.results import RecordList
from ...output.records import Columns
from ...runner import run

if TYPE_CHECKING:
    from ...schemas import PostSelection

_MAX_POSTS = 10
_COLUMNS = Columns(lambda: POSTS.fields, table=("id", "title", "status", "published_at"))


def newest_posts(context: CliContext, option: str, name: str, selection: "PostSelection") -> RecordList | None:
    """Return a list of the newest posts of a selection, or None if there are no posts or no table is printed.

    With the arguments `option` and `name`, `blogcli post list` selects the same posts. If the list does not contain all
    posts, a message after the list contains this command.
    """
    if not (context.console.stdout_is_terminal and context.prints_default_table):
        return None
    newest = replace(selection, limit=_MAX_POSTS)
    page = run(context.settings, services.posts.query.list_posts, newest, with_total=True)
    if not page.items:
        return None
    message = ""
    if page.total is not None and page.total > len(page.items):
        listing = f"blogcli post list {option} {shlex.quote(name)}"
        message = f"The newest {len(page.items)} of {amount(page.total, 'post')}; `{listing}` lists them."
    return RecordList(records=page.items, columns=_COLUMNS, message=message)
