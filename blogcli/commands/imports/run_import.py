"""`blogcli import`: a blog that lives elsewhere, brought in."""

from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from ... import cli, interchange, output, schemas, services
from ...cli import completers
from ...cli.context import Flag, Invocation, Options, command
from ...cli.options import DryRun
from ...enums import ConflictPolicy
from ...errors import ExitCode
from ...runner import run
from ...settings import Settings
from ...signals import ended_in_order
from .import_report import Report, skipped_error, summary
from .import_sources import sources_at

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


class Terms(Options):
    """On what terms posts come in."""

    author: Annotated[
        str | None, Option("--author", help="Author of posts that name none (id or e-mail address).", **completers.USER)
    ] = None
    on_conflict: Annotated[
        ConflictPolicy | None,
        Option(
            "--on-conflict",
            help="If a post was also edited here: overwrite it (update), skip it, or fail. Default: skip, exit code 6.",
            metavar="update|skip|fail",
        ),
    ] = None
    report: Annotated[
        Path | None,
        Option(
            "--report", help="Write a report of all changes and omissions (JSON Lines) to this file.", metavar="FILE"
        ),
    ] = None
    strict: Annotated[bool, Flag("--strict", help="Import nothing if any record cannot be read.")] = False
    dry_run: DryRun = False

    def of(self, settings: Settings) -> schemas.ImportTerms:
        """Return the terms, with the author of the settings where the option is not given."""
        return schemas.ImportTerms.checked(
            author=self.author or settings.author,
            is_author_a_setting=self.author is None,
            on_conflict=self.on_conflict or ConflictPolicy.SKIP,
            is_strict=self.strict,
            dry_run=self.dry_run,
        )


def bring_in(invocation: Invocation, name: str | None, paths: list[Path], terms: Terms, **reading: Any) -> None:  # noqa: ANN401
    """Import from the paths, in the named format or in the one they are recognised by, and say what came of it."""
    settings, console, changed = invocation.settings, invocation.console, _ChangedPosts()
    with ended_in_order(), ExitStack() as opened:
        sources = sources_at(paths, opened)
        with (
            Report(invocation, terms.report, sources) as report,
            output.progress.progress(console, "Importing") as told,
        ):
            imported = run(
                settings,
                services.imports.importer.import_sources,
                name or interchange.format_detection.detect_format(sources),
                sources,
                options=interchange.items.ReadOptions(zone=settings.zone, now=datetime.now(UTC), **reading),
                terms=terms.of(settings),
                noted=report.add,
                told=told,
                changed=changed.add,
            )
    for line in summary(imported, report, dry_run=terms.dry_run):
        console.say(line)
    if settings.hooks and not terms.dry_run:
        _run_hooks(invocation, changed)
    if not console.stdout_is_terminal:
        console.write(f"{id_}\n" for id_ in changed.ids)
    _end(imported, report, terms)


class _ChangedPosts:
    """The ids of the posts that an import has changed, and of those that were public before."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.were_public = array("q")

    def add(self, ids: Sequence[int], were_public: Sequence[int]) -> None:
        """Add ids of changed posts, and of posts that were public before."""
        self.ids.extend(ids)
        self.were_public.extend(were_public)


def _run_hooks(invocation: Invocation, changed: _ChangedPosts) -> None:
    published = set(run(invocation.settings, services.posts.query.public_ids, changed.ids)) - set(changed.were_public)
    cli.hooks.run_hooks(invocation, noun="post", changed=changed.ids, published=sorted(published))


def _end(imported: schemas.Imported, report: Report, terms: Terms) -> None:
    """Name the posts that were skipped unasked, and end with the exit code that says what did not come in."""
    is_asked = terms.on_conflict is not None
    if imported.skipped and not is_asked:
        report.show_conflicts()
    if imported.failed:
        raise typer.Exit(ExitCode.FAILED)
    if imported.skipped and not is_asked:
        raise skipped_error(imported.skipped, dry_run=terms.dry_run)


@command(app, "markdown")
def markdown(invocation: Invocation, paths: _Paths, terms: Terms, site: _Site = None) -> None:
    """Import Markdown files with front matter: Jekyll, Hugo, Zola, Hexo, Pelican, Nikola, Eleventy, Docusaurus.

    Examples:
        blogcli import markdown ~/blog/_posts
        blogcli import markdown ~/site --dry-run --report changes.jsonl
        blogcli import markdown hello.md --author ann@example.org
    """
    bring_in(invocation, "markdown", paths, terms, site=site)


@command(app, "wordpress")
def wordpress(
    invocation: Invocation, paths: _Paths, terms: Terms, keep_html: _KeepHtml = False, lenient: _Lenient = False
) -> None:
    """Import WordPress exports (WXR); give all files of one export together.

    Examples:
        blogcli import wordpress myblog.wordpress.2024-05-31.xml
        blogcli import wordpress part1.xml part2.xml --dry-run
        zcat blog.xml.gz | blogcli import wordpress - --lenient
    """
    bring_in(invocation, "wordpress", paths, terms, keep_html=keep_html, is_lenient=lenient)


@command(app, "ghost")
def ghost(invocation: Invocation, paths: _Paths, terms: Terms, keep_html: _KeepHtml = False) -> None:
    """Import JSON exports of Ghost (any version).

    Examples:
        blogcli import ghost my-blog.ghost.2024-05-31.json
        blogcli import ghost blog.json --keep-html
        blogcli import ghost blog.json --on-conflict update --report changes.jsonl
    """
    bring_in(invocation, "ghost", paths, terms, keep_html=keep_html)


@command(app, "jsonl")
def jsonl(invocation: Invocation, paths: _Paths, terms: Terms) -> None:
    """Import a `blogcli export jsonl` file.

    Examples:
        blogcli import jsonl blog.jsonl.gz
        blogcli import jsonl blog.jsonl --dry-run
        ssh web blogcli export jsonl | blogcli import jsonl -
    """
    bring_in(invocation, "jsonl", paths, terms)


@command(app, "auto")
def auto(
    invocation: Invocation,
    paths: _Paths,
    terms: Terms,
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
    bring_in(invocation, None, paths, terms, keep_html=keep_html, is_lenient=lenient, site=site)
