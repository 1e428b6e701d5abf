"""`blogcli post`: written, listed, shown."""

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer

from .. import commands, output, services
from ..enums import OutputFormat
from ..errors import NotFoundError, UsageError
from ..output.console import Console
from ..output.records import Choice
from ..runner import run, stream
from .columns import POST_DETAILS, POSTS
from .invocation import Flag, Invocation, command
from .options import DryRun, IgnoreMissing, Paging, Posts, Printing
from .reports import default_limit, is_streamed, print_details, print_page, print_stream, report, warn_of_faults
from .selections import Filters, ListOrder
from .writing import NewPostOptions

if TYPE_CHECKING:
    from ..schemas import PostDetail, PostSelection

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
    changes = commands.composing.create_from(invocation, options, choice, dry_run=dry_run)
    if changes is None:
        return
    report(
        invocation, changes, POST_DETAILS, choice, verb="create", noun="post", name="slug", dry_run=dry_run, single=True
    )


@command(app, "list")
def list_(invocation: Invocation, filters: Filters, order: ListOrder, printing: Printing, paging: Paging) -> None:
    """List posts, newest first.

    Examples:
        blogcli post list --tag python --status published --limit 10
        blogcli post list --status draft --sort -updated_at
        blogcli post list --since 'last month' --format csv --fields id,title,words
    """
    choice, settings = printing.choice(invocation), invocation.settings
    paging.check(choice)
    if paging.after and order.offset:
        raise UsageError("--after and --offset exclude each other")
    listing = order.listing(default_limit=default_limit(invocation, choice))
    selection = filters.selection(settings, **listing, after=paging.after)
    _print_list(invocation, selection, choice, page_info=paging.page_info)


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
    found = run(invocation.settings, services.posts.show_posts, posts.named(), ignore_missing=ignore_missing)
    if raw:
        console.write(post.content for post in found)
    elif front_matter:
        console.write(services.documents.write_document(post) for post in found)
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
    missing = run(invocation.settings, services.posts.missing_posts, posts.named())
    if missing:
        raise typer.Exit(NotFoundError.exit_code)


def _print_list(invocation: Invocation, selection: "PostSelection", choice: Choice, *, page_info: bool) -> None:
    settings, console, on_fault = invocation.settings, invocation.console, warn_of_faults(invocation)
    if choice.format is OutputFormat.COUNT:
        console.write([f"{run(settings, services.posts.count_posts, selection)}\n"])
    elif is_streamed(invocation, choice, limit=selection.limit, page_info=page_info):
        batches = stream(settings, services.posts.stream_posts, selection, on_fault=on_fault)
        print_stream(invocation, batches, POSTS, choice, noun="post")
    else:
        with_total = page_info or console.stdout_is_terminal
        page = run(settings, services.posts.list_posts, selection, with_total=with_total, on_fault=on_fault)
        print_page(invocation, page, POSTS, choice, noun="post", page_info=page_info)


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
