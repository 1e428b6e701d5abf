"""Commands of `blogcli post tag`, which add, remove and replace the tags of posts."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ... import schemas, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.parsing import Group
from ...cli.prompts import split_list, split_replacement
from ...cli.results import ChangeReport
from .bulk_change import change_posts
from .filter_options import PostTargetOptions

if TYPE_CHECKING:
    from ...schemas import TagChanges


tag_app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Add, remove or replace the tags of posts.\n\nExample: blogcli post tag add python hello-world",
)
app = typer.Typer()
app.add_typer(tag_app, name="tag")

_TagNames = Annotated[
    str, Argument(metavar="TAGS", help="Tag names, separated by commas.", autocompletion=completers.complete_tags)
]


@command(tag_app, "add")
def add_tags(context: CliContext, tags: _TagNames, targets: PostTargetOptions) -> ChangeReport:
    """Add tags to posts.

    Examples:
        blogcli post tag add python,sqlite hello-world 7
        blogcli post tag add archive --until 2010
        blogcli post list --untagged --format ids | blogcli post tag add unsorted --from -
    """
    return _change_tags(context, targets, schemas.TagChanges.checked(add=split_list(tags, "TAGS")))


@command(tag_app, "remove")
def remove_tags(context: CliContext, tags: _TagNames, targets: PostTargetOptions) -> ChangeReport:
    """Remove tags from posts.

    Examples:
        blogcli post tag remove draft-ready --author ann@example.org
        blogcli post tag remove python,sqlite hello-world
        blogcli post tag remove old --all --dry-run
    """
    return _change_tags(context, targets, schemas.TagChanges.checked(remove=split_list(tags, "TAGS")))


@command(tag_app, "set", empty_values={"tags": "removes all tags"})
def set_tags(context: CliContext, tags: _TagNames, targets: PostTargetOptions) -> ChangeReport:
    """Replace the tags of posts; '' removes all tags.

    Examples:
        blogcli post tag set archive --until 2010-12-31
        blogcli post tag set python,sqlite hello-world
        blogcli post tag set '' hello-world
    """
    return _change_tags(context, targets, schemas.TagChanges.checked(set=split_replacement(tags, "TAGS")))


def _change_tags(context: CliContext, targets: PostTargetOptions, tags: "TagChanges") -> ChangeReport:
    service = services.posts.update.update_posts
    return change_posts(context, targets, service, verb="update", update=schemas.PostUpdate(), tags=tags)
