"""The command `blogcli post search`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from ... import output, services
from ...cli import completers
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.options import SELECTION, PageOptions
from ...cli.results import POST_HIT, RawText, RecordPage, RecordStream
from ...enums import OutputFormat, PostSort
from ...errors import UsageError
from ...output.records import OutputChoice
from ...runner import run, stream
from .filter_options import Filters, ListOrder

if TYPE_CHECKING:
    from ...schemas import PostSelection

app = typer.Typer()


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class SearchOrder(ListOrder):
    """The options that sort search results, and then select a part of the sorted results by a limit and an offset.

    By default, results are sorted by descending score.
    """

    sort: Annotated[
        str | None,
        Option(
            "--sort",
            help="Sort by this field, in descending order with -FIELD. (default: best match first)",
            rich_help_panel=SELECTION,
            **completers.sorted_by(PostSort),
        ),
    ] = None

    @property
    def is_by_score(self) -> bool:
        """Whether the results are sorted by score."""
        return self.sort is None


@command(app, "search")
def search(
    context: CliContext,
    filters: Filters,
    order: SearchOrder,
    paging: PageOptions,
    query: Annotated[list[str] | None, Argument(metavar="QUERY", help="Search query.")] = None,
) -> RecordPage | RecordStream | RawText:
    """Search the titles and contents of the posts that match the filters, best match first.

    All words must occur, regardless of case and accents. A word of four or more letters also matches longer words that
    begin with it.

    "two words" matches an exact phrase, and mig* any word that begins with mig.

    `one OR other` matches posts that contain at least one of the two words. title:word and content:word search one
    field.

    -word excludes posts with the word. Put -- before a query that begins with a dash.

    If there are more than 2,000 matches, only the newest 2,000 are ranked. A phrase is found only within the first
    16,383 words of a post.

    Examples:
        blogcli post search 'sqlite "full text" -fts4' --tag python --since 2024-01-01
        blogcli post search 'title:release OR changelog' --limit 5
        blogcli post search migrat --format ids | blogcli post tag add database --from -
    """
    text = " ".join(query or []).strip()
    paging.check_format(context.output)
    if paging.after and (order.offset or (text and order.is_by_score)):
        raise UsageError("--after needs --sort and cannot be combined with --offset", hint="Use --offset instead.")
    values = order.selection_values(default_limit=context.default_limit)
    selection = filters.selection(context.settings, **values, after=paging.after)
    if context.output.format is OutputFormat.COUNT:
        return RawText([f"{run(context.settings, services.posts.search.count_hits, text, selection)}\n"])
    return _search_posts(context, text, selection, by_score=order.is_by_score, page_info=paging.page_info)


def _search_posts(
    context: CliContext, text: str, selection: "PostSelection", *, by_score: bool, page_info: bool
) -> RecordPage | RecordStream:
    settings = context.settings
    options: dict[str, Any] = {
        "by_score": by_score,
        "with_snippets": _includes_snippets(context.output),
        "on_fault": context.warn_of_invalid_row,
    }
    if not (selection.limit or page_info or context.prints_table):
        service = partial(services.posts.search.stream_hits, **options)
        batches = stream(settings, service, text, selection)
        return RecordStream(batches=batches, record_type=POST_HIT, prints_total=bool(text))
    with_total = bool(text) or page_info or context.console.stdout_is_terminal
    page = run(settings, services.posts.search.search_posts, text, selection, with_total=with_total, **options)
    return RecordPage(
        page=page,
        record_type=POST_HIT,
        prints_total=bool(text),
        page_info=page_info,
        show_table=_show_hits if text else None,
    )


def _show_hits(context: CliContext, records: Sequence[Mapping[str, Any]]) -> None:
    output.tables.show_hits(context.console, records, zone=context.settings.zone, pager=context.output.pager)


def _includes_snippets(choice: OutputChoice) -> bool:
    if choice.field or choice.fields:
        return "snippet" in (choice.field, *(choice.fields or ()))
    return choice.format is not OutputFormat.IDS
