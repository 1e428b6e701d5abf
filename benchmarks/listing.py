"""Measure lists, statistics and streams of posts, compared with hand-written SQL that the database driver executes.

    python benchmarks/listing.py [--sizes 10000,100000,1000000] [--engines sqlite,postgresql] [--json]

Lists and statistics are measured in an open session. Streams are measured as whole processes and
only on SQLite. The baseline for streams is `plain_stream.py`.
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

from blogs import BlogDatabase, parse_options, prepare_databases
from measure import Row, compare, open_blog, show

from blogcli.enums import PostStatus
from blogcli.schemas.posts.selection import PostSelection
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
_POSITION = """
    SELECT coalesce(p.published_at, p.created_at), p.id FROM posts p WHERE p.trashed_at IS NULL {where}
    ORDER BY coalesce(p.published_at, p.created_at) DESC, p.id DESC LIMIT 1 OFFSET {offset}
"""
_AFTER = """
    AND coalesce(p.published_at, p.created_at) <= {0}
    AND (coalesce(p.published_at, p.created_at) < {0} OR p.id < {1})
"""
_STATS = """
    SELECT status, count(*), sum(characters), sum(words) FROM posts WHERE trashed_at IS NULL GROUP BY status
    UNION ALL SELECT 'trashed', count(*), 0, 0 FROM posts WHERE trashed_at IS NOT NULL
"""


async def measure_lists(database: BlogDatabase, rounds: int) -> AsyncIterator[Row]:
    """Yield the results for two lists, one with and one without filters, and the result for the statistics.

    For each list, the first page and a late page are measured. The late page begins at an offset of 80 % of the
    number of posts in the database, or contains the last posts of a list that is too short for this offset.
    """
    async with open_blog(database) as blog:
        sessions = blog.sessions
        query = blog.query
        for name, values, where in (("tag, author, status", FILTERED, _FILTERED), ("all posts", {}, "")):
            first = PostSelection(limit=_PAGE, **values)
            # The offset of the late page. With a million posts and without filters, 40,000 pages precede the late page.
            total = (await list_posts(sessions, first, with_total=True)).total or 0
            offset = min(total - _PAGE, database.posts * 4 // 5)
            listing = _LIST.format(tags=_TAGS[database.engine], where=where)
            first_page = partial(list_posts, sessions, first)
            check = partial(compare, database=database, rounds=rounds)
            statements = await blog.record_statements(first_page)
            yield await check(
                f"{name}: page 1", blogcli=first_page, baseline=query(listing), statements=statements, target=1.3
            )
            cursor = (await list_posts(sessions, replace(first, limit=1, offset=offset - 1))).next
            ((date, id_),) = await query(_POSITION.format(where=where, offset=offset - 1))()
            placeholders = ("?1", "?2") if database.engine == "sqlite" else ("$1", "$2")
            after = _AFTER.format(*placeholders) + where
            later_page = partial(list_posts, sessions, replace(first, after=cursor))
            baseline = query(_LIST.format(tags=_TAGS[database.engine], where=after), [date, id_])
            statements = await blog.record_statements(later_page)
            page = f"{name}: page {offset // _PAGE:,}"
            yield await check(page, blogcli=later_page, baseline=baseline, statements=statements, target=1.3)
            yield await check(f"{page} / page 1, both in blogcli", blogcli=later_page, baseline=first_page)
        statistics = partial(overview, sessions, PostSelection(), zone=UTC)
        few_rounds = _limit_rounds(database, rounds)
        baseline = query(_STATS)
        yield await compare(
            "stats overview", database, statistics, baseline, target=1.5, rounds=few_rounds, warm_up_rounds=1
        )


def _limit_rounds(database: BlogDatabase, rounds: int) -> int:
    """Return the number of rounds for a measurement whose time is proportional to the number of posts."""
    return max(1, min(rounds, rounds * 10_000 // database.posts))


def measure_stream(database: BlogDatabase, rounds: int) -> Row:
    """Measure how long writing all posts as JSON Lines takes.

    A ratio of 2 means that blogcli writes half as many posts per second as the baseline.
    """
    program = str(Path(sys.executable).with_name("blogcli"))
    blogcli = [program, "--database-url", database.url, "post", "list", "--limit", "0", "--format", "jsonl"]
    baseline = [sys.executable, str(Path(__file__).with_name("plain_stream.py")), database.url]
    few_rounds = _limit_rounds(database, rounds)
    pairs = [(_measure_time(blogcli), _measure_time(baseline)) for _ in range(few_rounds)]
    ratio = sorted(pair[0] / pair[1] for pair in pairs)[few_rounds // 2]
    blogcli_time, baseline_time = sorted(pairs)[few_rounds // 2]
    name = f"post list as JSON Lines, peak memory {_measure_peak_memory(blogcli):.0f} MB"
    return Row(
        name,
        database.engine,
        database.posts,
        ms=blogcli_time * 1_000,
        baseline_ms=baseline_time * 1_000,
        ratio=ratio,
        statements_ratio=None,
        target=2,
    )


def _measure_time(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _measure_peak_memory(command: list[str]) -> float:
    """Run a command, and return its peak memory in megabytes.

    The recorded peak memory of a process is at least that of the process that starts it. So a small process starts the
    command.
    """
    script = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); "
    script += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    result = subprocess.run([sys.executable, "-c", script, *command], check=True, capture_output=True)
    return int(result.stdout) / 1024


async def main() -> None:
    """Run the measurements on all databases, and print the results."""
    options = parse_options(__doc__)
    rows: list[Row] = []
    for database in await asyncio.to_thread(lambda: list(prepare_databases(options))):
        rows += [row async for row in measure_lists(database, options.rounds)]
        if database.engine == "sqlite":
            rows.append(await asyncio.to_thread(measure_stream, database, options.rounds))
    show(rows, as_json=options.json)


if __name__ == "__main__":
    asyncio.run(main())
