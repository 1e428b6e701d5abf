"""Lists, figures and streams, beside hand-written SQL through the bare driver.

    python benchmarks/listing.py [--sizes 10000,100000,1000000] [--engines sqlite,postgresql] [--json]

Lists and figures are measured inside an open session; streams as whole processes, on SQLite beside `plain_stream.py`.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path
from typing import Any

from blogs import Place, arguments, places
from measure import Row, compare, opened, show

from blogcli.enums import PostStatus
from blogcli.schemas.posts import PostSelection
from blogcli.services.posts.query import list_posts
from blogcli.services.stats import overview

_PAGE = 20
FILTERED: dict[str, Any] = {"tags": ["tag-1"], "authors": ["author-1@example.org"], "statuses": [PostStatus.PUBLISHED]}
_TAGS = {"sqlite": "group_concat(t.name, ',')", "postgresql": "string_agg(t.name, ',')"}
_LIST = """
    SELECT p.id, p.uuid, p.title, p.slug, p.status, u.email, p.excerpt, p.words,
    p.published_at, p.created_at, p.updated_at, p.trashed_at,
    (SELECT {tags} FROM tags t JOIN post_tags pt ON pt.tag_id = t.id WHERE pt.post_id = p.id)
    FROM posts p JOIN users u ON u.id = p.author_id
    WHERE p.trashed_at IS NULL {where}
    ORDER BY coalesce(p.published_at, p.created_at) DESC, p.id DESC LIMIT 20
"""
_FILTERED = """
    AND p.author_id = 1 AND p.status = 'published'
    AND EXISTS (SELECT 1 FROM post_tags x WHERE x.post_id = p.id AND x.tag_id = 1)
"""
_PLACE = """
    SELECT coalesce(p.published_at, p.created_at), p.id FROM posts p WHERE p.trashed_at IS NULL {where}
    ORDER BY coalesce(p.published_at, p.created_at) DESC, p.id DESC LIMIT 1 OFFSET {offset}
"""
_BEHIND = """
    AND coalesce(p.published_at, p.created_at) <= {0}
    AND (coalesce(p.published_at, p.created_at) < {0} OR p.id < {1})
"""
_STATS = """
    SELECT count(*) FILTER (WHERE {alive} AND status = 'draft'),
    count(*) FILTER (WHERE {alive} AND status = 'scheduled'),
    count(*) FILTER (WHERE {alive} AND status = 'published'), count(trashed_at),
    sum(length(content)) FILTER (WHERE {alive}), avg(length(content)) FILTER (WHERE {alive}),
    sum(words) FILTER (WHERE {alive}), avg(words) FILTER (WHERE {alive}) FROM posts
""".replace("{alive}", "trashed_at IS NULL")


async def lists(place: Place, rounds: int) -> AsyncIterator[Row]:
    """Pages at the start and far behind it, by tag, author and status, and of everything; and the overview."""
    async with opened(place) as blog:
        sessions, query = blog.sessions, blog.query
        for name, values, where in (("tag, author, status", FILTERED, _FILTERED), ("all posts", {}, "")):
            first = PostSelection(limit=_PAGE, **values)
            # As many pages as there are, of everything 40,000 of a million posts.
            total = (await list_posts(sessions, first, with_total=True)).total or 0
            far = min(total - _PAGE, place.posts * 4 // 5)
            listing = _LIST.format(tags=_TAGS[place.engine], where=where)
            ours = partial(list_posts, sessions, first)
            check = partial(compare, place=place, rounds=rounds)
            bare = await blog.alone(ours)
            yield await check(f"{name}: page 1", ours=ours, floor=query(listing), bare=bare, target=1.3)
            cursor = (await list_posts(sessions, replace(first, limit=1, offset=far - 1))).next
            ((date, id_),) = await query(_PLACE.format(where=where, offset=far - 1))()
            marks = ("?1", "?2") if place.engine == "sqlite" else ("$1", "$2")
            behind = _BEHIND.format(*marks) + where
            deep = partial(list_posts, sessions, replace(first, after=cursor))
            floor = query(_LIST.format(tags=_TAGS[place.engine], where=behind), [date, id_])
            bare = await blog.alone(deep)
            yield await check(f"{name}: page {far // _PAGE:,}", ours=deep, floor=floor, bare=bare, target=1.3)
            yield await check(f"{name}: that page / page 1, both ours", ours=deep, floor=ours)
        figures = partial(overview, sessions, PostSelection(), zone=UTC)
        few = _few(place, rounds)
        floor = query(_STATS)
        yield await compare("stats overview", place, figures, floor, target=1.5, rounds=few, uncounted=1)


def _few(place: Place, rounds: int) -> int:
    """So many rounds of what takes longer the more posts there are."""
    return max(1, min(rounds, rounds * 10_000 // place.posts))


def stream(place: Place, rounds: int) -> Row:
    """All posts as JSON Lines: the ratio is that of the times, so 2 is half as many a second."""
    blogcli = str(Path(sys.executable).with_name("blogcli"))
    ours = [blogcli, "--database-url", place.url, "post", "list", "--limit", "0", "--format", "jsonl"]
    floor = [sys.executable, str(Path(__file__).with_name("plain_stream.py")), place.url]
    few = _few(place, rounds)
    pairs = [(_seconds(ours), _seconds(floor)) for _ in range(few)]
    ratio = sorted(one / other for one, other in pairs)[few // 2]
    one, other = sorted(pairs)[few // 2]
    what = f"post list as JSON Lines, {_peak(ours):.0f} MB at the peak"
    return Row(what, place.engine, place.posts, one * 1_000, other * 1_000, ratio, bare=None, target=2)


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _peak(command: list[str]) -> float:
    """The most memory that a process needs, in megabytes; asked by a small one, whose own does not count then."""
    ask = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
    ask += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    asked = subprocess.run([sys.executable, "-c", ask, *command], check=True, capture_output=True)
    return int(asked.stdout) / 1024


async def main() -> None:
    """Measure every blog."""
    options = arguments(__doc__)
    rows: list[Row] = []
    for place in await asyncio.to_thread(lambda: list(places(options))):
        rows += [row async for row in lists(place, options.rounds)]
        if place.engine == "sqlite":
            rows.append(await asyncio.to_thread(stream, place, options.rounds))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    asyncio.run(main())
