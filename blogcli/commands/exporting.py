"""`blogcli export`: the blog, or a part of it, in other forms."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from .. import services
from ..enums import PostSort
from ..runner import stream
from . import candidates
from .invocation import Flag, Invocation, command
from .outputs import write_file
from .selections import Filters, Order

app = typer.Typer()


class OldestFirst(Order):
    """In what order posts are written."""

    sort: Annotated[
        str | None,
        Option("--sort", help="Sort by a field; -FIELD turns it round.", **candidates.sorted_by(PostSort)),
    ] = "id"


@command(app, "jsonl")
def jsonl(
    invocation: Invocation,
    filters: Filters,
    order: OldestFirst,
    target: Annotated[Path, Argument(metavar="FILE", help="Where to; - is stdout, .gz compresses.")] = Path("-"),
    with_hashes: Annotated[bool, Flag("--with-hashes", help="With the hashes of passwords.")] = False,
) -> None:
    """Write people, tags and posts as JSON Lines, the format in which nothing is lost.

    Example: blogcli export jsonl blog.jsonl.gz
    """
    selection = filters.selection(invocation.settings, **order.listing())
    counts: Counter[str] = Counter()
    service = partial(services.exporting.export_jsonl, with_hashes=with_hashes)

    def texts() -> Iterator[str]:
        for part in stream(invocation.settings, service, selection):
            counts.update(posts=part.posts, users=part.users, tags=part.tags)
            yield part.text

    write_file(invocation, target, texts(), private=with_hashes)
    what = f"{counts['posts']:,} posts, {counts['users']:,} users and {counts['tags']:,} tags"
    invocation.console.say(f"Exported {what}.")
