"""`blogcli post tag`: add, remove and replace the tags of posts."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ... import schemas, services
from ...cli import completers
from ...cli.context import Invocation, command
from ...cli.options import Printing
from ...cli.parsing import Group
from ...cli.prompts import split_list, split_replacement
from .bulk_change import change_and_report
from .filter_options import Targets

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
    str, Argument(metavar="TAGS", help="Tag names, separated by commas.", autocompletion=completers.tags)
]


@command(tag_app, "add")
def add_tags(invocation: Invocation, tags: _TagNames, targets: Targets, printing: Printing) -> None:
    """Add tags to posts.

    Examples:
        blogcli post tag add python,sqlite hello-world 7
        blogcli post tag add archive --until 2010
        blogcli post list --untagged --format ids | blogcli post tag add unsorted --from -
    """
    _retag(invocation, targets, printing, schemas.TagChanges.checked(add=split_list(tags, "TAGS")))


@command(tag_app, "remove")
def remove_tags(invocation: Invocation, tags: _TagNames, targets: Targets, printing: Printing) -> None:
    """Remove tags from posts.

    Examples:
        blogcli post tag remove draft-ready --author ann@example.org
        blogcli post tag remove python,sqlite hello-world
        blogcli post tag remove old --all --dry-run
    """
    _retag(invocation, targets, printing, schemas.TagChanges.checked(remove=split_list(tags, "TAGS")))


@command(tag_app, "set", empty_values={"tags": "removes all tags"})
def set_tags(invocation: Invocation, tags: _TagNames, targets: Targets, printing: Printing) -> None:
    """Replace the tags of posts; '' removes all tags.

    Examples:
        blogcli post tag set archive --until 2010-12-31
        blogcli post tag set python,sqlite hello-world
        blogcli post tag set '' hello-world
    """
    _retag(invocation, targets, printing, schemas.TagChanges.checked(set=split_replacement(tags, "TAGS")))


def _retag(invocation: Invocation, targets: Targets, printing: Printing, tags: "TagChanges") -> None:
    change_and_report(
        invocation,
        targets,
        printing,
        services.posts.update.update_posts,
        verb="update",
        update=schemas.PostUpdate(),
        tags=tags,
    )
