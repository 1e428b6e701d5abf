"""`blogcli post show` and `exists`."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from ... import output, services
from ...cli.context import Flag, Invocation, command
from ...cli.fields import POST_DETAILS
from ...cli.options import IgnoreMissing, Posts, Printing
from ...cli.rendering import print_details
from ...enums import OutputFormat
from ...errors import NotFoundError, UsageError
from ...output.console import Console
from ...output.records import Choice
from ...runner import run

if TYPE_CHECKING:
    from ...schemas import PostDetail

app = typer.Typer()


@command(app, "show")
def show(
    invocation: Invocation,
    posts: Posts,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    rendered: Annotated[
        bool, Flag("--rendered", help="Show the formatted text instead of the Markdown source.")
    ] = False,
    raw: Annotated[bool, Flag("--raw", help="Print only the content, unchanged.")] = False,
    front_matter: Annotated[bool, Flag("--front-matter", help="Print a document that `post create` can read.")] = False,
) -> None:
    """Show posts with their content.

    On a terminal, posts are formatted for reading; `--fields`, `--format` and `--verbose` show every field.

    Examples:
        blogcli post show hello-world
        blogcli post show 7 --front-matter > seven.md
        blogcli post show 7 --field slug
    """
    if rendered + raw + front_matter > 1:
        raise UsageError("Choose one of --rendered, --raw and --front-matter")
    choice, console = printing.choice(invocation), invocation.console
    found = run(invocation.settings, services.posts.query.show_posts, posts.named(), ignore_missing=ignore_missing)
    if raw:
        console.write(post.content for post in found)
    elif front_matter:
        console.write(services.posts.documents.write_document(post) for post in found)
    elif rendered:
        _show_markdown(console, found, choice)
    else:
        _show_posts(invocation, found, choice)


@command(app, "exists")
def exists(invocation: Invocation, posts: Posts) -> None:
    """Check whether posts exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli post exists hello-world || echo none
        blogcli post exists 7 && blogcli post publish 7
        blogcli post exists --from slugs.txt
    """
    missing = run(invocation.settings, services.posts.query.missing_posts, posts.named())
    if missing:
        raise typer.Exit(NotFoundError.exit_code)


def _show_markdown(console: Console, posts: "Sequence[PostDetail]", choice: Choice) -> None:
    lines = (output.markdown.markdown_lines(console, f"# {post.title}\n\n{post.content}") for post in posts)
    output.pager.print_lines(console, chain.from_iterable(lines), pager=choice.pager)


def _show_posts(invocation: Invocation, posts: "Sequence[PostDetail]", choice: Choice) -> None:
    """Show posts as they are read if a person is to read them, otherwise all their fields."""
    console, zone = invocation.console, invocation.settings.zone
    is_table = choice.format_for(console) is OutputFormat.TABLE
    is_detailed = choice.is_explicit or getattr(invocation, "verbose", False)
    if is_detailed or not is_table or not console.stdout_is_terminal:
        print_details(invocation, posts, POST_DETAILS, choice)
        return
    lines: list[str] = []
    for post in posts:
        lines += ([""] if lines else []) + [*output.tables.summary_lines(console, post.model_dump(mode="json"), zone)]
        if post.content:
            lines += ["", *output.markdown.markdown_lines(console, post.content)]
    output.pager.print_lines(console, lines, pager=choice.pager)
