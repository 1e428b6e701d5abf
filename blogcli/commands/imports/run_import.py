"""Commands of `blogcli import`, which import posts from other programs."""

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
from ...signals import raising_on_termination
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
_Lenient = Annotated[
    bool,
    Flag("--lenient", help="WordPress: escape '&' where it is not escaped, and remove characters that XML forbids."),
]
_Site = Annotated[
    str | None,
    Option(
        "--site",
        help="Markdown: name of the source blog, by which later imports recognize its posts.",
        metavar="NAME",
    ),
]


class _ChangedPosts:
    """The ids of the posts that an import created or updated, and of the posts that were public before the import."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.were_public = array("q")

    def add(self, ids: Sequence[int], were_public: Sequence[int]) -> None:
        """Add the ids of created or updated posts, and the ids of posts that were public before the import."""
        self.ids.extend(ids)
        self.were_public.extend(were_public)


def _read_options(
    context: CliContext, *, keep_html: bool = False, lenient: bool = False, site: str | None = None
) -> "ReadOptions":
    return interchange.items.ReadOptions(
        zone=context.settings.zone,
        now=datetime.now(UTC),
        site=site,
        keep_html=keep_html,
        is_lenient=lenient,
    )


def _import(
    context: CliContext,
    format_name: str | None,
    paths: list[Path],
    *,
    options: ImportOptions,
    read_options: "ReadOptions",
) -> None:
    """Import files and directories, and print a summary.

    The format is detected if `format_name` is None.

    Raises typer.Exit if a record could not be read. Raises ConflictError if posts were skipped because of a conflict
    and --on-conflict was not given.
    """
    console = context.console
    changed = _ChangedPosts()
    with raising_on_termination(), ExitStack() as stack:
        sources = sources_at(paths, stack)
        with (
            ImportReport(console, options.report, sources) as report,
            output.progress.progress(console, "Importing") as on_progress,
        ):
            result = run(
                context.settings,
                services.imports.importer.import_sources,
                format_name or interchange.format_detection.detect_format(sources),
                sources,
                options=read_options,
                parameters=options.parameters_with(context.settings),
                on_note=report.add,
                on_progress=on_progress,
                on_changed=changed.add,
            )
    _report(context, result, report, changed, dry_run=options.dry_run)
    _check_result(result, report, options)


def _report(
    context: CliContext, result: schemas.ImportResult, report: ImportReport, changed: _ChangedPosts, *, dry_run: bool
) -> None:
    """Print the summary, run the hooks, and print the ids of changed posts if stdout is not a terminal."""
    console = context.console
    for line in summarize(result, report.counts, dry_run=dry_run):
        console.say(line)
    report.show_details()
    if not dry_run and (result.created or result.updated):
        context.suggest_undo()
    if context.settings.hooks and not dry_run:
        _run_hooks(context, changed)
    if not console.stdout_is_terminal:
        console.write(f"{id_}\n" for id_ in changed.ids)


def _run_hooks(context: CliContext, changed: _ChangedPosts) -> None:
    published = set(run(context.settings, services.posts.query.public_ids, changed.ids)) - set(changed.were_public)
    cli.hooks.run_hooks(context, noun="post", changed=changed.ids, published=sorted(published))


def _check_result(result: schemas.ImportResult, report: ImportReport, options: ImportOptions) -> None:
    """Raise typer.Exit if a record could not be read.

    Raises ConflictError if posts were skipped because of a conflict and --on-conflict was not given. Before the
    exception is raised, some of the skipped posts are printed.
    """
    is_unexpected = result.skipped > 0 and options.on_conflict is None
    if is_unexpected:
        report.show_conflicts()
    if result.failed:
        raise typer.Exit(ExitCode.FAILED)
    if is_unexpected:
        raise skipped_error(result.skipped, dry_run=options.dry_run)


@command(app, "markdown", is_bulk=True)
def markdown(context: CliContext, paths: _Paths, options: ImportOptions, site: _Site = None) -> None:
    """Import Markdown files with front matter: Jekyll, Hugo, Zola, Hexo, Pelican, Nikola, Eleventy, Docusaurus.

    Examples:
        blogcli import markdown ~/blog/_posts
        blogcli import markdown ~/site --dry-run --report changes.jsonl
        blogcli import markdown hello.md --author ann@example.org
    """
    read_options = _read_options(context, site=site)
    _import(context, "markdown", paths, options=options, read_options=read_options)


@command(app, "wordpress", is_bulk=True)
def wordpress(
    context: CliContext,
    paths: _Paths,
    options: ImportOptions,
    keep_html: _KeepHtml = False,
    lenient: _Lenient = False,
) -> None:
    """Import WordPress exports (WXR). If an export was split into several files, pass all of them in one command.

    Examples:
        blogcli import wordpress myblog.wordpress.2024-05-31.xml
        blogcli import wordpress part1.xml part2.xml --dry-run
        zcat blog.xml.gz | blogcli import wordpress - --lenient
    """
    read_options = _read_options(context, keep_html=keep_html, lenient=lenient)
    _import(context, "wordpress", paths, options=options, read_options=read_options)


@command(app, "ghost", is_bulk=True)
def ghost(context: CliContext, paths: _Paths, options: ImportOptions, keep_html: _KeepHtml = False) -> None:
    """Import JSON exports from Ghost (any version).

    Examples:
        blogcli import ghost my-blog.ghost.2024-05-31.json
        blogcli import ghost blog.json --keep-html
        blogcli import ghost blog.json --on-conflict update --report changes.jsonl
    """
    read_options = _read_options(context, keep_html=keep_html)
    _import(context, "ghost", paths, options=options, read_options=read_options)


@command(app, "jsonl", is_bulk=True)
def jsonl(context: CliContext, paths: _Paths, options: ImportOptions) -> None:
    """Import files written by `blogcli export jsonl`.

    Examples:
        blogcli import jsonl blog.jsonl.gz
        blogcli import jsonl blog.jsonl --dry-run
        ssh web blogcli export jsonl | blogcli import jsonl -
    """
    read_options = _read_options(context)
    _import(context, "jsonl", paths, options=options, read_options=read_options)


@command(app, "auto", is_bulk=True)
def auto(
    context: CliContext,
    paths: _Paths,
    options: ImportOptions,
    keep_html: _KeepHtml = False,
    lenient: _Lenient = False,
    site: _Site = None,
) -> None:
    """Import files and detect their format. The short form is `blogcli import PATH...`.

    Examples:
        blogcli import ~/blog
        blogcli import blog.xml --dry-run
        blogcli import blog.jsonl.gz --strict
    """
    read_options = _read_options(context, keep_html=keep_html, lenient=lenient, site=site)
    _import(context, None, paths, options=options, read_options=read_options)
