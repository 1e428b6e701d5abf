"""`blogcli post search`."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ... import output, services
from ...cli import completers
from ...cli.context import Invocation, command
from ...cli.fields import POST_HITS
from ...cli.options import SELECTION, Paging, Printing
from ...cli.rendering import default_limit, is_streamed, print_page, print_stream, tell_extent, warn_of_faults
from ...enums import OutputFormat, PostSort
from ...errors import UsageError
from ...output.records import Choice
from ...runner import run, stream
from .filter_options import Filters, ListOrder

if TYPE_CHECKING:
    from ...schemas import PostSelection

app = typer.Typer()


class Ranking(ListOrder):
    """In what order hits come, and from where."""

    sort: Annotated[
        str | None,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order (default: best first).",
            rich_help_panel=SELECTION,
            **completers.sorted_by(PostSort),
        ),
    ] = None

    @property
    def by_score(self) -> bool:
        """Whether the best come first."""
        return self.sort is None


@command(app, "search")
def search(
    invocation: Invocation,
    filters: Filters,
    ranking: Ranking,
    printing: Printing,
    paging: Paging,
    query: Annotated[list[str] | None, Argument(metavar="QUERY", help="Search query.")] = None,
) -> None:
    """Search the titles and contents of the posts that match the filters, best match first.

    All words must occur, regardless of case and accents; words of four or more letters also match longer words that
    begin with them.

    "two words": exact phrase. mig*: any word that begins with mig.

    one OR other: at least one of the two. title:word, content:word: only in the title, only in the content.

    -word: must not occur; put -- before a query that begins with a dash.

    If there are more than 2,000 matches, only the newest 2,000 are ranked. Phrases are found in the first 16,383 words.

    Examples:
        blogcli post search 'sqlite "full text" -fts4' --tag python --since 2024-01-01
        blogcli post search 'title:release OR changelog' --limit 5
        blogcli post search migrat --format ids | blogcli post tag add database --from -
    """
    choice, settings, text = printing.choice(invocation), invocation.settings, " ".join(query or []).strip()
    paging.check(choice)
    if paging.after and (ranking.offset or (text and ranking.by_score)):
        raise UsageError("--after goes with --sort, and without --offset", hint="Go on with --offset.")
    listing = ranking.listing(default_limit=default_limit(invocation, choice))
    selection = filters.selection(settings, **listing, after=paging.after)
    if choice.format is OutputFormat.COUNT:
        invocation.console.write([f"{run(settings, services.posts.search.count_found, text, selection)}\n"])
    else:
        _print_hits(invocation, text, selection, choice, by_score=ranking.by_score, page_info=paging.page_info)


def _print_hits(
    invocation: Invocation, text: str, selection: "PostSelection", choice: Choice, *, by_score: bool, page_info: bool
) -> None:
    settings, with_snippets = invocation.settings, _shows_snippets(choice)
    if is_streamed(invocation, choice, limit=selection.limit, page_info=page_info):
        service = partial(services.posts.search.stream_hits, by_score=by_score, with_snippets=with_snippets)
        batches = stream(settings, service, text, selection, on_fault=warn_of_faults(invocation))
        print_stream(invocation, batches, POST_HITS, choice, noun="post", counted=bool(text))
        return
    page = run(
        settings,
        services.posts.search.search_posts,
        text,
        selection,
        by_score=by_score,
        with_snippets=with_snippets,
        with_total=bool(text) or page_info or invocation.console.stdout_is_terminal,
        on_fault=warn_of_faults(invocation),
    )
    console = invocation.console
    if text and choice.format_for(console) is OutputFormat.TABLE and not choice.fields and not choice.field:
        records = [hit.model_dump(mode="json", warnings=False) for hit in page.items]
        output.tables.show_hits(console, records, zone=invocation.settings.zone, pager=choice.pager)
        tell_extent(invocation, page, noun="post", counted=True)
    else:
        print_page(invocation, page, POST_HITS, choice, noun="post", counted=bool(text), page_info=page_info)


def _shows_snippets(choice: Choice) -> bool:
    if choice.field or choice.fields:
        return "snippet" in (choice.field, *(choice.fields or ()))
    return choice.format is not OutputFormat.IDS
