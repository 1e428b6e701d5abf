"""Commands of `blogcli export`, which export posts to other formats."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ... import interchange
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.messages import amount
from ...cli.option_group import Flag, OptionGroup
from ...cli.options import DryRun, row_count_option, sort_option
from ...enums import FeedKind, Flavor, PostSort, PostStatus
from ...errors import ExitCode, UsageError
from ..posts.filter_options import Filters, Order
from .export_file import write_export
from .export_folder import write_folder
from .exporter import Exporter

if TYPE_CHECKING:
    from ...interchange.items import WriteOptions

app = typer.Typer()

_File = Annotated[
    Path, Argument(metavar="FILE", help="Output file (- for stdout; a name that ends in .gz is compressed).")
]
_Force = Annotated[bool, Flag("--force", help="Overwrite FILE even if blogcli did not write it.")]
# The maximum number of posts in a feed if --limit is not given.
_FEED_LIMIT = 20


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ExportOrder(Order):
    """The options for the order and the number of exported posts. By default, all posts are exported, oldest first."""

    sort: Annotated[str | None, sort_option(PostSort)] = "id"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FeedOrder(Order):
    """The options for the order and the number of posts in a feed."""

    limit: Annotated[int | None, row_count_option("--limit", "At most N; 0 means all. (default: 20)")] = None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SiteOptions(OptionGroup):
    """The options for the title and the URL of the blog. Some export formats contain both."""

    title: Annotated[str, Option("--title", help="Title of the blog.", metavar="TEXT")] = "Blog"
    url: Annotated[str | None, Option("--url", help="Public URL of the blog.", metavar="URL")] = None

    def write_options(self, context: CliContext, feed: FeedKind = FeedKind.ATOM) -> "WriteOptions":
        """Return the options for a writer of a format. If --url is not given, warn that links do not work."""
        now = datetime.now(UTC)
        if self.url:
            return interchange.items.WriteOptions(now, title=self.title, url=self.url.rstrip("/"), feed=feed)
        context.console.warn("Warning: without --url, links do not work")
        return interchange.items.WriteOptions(now, title=self.title, feed=feed)


def _write_options(flavor: Flavor = Flavor.PLAIN) -> "WriteOptions":
    return interchange.items.WriteOptions(datetime.now(UTC), flavor=flavor)


@command(app, "jsonl")
def jsonl(
    context: CliContext,
    filters: Filters,
    order: ExportOrder,
    target: _File = Path("-"),
    with_hashes: Annotated[bool, Flag("--with-hashes", help="Include password hashes.")] = False,
    force: _Force = False,
) -> None:
    """Export users, tags and posts as JSON Lines, for `blogcli import jsonl`.

    Examples:
        blogcli export jsonl blog.jsonl.gz
        blogcli export jsonl --since 'last month' recent.jsonl
        blogcli export jsonl | gzip > blog.jsonl.gz
    """
    exporter = Exporter(context, filters, order, with_hashes=with_hashes)
    write_export(
        context, target, "jsonl", exporter.file_parts("jsonl", _write_options()), force=force, private=with_hashes
    )
    exporter.report()


@command(app, "markdown", is_guarded=False)
def markdown(
    context: CliContext,
    filters: Filters,
    order: ExportOrder,
    target: Annotated[Path, Argument(metavar="DIR", help="Output directory; created if it does not exist.")],
    flavor: Annotated[
        Flavor,
        Option("--flavor", help="Style of front matter and file names: plain, jekyll or hugo.", metavar="FLAVOR"),
    ] = Flavor.PLAIN,
    delete: Annotated[
        bool, Flag("--delete", help="Delete files that an earlier export wrote and this export does not.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Export each post as a Markdown file with front matter.

    Examples:
        blogcli export markdown ~/site --flavor hugo
        blogcli export markdown ~/site/_posts --flavor jekyll --status published
        blogcli export markdown ~/site --flavor hugo --delete --dry-run
    """
    has_all_posts = order.includes_all and not filters.is_given()
    # With --delete, an unreadable post is an error, because skipping the post would delete its exported file.
    exporter = Exporter(context, filters, order, is_strict=delete)
    files = exporter.markdown_files(_write_options(flavor))
    owned_files = interchange.markdown.owned_files.OwnedFiles(flavor)
    result = write_folder(
        target, files, owned_files=owned_files, has_all_posts=has_all_posts, delete=delete, dry_run=dry_run
    )
    result.report(context, dry_run=dry_run)
    exporter.unreadable.check()
    if result.skipped:
        raise typer.Exit(ExitCode.FAILED)


@command(app, "ghost")
def ghost(context: CliContext, filters: Filters, order: ExportOrder, target: _File, force: _Force = False) -> None:
    """Export posts for Ghost.

    Examples:
        blogcli export ghost blog.ghost.json
        blogcli export ghost python.json --tag python
        blogcli export ghost blog.json.gz
    """
    exporter = Exporter(context, filters, order)
    parts = exporter.file_parts("ghost", _write_options())
    write_export(context, target, "ghost", parts, force=force)
    exporter.report()


@command(app, "wordpress")
def wordpress(
    context: CliContext,
    filters: Filters,
    order: ExportOrder,
    site: SiteOptions,
    target: _File,
    force: _Force = False,
) -> None:
    """Export posts for WordPress (WXR 1.2).

    Examples:
        blogcli export wordpress blog.xml --url https://example.org
        blogcli export wordpress - --url https://example.org --title 'My blog' | gzip > blog.xml.gz
        blogcli export wordpress year.xml --url https://example.org --since 2024
    """
    exporter = Exporter(context, filters, order)
    parts = exporter.file_parts("wordpress", site.write_options(context))
    write_export(context, target, "wordpress", parts, force=force)
    exporter.report()


@command(app, "feed")
def feed(
    context: CliContext,
    filters: Filters,
    order: FeedOrder,
    site: SiteOptions,
    target: _File,
    kind: Annotated[FeedKind, Option("--kind", help="atom, rss or json.", metavar="KIND")] = FeedKind.ATOM,
    force: _Force = False,
) -> None:
    """Export published posts as a feed, newest first.

    Examples:
        blogcli export feed atom.xml --title 'My blog' --url https://example.org
        blogcli export feed feed.json --kind json --url https://example.org
        blogcli export feed python.xml --kind rss --tag python --limit 50 --url https://example.org
    """
    if set(filters.status or []) - {PostStatus.PUBLISHED}:
        raise UsageError("A feed contains published posts only", hint="Leave out --status.")
    filters = replace(filters, status=[PostStatus.PUBLISHED])
    exporter = Exporter(context, filters, order, default_limit=_FEED_LIMIT)
    parts = exporter.file_parts("feeds", site.write_options(context, feed=kind))
    write_export(context, target, "feeds", parts, force=force)
    exporter.report(f"a feed of {amount(exporter.counts.posts, 'post')}")
