"""Tests of `blogcli schedule next`."""

import csv
import io
import json

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

TITLE = "[bold]x[/bold]\x1b]0;t\x07\u202e=1+1"
FIELDS = ["due_at", "event", "id", "title", "slug", "status", "author"]
BERLIN = "Europe/Berlin"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create twelve scheduled posts, of which the first one expires after the second one was published."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    create = ("post", "create", "--author", "ann@example.org", "--status", "scheduled")
    for day in range(1, 13):
        cli.ok(*create, "--title", TITLE, "--slug", f"post-{day}", "--published-at", f"2090-01-{day:02}T23:30Z")
    cli.ok("post", "expire", "post-1", "--at", "2090-01-03T00:00Z")


def test_next_prints_events_in_order_of_time(blog: Cli) -> None:
    records = blog.json("schedule", "next")
    assert len(records) == 10
    assert [(record["id"], record["event"]) for record in records[:4]] == [
        (1, "publish"), (2, "publish"), (1, "unpublish"), (3, "publish"),
    ]  # fmt: skip
    assert records[2] == {
        "due_at": "2090-01-03T00:00:00Z",
        "event": "unpublish",
        "id": 1,
        "title": TITLE,
        "slug": "post-1",
        "status": "scheduled",
        "author": "ann@example.org",
    }
    assert list(records[0]) == FIELDS


@pytest.mark.parametrize("limit", ["2", "0", "100"])
def test_next_prints_same_events_in_every_format(blog: Cli, limit: str) -> None:
    line = ("schedule", "next", "--limit", limit)
    records = blog.json(*line)
    assert len(records) == (2 if limit == "2" else 13)
    assert [json.loads(text) for text in blog.ok(*line, "--format", "jsonl").lines] == records
    rows = list(csv.DictReader(io.StringIO(blog.ok(*line, "--format", "csv").stdout, newline="")))
    assert [{**row, "id": int(row["id"])} for row in rows] == records
    assert blog.ok(*line, "--format", "ids").lines == [str(record["id"]) for record in records]
    assert blog.ok(*line, "--field", "due_at").lines == [record["due_at"] for record in records]
    assert blog.ok(*line, "--format", "yaml").stdout.count("event: ") == len(records)
    assert blog.ok(*line, "--format", "count").stdout == "13\n"
    assert len(blog.ok(*line).lines) == len(records)
    assert len(blog.ok(*line, "--format", "table").lines) == len(records) + 2


def test_next_on_terminal_prints_local_times_and_number_of_events(blog: Cli) -> None:
    shown = blog("--no-color", "schedule", "next", "--no-pager", terminal=True, COLUMNS="150", BLOGCLI_TIMEZONE=BERLIN)
    assert shown.stdout.splitlines()[2].startswith("2090-01-02 00:30   publish")
    assert shown.stderr == "10 of 13; --limit 0 for all\n"
    assert not set(shown.stdout) & set("\x1b\x07\u202e")
    everything = blog("schedule", "next", "--limit", "0", "--no-pager", terminal=True)
    assert everything.stderr == "13 events\n"


def test_next_without_posts_prints_nothing(cli: Cli) -> None:
    assert cli.json("schedule", "next") == []
    assert cli.ok("schedule", "next").stdout == ""
    assert cli.ok("schedule", "next", "--format", "count").stdout == "0\n"
    shown = cli("schedule", "next", terminal=True)
    assert (shown.exit_code, shown.stderr) == (0, "0 events\n")


def test_publish_due_makes_events_of_schedule(blog: Cli) -> None:
    for record in blog.json("schedule", "next", "--limit", "4"):
        planned = blog.ok("post", "publish-due", "--now", record["due_at"])
        assert planned.stdout == f"{record['id']}\n"
        assert planned.stderr.startswith("Published" if record["event"] == "publish" else "Unpublished")
