"""`blogcli export`: the blog, or a part of it, in other forms."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ... import interchange, services
from ...cli import completers
from ...cli.context import Flag, Invocation, Options, command
from ...cli.options import SELECTION, DryRun
from ...cli.rendering import amount
from ...enums import FeedKind, Flavor, PostSort, PostStatus
from ...errors import BlogError, ExitCode, InvalidError, UsageError
from ...runner import stream
from ..posts.filter_options import Filters, Order
from .export_file import write_export
from .export_folder import write_folder

if TYPE_CHECKING:
    from ...interchange.items import WriteOptions

app = typer.Typer()

_File = Annotated[Path, Argument(metavar="FILE", help="Output file (- for stdout; .gz is compressed).")]
_Force = Annotated[bool, Flag("--force", help="Overwrite a file that is not an earlier export.")]
_LATEST = 20


class OldestFirst(Order):
    """In what order posts are written."""

    sort: Annotated[
        str | None,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order.",
            rich_help_panel=SELECTION,
            **completers.sorted_by(PostSort),
        ),
    ] = "id"


class Blog(Options):
    """What other systems want to know of a blog."""

    title: Annotated[str, Option("--title", help="Title of the blog.", metavar="TEXT")] = "Blog"
    url: Annotated[str | None, Option("--url", help="Public URL of the blog.", metavar="URL")] = None

    def of(self, invocation: Invocation) -> dict[str, str]:
        """What is known; a warning where links would lead nowhere."""
        if self.url:
            return {"title": self.title, "url": self.url.rstrip("/")}
        invocation.console.warn("Warning: without --url, links lead nowhere")
        return {"title": self.title}


class Losses:
    """The rows that are left out, because a value cannot be read; where none may be, the first one raises."""

    def __init__(self, invocation: Invocation, *, is_strict: bool) -> None:
        self._console = invocation.console
        self._is_strict = is_strict
        self._rows = 0

    def add(self, fault: str) -> None:
        """Name a row that is left out; raise InvalidError where none may be."""
        if self._is_strict:
            raise InvalidError(fault, hint="Without --delete, what can be read is exported.")
        self._rows += 1
        self._console.warn(f"Left out: {fault}")

    def refuse(self) -> None:
        """Raise BlogError if there are any."""
        if self._rows:
            left_out = "1 row was" if self._rows == 1 else f"{self._rows:,} rows were"
            raise BlogError(
                f"{left_out} left out, because a value cannot be read",
                hint="Run `blogcli db check` to list all invalid values.",
            )


class Exporter:
    """The records that are chosen, on their way into a format."""

    def __init__(
        self,
        invocation: Invocation,
        filters: Filters,
        order: Order,
        *,
        is_strict: bool = False,
        **more: Any,  # noqa: ANN401 - the keyword arguments of the service
    ) -> None:
        self._invocation = invocation
        self.tally, self.losses = services.exports.Tally(), Losses(invocation, is_strict=is_strict)
        selection = filters.selection(invocation.settings, **order.listing(**more.pop("listing", {})))
        service = partial(services.exports.export_records, on_fault=self.losses.add, **more)
        batches = stream(invocation.settings, service, selection)
        # Whatever stands in the way is found before anything is written.
        self._records = self.tally.counted(chain([next(batches)], batches))

    def file_parts(self, name: str, **options: Any) -> Iterator[str]:  # noqa: ANN401 - the fields of WriteOptions
        """Return the parts of a file in the format of that name."""
        return interchange.registry.file_writer_of(name).write(self._records, _write_options(**options))

    def files(self, **options: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the fields of WriteOptions
        """Return the name and the text of each Markdown file."""
        return interchange.registry.folder_writer_of("markdown").write(self._records, _write_options(**options))

    def report(self, what: str | None = None) -> None:
        """Say what has been written; raise BlogError where rows were left out."""
        self._invocation.console.say(f"Exported {what or self}.")
        self.losses.refuse()

    def __str__(self) -> str:
        """What has been written."""
        found = self.tally
        posts, users, tags = amount(found.posts, "post"), amount(found.users, "user"), amount(found.tags, "tag")
        return f"{posts}, {users} and {tags}"


def _write_options(**options: Any) -> "WriteOptions":  # noqa: ANN401 - the fields of WriteOptions
    return interchange.items.WriteOptions(now=datetime.now(UTC), **options)


@command(app, "jsonl")
def jsonl(
    invocation: Invocation,
    filters: Filters,
    order: OldestFirst,
    target: _File = Path("-"),
    with_hashes: Annotated[bool, Flag("--with-hashes", help="Include password hashes.")] = False,
    force: _Force = False,
) -> None:
    """Export users, tags and posts as JSON Lines, without loss.

    Examples:
        blogcli export jsonl blog.jsonl.gz
        blogcli export jsonl --since 'last month' recent.jsonl
        blogcli export jsonl | gzip > blog.jsonl.gz
    """
    exporter = Exporter(invocation, filters, order, with_hashes=with_hashes)
    write_export(invocation, target, "jsonl", exporter.file_parts("jsonl"), force=force, private=with_hashes)
    exporter.report()


@command(app, "markdown")
def markdown(
    invocation: Invocation,
    filters: Filters,
    order: OldestFirst,
    target: Annotated[Path, Argument(metavar="DIR", help="Output directory; created if it does not exist.")],
    flavor: Annotated[
        Flavor, Option("--flavor", help="Site generator to write for: plain, jekyll or hugo.", metavar="FLAVOR")
    ] = Flavor.PLAIN,
    delete: Annotated[
        bool, Flag("--delete", help="Delete earlier exported files that are not in this export.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Export each post as a Markdown file with front matter.

    Examples:
        blogcli export markdown ~/site --flavor hugo
        blogcli export markdown ~/site/_posts --flavor jekyll --status published
        blogcli export markdown ~/site --flavor hugo --delete --dry-run
    """
    are_all = order.is_whole and not filters.any_given
    # The file of a post that cannot be read must not be deleted as one of a post that is gone.
    exporter = Exporter(invocation, filters, order, is_strict=delete)
    files = exporter.files(flavor=flavor)
    own = interchange.markdown.owned_files.OwnFiles(flavor)
    written = write_folder(target, files, own=own, are_all=are_all, delete=delete, dry_run=dry_run)
    written.report(invocation, dry_run=dry_run)
    exporter.losses.refuse()
    if written.left:
        raise typer.Exit(ExitCode.FAILED)


@command(app, "ghost")
def ghost(invocation: Invocation, filters: Filters, order: OldestFirst, target: _File, force: _Force = False) -> None:
    """Export posts for Ghost.

    Examples:
        blogcli export ghost blog.ghost.json
        blogcli export ghost python.json --tag python
        blogcli export ghost blog.json.gz
    """
    exporter = Exporter(invocation, filters, order)
    write_export(invocation, target, "ghost", exporter.file_parts("ghost"), force=force)
    exporter.report()


@command(app, "wordpress")
def wordpress(
    invocation: Invocation,
    filters: Filters,
    order: OldestFirst,
    blog: Blog,
    target: _File,
    force: _Force = False,
) -> None:
    """Export posts for WordPress (WXR 1.2).

    Examples:
        blogcli export wordpress blog.xml --url https://example.org
        blogcli export wordpress - --url https://example.org --title 'My blog' | gzip > blog.xml.gz
        blogcli export wordpress year.xml --url https://example.org --since 2024
    """
    exporter = Exporter(invocation, filters, order)
    write_export(invocation, target, "wordpress", exporter.file_parts("wordpress", **blog.of(invocation)), force=force)
    exporter.report()


@command(app, "feed")
def feed(
    invocation: Invocation,
    filters: Filters,
    order: Order,
    blog: Blog,
    target: _File,
    kind: Annotated[FeedKind, Option("--kind", help="atom, rss or json.", metavar="KIND")] = FeedKind.ATOM,
    force: _Force = False,
) -> None:
    """Export published posts as a feed, newest first (20 posts unless --limit is given).

    Examples:
        blogcli export feed atom.xml --title 'My blog' --url https://example.org
        blogcli export feed feed.json --kind json --url https://example.org
        blogcli export feed python.xml --kind rss --tag python --limit 50 --url https://example.org
    """
    if set(filters.status or []) - {PostStatus.PUBLISHED}:
        raise UsageError("A feed shows what is published, and nothing else", hint="Leave out --status.")
    filters.status = [PostStatus.PUBLISHED]
    exporter = Exporter(invocation, filters, order, listing={"default_limit": _LATEST})
    write_export(
        invocation, target, "feeds", exporter.file_parts("feeds", **blog.of(invocation), feed=kind), force=force
    )
    exporter.report(f"a feed of {amount(exporter.tally.posts, 'post')}")
