"""Tests of `blogcli stats`."""

import json
import sqlite3
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from tests.command_line import Cli
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create two posts by Ann that were published in the same year, and a draft by Bob."""
    for name in ("ann", "bob"):
        cli.ok("user", "create", f"{name}@example.org", "--no-password")
    for title, name, content, options in (
        ("One", "ann", "a b c", ("--tag", "x", "--tag", "y", "--status", "published", "--published-at", "2020-01-01")),
        ("Two", "ann", "d e", ("--tag", "x", "--status", "published", "--published-at", "2020-02-03")),
        ("Three", "bob", "", ()),
    ):
        cli.ok("post", "create", "--title", title, "--author", f"{name}@example.org", "--content", content, *options)


def test_overview_json_has_fields_in_order(blog: Cli) -> None:
    figures = blog.json("stats", "overview")
    assert list(figures.items()) == [
        ("users_active", 2),
        ("users_inactive", 0),
        ("posts_draft", 1),
        ("posts_scheduled", 0),
        ("posts_published", 2),
        ("posts_trashed", 0),
        ("tags", 2),
        ("characters_total", 8),
        ("characters_average", pytest.approx(8 / 3, abs=0.1)),
        ("words_total", 5),
        ("words_average", pytest.approx(5 / 3, abs=0.1)),
        ("this_month", 0),
        ("last_month", 0),
    ]


@pytest.mark.parametrize(
    ("filters", "unfiltered"),
    [
        (("--tag", "x"), ("users_active", "users_inactive", "tags")),
        (("--status", "published"), ("users_active", "users_inactive", "tags")),
        (("--since", "2020-01-15"), ("users_active", "users_inactive", "tags", "this_month", "last_month")),
        (("--until", "2020-01-15"), ("users_active", "users_inactive", "tags", "this_month", "last_month")),
        ((), ()),
    ],
)
def test_overview_with_filters_omits_unfiltered_figures(
    blog: Cli, filters: tuple[str, ...], unfiltered: tuple[str, ...]
) -> None:
    figures = blog.json("stats", "overview", *filters)
    assert tuple(name for name, value in figures.items() if value is None) == unfiltered
    titles = [line.split("  ")[0] for line in blog.ok("stats", "overview", *filters, "--format", "table").lines]
    shown = [name.replace("_", " ").capitalize() for name in figures if name not in unfiltered]
    assert titles == shown


def test_characters_are_counted_by_every_command_that_writes_content(blog: Cli, tmp_path: Path) -> None:
    text = "e\u0301 \U0001f469\u200d\U0001f680 \u4f60\u597d"
    blog.ok("post", "create", "--title", "Four", "--author", "1", "--content", text)
    blog.ok("post", "update", 1, "--content", text * 2)
    records = [json.loads(line) for line in blog.ok("export", "jsonl").lines]
    posts = [record for record in records if record["type"] == "post"]
    posts[1]["content"] = text * 3
    records.append(
        {"type": "post", "uuid": str(uuid4()), "title": "Five", "author": "ann@example.org", "content": text * 4}
    )
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records))
    blog.ok("import", "jsonl", str(file), "--on-conflict", "update")
    blog.ok("db", "seed", "--force", "--posts", 20)
    rows = fetch(blog.url, "SELECT characters, content, trashed_at FROM posts ORDER BY id")
    assert [row[0] for row in rows[:5]] == [len(text) * number for number in (2, 3, 0, 1, 4)]
    assert [row[0] for row in rows] == [len(row[1]) for row in rows]
    total = sum(row[0] for row in rows if row[2] is None)
    assert blog.json("stats", "overview")["characters_total"] == total
    assert blog.json("db", "check") == []


def test_characters_cannot_be_set(blog: Cli) -> None:
    with pytest.raises((sqlite3.OperationalError, asyncpg.GeneratedAlwaysError)):
        execute(blog.url, "UPDATE posts SET characters = 1")


def test_overview_prints_one_field_of_selection(blog: Cli) -> None:
    assert blog.ok("stats", "overview", "--tag", "y", "--field", "words_total").stdout == "3\n"
    assert blog("stats", "overview", "--fields", "nothing").exit_code == 2


EXPECTED: dict[str, dict[str, tuple[int, int]]] = {
    "author": {"ann@example.org": (2, 5), "bob@example.org": (1, 0)},
    "tag": {"x": (2, 5), "y": (1, 3)},
    "status": {"draft": (1, 0), "published": (2, 5)},
    "day": {"2020-01-01": (1, 3), "2020-02-03": (1, 2)},
    "week": {"2020-W01": (1, 3), "2020-W06": (1, 2)},
    "month": {"2020-01": (1, 3), "2020-02": (1, 2)},
    "year": {"2020": (2, 5)},
}


def bounds_of(group: str) -> tuple[str, ...]:
    """Return command-line options that make 2020 the end of the reported range, or none if `group` is not a period.

    Without these options, the range would extend to today, because the draft was created today.
    """
    return ("--until", "2020-12-31") if group in ("day", "week", "month", "year") else ()


@pytest.mark.parametrize("group", EXPECTED)
def test_posts_by_group_counts_posts_and_words(blog: Cli, group: str) -> None:
    rows: list[dict[str, Any]] = blog.json("stats", "posts", "--by", group, *bounds_of(group))
    assert all(list(row) == [group, "posts", "words"] for row in rows)
    assert {row[group]: (row["posts"], row["words"]) for row in rows if row["posts"]} == EXPECTED[group]


@pytest.mark.parametrize(("group", "count"), [("day", 2), ("week", 2), ("month", 2), ("year", 1)])
def test_posts_of_year_are_grouped_by_period(blog: Cli, group: str, count: int) -> None:
    rows = blog.json("stats", "posts", "--by", group, "--year", "2020")
    names = [row[group] for row in rows]
    assert (len(names), names) == (count, sorted(set(names)))
    assert (rows[0]["posts"], rows[-1]["posts"]) in ((1, 1), (2, 2))


@pytest.mark.parametrize(("group", "count"), [("month", 14), ("year", 2)])
def test_posts_by_period_include_empty_months_and_years(blog: Cli, group: str, count: int) -> None:
    blog.ok("post", "create", "--title", "Later", "--author", "1", "--published-at", "2021-02-01")
    rows = blog.json("stats", "posts", "--by", group, "--until", "2021-12-31")
    names = [row[group] for row in rows]
    assert (len(names), names) == (count, sorted(set(names)))
    assert not any(row["posts"] or row["words"] for row in rows[2:-1])


@pytest.mark.parametrize("group", ["day", "week", "month"])
def test_posts_over_long_span_omit_empty_periods(blog: Cli, group: str) -> None:
    for number, day in enumerate(("0001-01-01", "9999-12-31")):
        blog.ok("post", "create", "--title", str(number), "--author", "1", "--content", "x", "--published-at", day)
    assert len(blog.json("stats", "posts", "--by", group)) == 5
    rows = blog.json("stats", "posts", "--by", "year", "--until", "1000-01-01")
    assert [row["year"] for row in rows] == ["0001"]


def test_posts_with_sort_and_limit(blog: Cli) -> None:
    def groups(*options: str) -> list[str]:
        return [row["tag"] for row in blog.json("stats", "posts", "--by", "tag", *options)]

    assert groups("--sort", "posts") == groups("--sort=-tag") == groups("--sort", "-group") == ["y", "x"]
    assert groups("--sort=-words", "--limit", "1") == groups("--limit", "1") == ["x"]
    assert groups("--limit", "0") == ["x", "y"]
    shown = blog("stats", "posts", "--by", "tag", "--limit", "1", terminal=True)
    assert shown.stderr == "1 of 2; --limit 0 for all\n"
    assert blog("stats", "posts", "--by", "tag", "--sort", "month").exit_code == 2
    for bound in (("--since", "2020-01-01"), ("--until", "2020-01-01")):
        assert blog("stats", "posts", "--by", "tag", "--year", "2020", *bound).exit_code == 2


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_bounds_at_ends_of_calendar_are_valid(blog: Cli, option: str) -> None:
    for when in ("9999-12-31T23:59:59.999999Z", "9999-12-31", "0001-01-01", "0001-01-01T00:00:00Z"):
        for command in (("stats", "overview"), ("stats", "posts", "--by", "day"), ("post", "list")):
            assert blog(*command, option, when).exit_code == 0
    for when in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"):
        assert blog("stats", "overview", option, when).exit_code == 2


@pytest.mark.parametrize("group", EXPECTED)
def test_posts_on_terminal_are_shown_as_bars(blog: Cli, group: str) -> None:
    result = blog(
        *("stats", "posts", "--by", group, "--no-pager", *bounds_of(group)),
        terminal=True,
        COLUMNS="80",
        TERM="dumb",
        NO_COLOR="1",
    )
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    maximum = max(posts for posts, _ in EXPECTED[group].values())
    for name, (posts, _) in EXPECTED[group].items():
        (line,) = [line for line in result.lines if line.split()[:1] == [name]]
        assert line.count("━") == 30 * posts // maximum


def test_stats_of_empty_blog(cli: Cli) -> None:
    assert cli.json("stats", "posts", "--by", "tag") == []
    assert cli.ok("stats", "overview", "--field", "words_average").stdout in ("0\n", "0.0\n")
    assert cli("stats", "posts", "--by", "mood").exit_code == 2
