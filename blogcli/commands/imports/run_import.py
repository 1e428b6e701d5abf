"""Import posts from other programs: `blogcli import`."""

from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ... import cli, interchange, output, schemas, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag
from ...errors import ExitCode
from ...runner import run
from ...signals import ended_in_order
from .import_options import ImportOptions
from .import_report import ImportReport, skipped_error
from .import_sources import sources_at
from .import_summary import summarize

if TYPE_CHECKING:
    from ...interchange.items import ReadOptions

app = typer.Typer()

_Paths = Annotated[
    list[Path], Argument(metavar="PATH", help="Files or directories (- for stdin; .gz files are decompressed).")
]
_KeepHtml = Annotated[
    bool, Flag("--keep-html", help="WordPress, Ghost: keep HTML instead of converting it to Markdown.")
]
_Lenient = Annotated[bool, Flag("--lenient", help="WordPress: repair stray & and characters that XML forbids.")]
_Site = Annotated[
    str | None,
    Option(
        "--site",
        help="Markdown: name of the source blog; use the same name for every import of it.",
        metavar="NAME",
    ),
]


class _ChangedPosts:
    """The ids of the posts that an import has created or updated, and of those that were public before."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.were_public = array("q")

    def add(self, ids: Sequence[int], were_public: Sequence[int]) -> None:
        """Add ids of changed posts, and of posts that were public before."""
        self.ids.extend(ids)
        self.were_public.extend(were_public)


def _read_options(
    invocation: CliContext, *, keep_html: bool = False, lenient: bool = False, site: str | None = None
) -> "ReadOptions":
    return interchange.items.ReadOptions(
        zone=invocation.settings.zone,
        now=datetime.now(UTC),
        site=site,
        keep_html=keep_html,
        is_lenient=lenient,
    )


def _import(
    invocation: CliContext,
    format_name: str | None,
    paths: list[Path],
    *,
    options: ImportOptions,
    reading: "ReadOptions",
) -> None:
    """Import paths in a format, or in the detected format if it is None, and print a summary.

    Raises typer.Exit if a record could not be read, and ConflictError if posts were skipped although no option said so.
    """
    console = invocation.console
    changed = _ChangedPosts()
    with ended_in_order(), ExitStack() as opened:
        sources = sources_at(paths, opened)
        with (
            ImportReport(console, options.report, sources) as report,
            output.progress.progress(console, "Importing") as on_progress,
        ):
            result = run(
                invocation.settings,
                services.imports.importer.import_sources,
                format_name or interchange.format_detection.detect_format(sources),
                sources,
                options=reading,
                parameters=options.parameters_with(invocation.settings),
                on_note=report.add,
                on_progress=on_progress,
                on_changed=changed.add,
            )
    _show(invocation, result, report, changed, dry_run=options.dry_run)
    _exit(result, report, options)


def _show(
    invocation: CliContext, result: schemas.ImportResult, report: ImportReport, changed: _ChangedPosts, *, dry_run: bool
) -> None:
    """Print the summary, run the hooks, and print the ids of changed posts if stdout is not a terminal."""
    console = invocation.console
    for line in summarize(result, report.counts, dry_run=dry_run):
        console.say(line)
    report.show_details()
    if invocation.settings.hooks and not dry_run:
        _run_hooks(invocation, changed)
    if not console.stdout_is_terminal:
        console.write(f"{id_}\n" for id_ in changed.ids)


def _run_hooks(invocation: CliContext, changed: _ChangedPosts) -> None:
    published = set(run(invocation.settings, services.posts.query.public_ids, changed.ids)) - set(changed.were_public)
    cli.hooks.run_hooks(invocation, noun="post", changed=changed.ids, published=sorted(published))


def _exit(result: schemas.ImportResult, report: ImportReport, options: ImportOptions) -> None:
    """Name skipped posts unless --on-conflict was given, and raise if something was not imported."""
    is_unexpected = result.skipped > 0 and options.on_conflict is None
    if is_unexpected:
        report.show_conflicts()
    if result.failed:
        raise typer.Exit(ExitCode.FAILED)
    if is_unexpected:
        raise skipped_error(result.skipped, dry_run=options.dry_run)


@command(app, "markdown")
def markdown(invocation: CliContext, paths: _Paths, options: ImportOptions, site: _Site = None) -> None:
    """Import Markdown files with front matter: Jekyll, Hugo, Zola, Hexo, Pelican, Nikola, Eleventy, Docusaurus.

    Examples:
        blogcli import markdown ~/blog/_posts
        blogcli import markdown ~/site --dry-run --report changes.jsonl
        blogcli import markdown hello.md --author ann@example.org
    """
    reading = _read_options(invocation, site=site)
    _import(invocation, "markdown", paths, options=options, reading=reading)


@command(app, "wordpress")
def wordpress(
    invocation: CliContext,
    paths: _Paths,
    options: ImportOptions,
    keep_html: _KeepHtml = False,
    lenient: _Lenient = False,
) -> None:
    """Import WordPress exports (WXR); give all files of one export together.

    Examples:
        blogcli import wordpress myblog.wordpress.2024-05-31.xml
        blogcli import wordpress part1.xml part2.xml --dry-run
        zcat blog.xml.gz | blogcli import wordpress - --lenient
    """
    reading = _read_options(invocation, keep_html=keep_html, lenient=lenient)
    _import(invocation, "wordpress", paths, options=options, reading=reading)


@command(app, "ghost")
def ghost(invocation: CliContext, paths: _Paths, options: ImportOptions, keep_html: _KeepHtml = False) -> None:
    """Import JSON exports of Ghost (any version).

    Examples:
        blogcli import ghost my-blog.ghost.2024-05-31.json
        blogcli import ghost blog.json --keep-html
        blogcli import ghost blog.json --on-conflict update --report changes.jsonl
    """
    reading = _read_options(invocation, keep_html=keep_html)
    _import(invocation, "ghost", paths, options=options, reading=reading)


@command(app, "jsonl")
def jsonl(invocation: CliContext, paths: _Paths, options: ImportOptions) -> None:
    """Import a `blogcli export jsonl` file.

    Examples:
        blogcli import jsonl blog.jsonl.gz
        blogcli import jsonl blog.jsonl --dry-run
        ssh web blogcli export jsonl | blogcli import jsonl -
    """
    reading = _read_options(invocation)
    _import(invocation, "jsonl", paths, options=options, reading=reading)


@command(app, "auto")
def auto(
    invocation: CliContext,
    paths: _Paths,
    options: ImportOptions,
    keep_html: _KeepHtml = False,
    lenient: _Lenient = False,
    site: _Site = None,
) -> None:
    """Import files and detect their format; `blogcli import PATH...` does the same.

    Examples:
        blogcli import ~/blog
        blogcli import blog.xml --dry-run
        blogcli import blog.jsonl.gz --strict
    """
    reading = _read_options(invocation, keep_html=keep_html, lenient=lenient, site=site)
    _import(invocation, None, paths, options=options, reading=reading)
