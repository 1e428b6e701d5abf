"""Tests of dates and times as values of options, and of their format in messages."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

BERLIN = "Europe/Berlin"


@cli_snapshot
def dated(cli: Cli) -> None:
    """Create a post that was published on Friday, 31 May 2024, at 18:00 UTC."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    options = ("--status", "published", "--published-at", "2024-05-31T18:00")
    cli.ok("post", "create", "--title", "One", "--author", "1", *options)


def test_list_date_without_time_includes_whole_period(dated: Cli) -> None:
    for day in ("2024-05-31", "20240531", "2024-W22-5", "2024W225", "31 May 2024", "2024-05", "2024-W22", "2024"):
        assert dated.ok("post", "list", "--since", day, "--until", day, "--format", "count").stdout == "1\n"
    for day in ("20240530", "2024-W21", "2024-04", "2023"):
        assert dated.ok("post", "list", "--until", day, "--format", "count").stdout == "0\n"
    for day in ("20240601", "2024-W23", "2024-06", "2025", "-3d", "last week"):
        assert dated.ok("post", "list", "--since", day, "--format", "count").stdout == "0\n"
    assert dated.ok("post", "list", "--until", "9999-12-31T23:59:59.999999Z", "--format", "count").stdout == "1\n"


def test_schedule_message_uses_configured_time_zone(dated: Cli) -> None:
    message = "Scheduled post 1 (one) for Mon 2035-12-03 09:00 Europe/Berlin; 1 published post taken offline.\n"
    for text in ("2035-12-03 9:00", "2035-12-03T08:00Z", "Mon 2035-12-03 09:00 Europe/Berlin", "3 dec 2035 at 9am"):
        assert dated.ok("post", "schedule", "one", "--at", text, BLOGCLI_TIMEZONE=BERLIN).stderr in (
            message,
            "Nothing to do: 1 post unchanged.\n",
        )
    assert dated.json("post", "show", "one")["published_at"] == "2035-12-03T08:00:00Z"
    relative = dated.ok("post", "schedule", "one", "--at", "tomorrow 09:00", BLOGCLI_TIMEZONE=BERLIN).stderr
    assert relative.endswith(" 09:00 Europe/Berlin.\n")
    past = dated("post", "schedule", "one", "--at", "2024-07-01T09:00", BLOGCLI_TIMEZONE=BERLIN)
    assert (past.exit_code, past.stderr.splitlines()[0]) == (
        2,
        "Error: Mon 2024-07-01 09:00 Europe/Berlin is in the past",
    )


@pytest.mark.parametrize("when", ["", " ", "monday", "03/04/2024", "2035-03-25 02:30", "2035-10-28 02:30", "+9999999d"])
def test_invalid_or_ambiguous_time_is_usage_error(dated: Cli, when: str) -> None:
    for command in (
        ("post", "schedule", "one", "--at", when),
        ("post", "update", "one", "--published-at", when),
        ("post", "publish-due", "--now", when),
    ):
        refused = dated(*command, "--dry-run", BLOGCLI_TIMEZONE=BERLIN)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 2)


def test_list_accepts_ambiguous_time_as_bound(dated: Cli) -> None:
    for when in (("--since", "2024-10-27 02:30"), ("--until", "2024-10-27 02:30")):
        dated.ok("post", "list", *when, BLOGCLI_TIMEZONE=BERLIN)
    assert dated("post", "list", "--since", "2024-03-31 02:30", BLOGCLI_TIMEZONE=BERLIN).exit_code == 2
