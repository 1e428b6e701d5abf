"""Changes of many posts, and changes with a loss, are confirmed on a terminal and nowhere else."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

NOT_CONFIRMED, CONFLICT = 4, 6
MANY = 11
TAG = ("post", "tag", "add", "new")


@cli_snapshot
def filled(cli: Cli) -> None:
    """Eleven published posts, and a draft."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    create = ("post", "create", "--author", "ann@example.org", "--content", "Some words")
    for number in range(1, MANY + 1):
        cli.ok(*create, "--title", f"Post {number}", "--status", "published", "--published-at", "2018-05-01")
    cli.ok(*create, "--title", "A draft")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ((*TAG, "--all"), "Update 12 posts (A draft, Post 11, Post 10, ...), in "),
        (("post", "unpublish", "--all"), "Unpublish 11 posts (Post 11, Post 10, Post 9, ...), in "),
        (
            ("post", "delete", "--status", "published"),
            "Move 11 posts (Post 11, Post 10, Post 9, ...) to the trash, in ",
        ),
        (("post", "delete", "--purge", "1", "2"), "Permanently delete 2 posts (Post 1, Post 2), in "),
        (("post", "delete", "--purge", "--status", "draft"), "Permanently delete 1 post (A draft), in "),
        (("post", "expire", "--all", "--at", "2099-01-01"), "Unpublish 12 posts (A draft, Post 11, Post 10, ...), in "),
        (("post", "update", "1", "--content", ""), "Update 1 post (Post 1); 1 post will be left without text, in "),
        (
            ("post", "update", "1", "--published-at", "2099-01-01"),
            "Update 1 post (Post 1); 1 post will be taken offline, in ",
        ),
        (
            ("post", "update", "--by", "ann@example.org", "--title", "T"),
            "Update 12 posts (a-draft, post-11, post-10, ...), in ",
        ),
        (
            ("post", "schedule", "1", "--at", "2099-01-01"),
            "Schedule 1 post (Post 1); 1 post will be taken offline, in ",
        ),
    ],
)
def test_a_person_is_asked(filled: Cli, line: tuple[str, ...], expected: str) -> None:
    before = filled.json("post", "list")
    result = filled(*line, terminal=True, stdin="n\n")
    assert result.exit_code == NOT_CONFIRMED
    assert result.stderr.startswith(expected)
    assert filled.json("post", "list") == before
    assert filled(*line, terminal=True, stdin="y\n").exit_code == 0
    assert filled.json("post", "list") != before


@pytest.mark.parametrize(
    "line",
    [
        (*TAG, "--status", "draft"),
        (*TAG, *(str(number) for number in range(1, 11))),
        (*TAG, "--all", "--yes"),
        (*TAG, "--all", "--dry-run"),
        ("post", "unpublish", "1"),
        ("post", "delete", "1"),
        ("post", "schedule", "12", "--at", "2099-01-01"),
        ("post", "publish", "--all"),
        ("post", "update", "1", "--content", "Other words", "--published-at", "2017-01-01"),
        ("post", "update", "1", "--title", "Other"),
    ],
)
def test_nobody_is_asked_about_little(filled: Cli, line: tuple[str, ...]) -> None:
    result = filled(*line, terminal=True)
    assert result.exit_code == 0
    assert "[y/N]" not in result.stderr


def test_without_a_terminal_nobody_is_asked(filled: Cli) -> None:
    assert len(filled.ok(*TAG, "--all").lines) == MANY + 1
    assert filled.ok("post", "schedule", "1", "--at", "2099-01-01").stderr == (
        "Scheduled post 1 (post-1) for Thu 2099-01-01 00:00 UTC; 1 published post taken offline.\n"
    )
    assert filled("post", "delete", "--purge", "2").exit_code == NOT_CONFIRMED


def test_a_post_that_was_scheduled_anew_gets_its_date_back(filled: Cli) -> None:
    filled.ok("post", "schedule", "1", "--at", "2099-01-01")
    filled.ok("post", "publish", "1")
    assert filled.json("post", "show", "1")["published_at"] == "2018-05-01T00:00:00Z"


@pytest.mark.parametrize(
    "line", [TAG, ("post", "unpublish"), ("post", "delete"), ("post", "delete", "--purge", "--yes")]
)
def test_the_settings_limit_how_much_changes(filled: Cli, line: tuple[str, ...]) -> None:
    before = filled.json("post", "list")
    refused = filled(*line, "--all", BLOGCLI_MAX_AFFECTED="10")
    assert refused.exit_code == CONFLICT
    assert refused.stderr.startswith("Error: More than 10 posts would change; nothing did")
    assert filled.json("post", "list") == before
    filled.ok(*line, "--all", "--max-affected", "100", BLOGCLI_MAX_AFFECTED="10")


def test_a_dry_run_on_a_terminal_lists_what_would_change(filled: Cli) -> None:
    result = filled("post", "unpublish", "--all", "--dry-run", terminal=True, COLUMNS="80")
    assert result.stderr == "Would unpublish 11 posts; 1 unchanged.\n"
    assert [f"Post {number}" in result.stdout for number in (1, 11)] == [True, True]


def test_expired_posts_are_unpublished_when_publications_are_due(filled: Cli) -> None:
    filled.ok("post", "expire", "1", "2", "--at", "2030-01-01")
    filled.ok("post", "expire", "2", "--never")
    filled.ok("post", "schedule", "12", "--at", "2029-01-01")
    assert filled.ok("post", "publish-due", "--now", "2028-12-31").stderr == "Nothing to do.\n"
    due = filled.ok("post", "publish-due", "--now", "2030-01-01")
    assert due.stderr == "Changed 2 posts: 1 post published, 1 post unpublished.\n"
    statuses = [filled.json("post", "show", str(id_))["status"] for id_ in (1, 2, 12)]
    assert statuses == ["draft", "published", "published"]
    assert filled.ok("post", "publish-due", "--now", "2031-01-01").stderr == "Nothing to do.\n"


def test_a_post_that_is_due_and_has_expired_is_not_published(filled: Cli) -> None:
    filled.ok("post", "schedule", "12", "--at", "2029-01-01")
    filled.ok("post", "expire", "12", "--at", "2029-06-01")
    assert (
        filled.ok("post", "publish-due", "--now", "2030-01-01").stderr == "Unpublished post 12 (a-draft) (expired).\n"
    )


@pytest.mark.parametrize("options", [(), ("--at", "2030-01-01", "--never"), ("--at", "2001-01-01")])
def test_expiry_needs_one_time_to_come(filled: Cli, options: tuple[str, ...]) -> None:
    assert filled("post", "expire", "1", *options).exit_code == 2
