"""Tests of `blogcli post schedule` with the options --slots and --every."""

from datetime import UTC, datetime

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

USAGE = 2
BERLIN = "Europe/Berlin"
WEEKLY = ("--at", "2090-01-02 09:00", "--every", "1w")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create four drafts, of which the titles contain control characters and markup."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for number in range(1, 5):
        title = f"[bold]{number}\x1b[31m\u202e"
        cli.ok("post", "create", "--title", title, "--slug", f"post-{number}", "--author", "ann@example.org")


def dates(cli: Cli) -> list[str | None]:
    return [post["published_at"] for post in cli.json("post", "list", "--sort", "id")]


def test_posts_get_times_in_given_order(blog: Cli) -> None:
    result = blog.ok("post", "schedule", "post-3", "1", *WEEKLY)
    assert result.lines == ["3", "1"]
    assert result.stderr == (
        "3 (post-3): Mon 2090-01-02 09:00 UTC\n1 (post-1): Mon 2090-01-09 09:00 UTC\nScheduled 2 posts.\n"
    )
    assert dates(blog) == ["2090-01-09T09:00:00Z", None, "2090-01-02T09:00:00Z", None]
    again = blog.ok("post", "schedule", "post-3", "1", *WEEKLY)
    assert (again.stdout, again.stderr) == ("", "Nothing to do: 2 posts unchanged.\n")


def test_times_of_other_scheduled_posts_are_skipped(blog: Cli) -> None:
    blog.ok("post", "schedule", "1", "2", *WEEKLY)
    result = blog.ok("post", "schedule", "4", *WEEKLY)
    assert result.stderr == (
        "Skipped 2 slots of other scheduled posts.\nScheduled post 4 (post-4) for Mon 2090-01-16 09:00 UTC.\n"
    )
    assert blog.ok("--quiet", "post", "schedule", "3", *WEEKLY).stderr == ""


def test_slots_are_in_future_and_in_time_zone(blog: Cli) -> None:
    blog.ok(
        "post",
        "schedule",
        "--status",
        "draft",
        "--sort",
        "id",
        "--slots",
        "MO,WE,FR 09:00",
        BLOGCLI_TIMEZONE="Asia/Tokyo",
    )
    times = [datetime.fromisoformat(str(date)) for date in dates(blog)]
    assert sorted(times) == times
    assert times[0] > datetime.now(UTC)
    assert {(time.hour, time.minute, time.second) for time in times} == {(0, 0, 0)}
    assert {time.weekday() for time in times} == {0, 2, 4}
    rule = "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=9"
    repeated = blog.ok("post", "schedule", "1", "2", "3", "4", "--slots", rule, BLOGCLI_TIMEZONE="Asia/Tokyo")
    assert repeated.stderr == "Nothing to do: 4 posts unchanged.\n"


def test_change_of_clocks_is_explained(blog: Cli) -> None:
    daily = ("--at", "2030-03-30 02:30", "--every", "1d", "--dry-run")
    result = blog.ok("post", "schedule", "1", "2", "3", *daily, BLOGCLI_TIMEZONE=BERLIN)
    assert result.stderr.splitlines()[0] == (
        "There is no 2030-03-31 02:30 in Europe/Berlin, because the clocks go forward; 2030-03-31 03:30 is used."
    )
    assert "2 (post-2): Sun 2030-03-31 03:30 Europe/Berlin\n" in result.stderr
    assert "3 (post-3): Mon 2030-04-01 02:30 Europe/Berlin\n" in result.stderr
    # A time that is typed is refused, because the user can correct it.
    refused = blog("post", "schedule", "1", "--at", "2030-03-31 02:30", "--every", "1d", BLOGCLI_TIMEZONE=BERLIN)
    assert refused.exit_code == USAGE


def test_dry_run_shows_times_and_changes_nothing(blog: Cli) -> None:
    line = ("post", "schedule", "1", "2", *WEEKLY, "--dry-run")
    assert "2 (post-2): Mon 2090-01-09 09:00 UTC\nWould schedule 2 posts.\n" in blog.ok(*line).stderr
    assert blog.json(*line, "--fields", "id,published_at") == [
        {"id": 1, "published_at": "2090-01-02T09:00:00Z"},
        {"id": 2, "published_at": "2090-01-09T09:00:00Z"},
    ]
    shown = blog("--no-color", *line, "--no-pager", terminal=True, COLUMNS="120")
    assert "2090-01-09 09:00" in shown.stdout
    assert shown.stderr == "Would schedule 2 posts.\n"
    assert not set(shown.stdout) & set("\x1b\u202e")
    assert dates(blog) == [None] * 4


def test_message_lists_only_first_posts(blog: Cli) -> None:
    blog.ok("db", "seed", "--force", "--posts", "30")
    lines = blog.ok("post", "schedule", "--all", *WEEKLY, "--sort", "id").stderr.splitlines()
    assert lines[0] == "1 (post-1): Mon 2090-01-02 09:00 UTC"
    assert lines[20] == "... and 14 more"
    assert lines[21].startswith("Scheduled 34 posts")


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--at", "tomorrow", "--slots", "09:00"),
        ("--slots", "09:00", "--every", "1d"),
        ("--every", "1d"),
        ("--at", "tomorrow", "--every", "1m"),
        ("--at", "tomorrow", "--every", "0d"),
        ("--at", "yesterday", "--every", "1d"),
        ("--at", "tomorroww", "--every", "1d"),
        ("--slots", "MO"),
        ("--slots", "FREQ=DAILY;COUNT=3"),
        ("--slots", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        ("--slots", "\udc80"),
    ],
)
def test_invalid_options_are_usage_errors(blog: Cli, options: tuple[str, ...]) -> None:
    result = blog("post", "schedule", "1", *options)
    assert (result.exit_code, result.stdout) == (USAGE, "")
    assert "Hint: " in result.stderr
    assert dates(blog) == [None] * 4


def test_taking_posts_offline_needs_confirmation_on_terminal(blog: Cli) -> None:
    blog.ok("post", "publish", "1")
    declined = blog("post", "schedule", "1", *WEEKLY, terminal=True, stdin="n\n")
    assert declined.exit_code == 4
    assert "1 post will be taken offline" in declined.stderr
    confirmed = blog("post", "schedule", "1", *WEEKLY, terminal=True, stdin="y\n")
    assert "Scheduled post 1 (post-1) for Mon 2090-01-02 09:00 UTC" in confirmed.stderr
