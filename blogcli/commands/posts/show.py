"""The commands `blogcli post show` and `blogcli post exists`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ... import output, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import POST_DETAILS
from ...cli.option_group import Flag
from ...cli.options import IgnoreMissing, References
from ...cli.prompts import single_references
from ...cli.results import PagedLines, RawText, RecordDetails
from ...errors import NotFoundError, UsageError
from ...runner import run
from .post_options import parse_time_option

if TYPE_CHECKING:
    from ...schemas import PostDetail

app = typer.Typer()

# A number with as many digits exceeds the ids that a database can store.
_MAX_DIGITS = 19


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PostReferences(References):
    """References to posts, by id or slug."""

    references: Annotated[
        list[str] | None,
        Argument(
            help="Id or slug; write id:7 or slug:2024 if it could be either.", show_default=False, **completers.POST
        ),
    ] = None

    def read(self) -> list[str]:
        """Return the references to the posts.

        Raises UsageError if no reference is given, or if a reference is blank or contains a space.
        """
        return single_references(super().read())


@command(app, "show")
def show(
    context: CliContext,
    references: PostReferences,
    ignore_missing: IgnoreMissing = False,
    rendered: Annotated[
        bool, Flag("--rendered", help="Format the content, also if the output is not a terminal.")
    ] = False,
    raw: Annotated[bool, Flag("--raw", help="Print only the content, unchanged.")] = False,
    front_matter: Annotated[bool, Flag("--front-matter", help="Print a document that `post create` can read.")] = False,
    at: Annotated[
        str | None,
        Option("--at", help="Show the version after this operation or at this time.", metavar="OP|WHEN"),
    ] = None,
) -> RecordDetails | RawText | PagedLines:
    """Show posts with their content.

    On a terminal, posts are formatted for reading. `--format` and `--verbose` show every field, `--fields` only some.

    Examples:
        blogcli post show hello-world
        blogcli post show 7 --front-matter > seven.md
        blogcli post show 7 --at yesterday --field slug
    """
    if rendered + raw + front_matter > 1:
        raise UsageError("--rendered, --raw and --front-matter cannot be combined")
    posts = _load_posts(context, references.read(), at, ignore_missing=ignore_missing)
    if raw:
        return RawText(post.content for post in posts)
    if front_matter:
        return RawText(services.posts.documents.write_document(post) for post in posts)
    if rendered:
        return PagedLines(chain.from_iterable(_rendered_lines(context, post) for post in posts))
    return _details(context, posts)


@command(app, "exists")
def exists(context: CliContext, references: PostReferences) -> None:
    """Check whether posts exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli post exists hello-world || echo none
        blogcli post exists 7 && blogcli post publish 7
        blogcli post exists --from slugs.txt
    """
    missing = run(context.settings, services.posts.query.find_missing_posts, references.read())
    if missing:
        raise typer.Exit(NotFoundError.exit_code)


def _load_posts(
    context: CliContext, references: list[str], at: str | None, *, ignore_missing: bool
) -> "list[PostDetail]":
    """Return the present posts or, if `at` is an operation or a time, the posts as they were then."""
    settings = context.settings
    if at is None:
        return run(settings, services.posts.query.show_posts, references, ignore_missing=ignore_missing)
    is_operation = at.isascii() and at.isdecimal() and len(at) < _MAX_DIGITS
    version = int(at) if is_operation else parse_time_option(at, settings)
    return run(settings, services.posts.versions.show_versions, references, version, ignore_missing=ignore_missing)


def _details(context: CliContext, posts: "Sequence[PostDetail]") -> RecordDetails | PagedLines:
    """Return the posts as formatted text for a terminal, or as records with all fields.

    Records are returned if stdout is not a terminal, or if an output option or --verbose is given.
    """
    is_for_reading = context.prints_table and context.console.stdout_is_terminal
    if context.output.is_explicit or context.verbose or not is_for_reading:
        return RecordDetails(records=posts, columns=POST_DETAILS)
    return PagedLines(_reading_lines(context, posts))


def _rendered_lines(context: CliContext, post: "PostDetail") -> Iterator[str]:
    return output.markdown.markdown_lines(context.console, f"# {post.title}\n\n{post.content}")


def _reading_lines(context: CliContext, posts: "Sequence[PostDetail]") -> Iterator[str]:
    """Yield the lines to show on a terminal. For each post, the lines are a summary and the formatted text."""
    console = context.console
    for number, post in enumerate(posts):
        if number:
            yield ""
        yield from output.tables.summary_lines(console, output.values.to_json_record(post), context.settings.zone)
        if post.content:
            yield ""
            yield from output.markdown.markdown_lines(console, post.content)
