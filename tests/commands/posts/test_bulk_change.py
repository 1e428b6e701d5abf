"""Tests of bulk changes: their confirmation, the limit --max-affected, and expiry dates."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

NOT_CONFIRMED, CONFLICT = 4, 6
PUBLISHED_COUNT = 11
ADD_TAG = ("post", "tag", "add", "new")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create eleven published posts with the ids 1 to 11, and a draft with the id 12."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    create = ("post", "create", "--author", "ann@example.org", "--content", "Some words")
    for number in range(1, PUBLISHED_COUNT + 1):
        cli.ok(*create, "--title", f"Post {number}", "--status", "published", "--published-at", "2018-05-01")
    cli.ok(*create, "--title", "A draft")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((*ADD_TAG, "--all"), "Update 12 posts (A draft, Post 11, Post 10, ...), in "),
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
def test_change_on_a_terminal_asks_for_confirmation(blog: Cli, arguments: tuple[str, ...], expected: str) -> None:
    posts = blog.json("post", "list")
    result = blog(*arguments, terminal=True, stdin="n\n")
    assert result.exit_code == NOT_CONFIRMED
    assert result.stderr.startswith(expected)
    assert blog.json("post", "list") == posts
    assert blog(*arguments, terminal=True, stdin="y\n").exit_code == 0
    assert blog.json("post", "list") != posts


@pytest.mark.parametrize(
    "arguments",
    [
        (*ADD_TAG, "--status", "draft"),
        (*ADD_TAG, *(str(number) for number in range(1, 11))),
        (*ADD_TAG, "--all", "--yes"),
        (*ADD_TAG, "--all", "--dry-run"),
        ("post", "unpublish", "1"),
        ("post", "delete", "1"),
        ("post", "schedule", "12", "--at", "2099-01-01"),
        ("post", "publish", "--all"),
        ("post", "update", "1", "--content", "Other words", "--published-at", "2017-01-01"),
        ("post", "update", "1", "--title", "Other"),
    ],
)
def test_change_of_few_posts_without_loss_asks_nothing(blog: Cli, arguments: tuple[str, ...]) -> None:
    result = blog(*arguments, terminal=True)
    assert result.exit_code == 0
    assert "[y/N]" not in result.stderr


def test_change_without_a_terminal_asks_nothing(blog: Cli) -> None:
    assert len(blog.ok(*ADD_TAG, "--all").lines) == PUBLISHED_COUNT + 1
    assert blog.ok("post", "schedule", "1", "--at", "2099-01-01").stderr == (
        "Scheduled post 1 (post-1) for Thu 2099-01-01 00:00 UTC; 1 published post taken offline.\n"
    )
    assert blog("post", "delete", "--purge", "2").exit_code == NOT_CONFIRMED


def test_publish_restores_the_date_of_a_post_that_was_scheduled_again(blog: Cli) -> None:
    blog.ok("post", "schedule", "1", "--at", "2099-01-01")
    blog.ok("post", "publish", "1")
    assert blog.json("post", "show", "1")["published_at"] == "2018-05-01T00:00:00Z"


@pytest.mark.parametrize(
    "arguments", [ADD_TAG, ("post", "unpublish"), ("post", "delete"), ("post", "delete", "--purge", "--yes")]
)
def test_change_fails_if_it_exceeds_max_affected_in_the_settings(blog: Cli, arguments: tuple[str, ...]) -> None:
    posts = blog.json("post", "list")
    refused = blog(*arguments, "--all", BLOGCLI_MAX_AFFECTED="10")
    assert refused.exit_code == CONFLICT
    assert refused.stderr.startswith("Error: More than 10 posts would change; nothing was changed")
    assert blog.json("post", "list") == posts
    blog.ok(*arguments, "--all", "--max-affected", "100", BLOGCLI_MAX_AFFECTED="10")


def test_dry_run_on_a_terminal_lists_the_posts_that_would_change(blog: Cli) -> None:
    result = blog("post", "unpublish", "--all", "--dry-run", terminal=True, COLUMNS="80")
    assert result.stderr == "Would unpublish 11 posts; 1 unchanged.\n"
    assert [f"Post {number}" in result.stdout for number in (1, 11)] == [True, True]


def test_change_reports_all_posts_with_and_without_output_option(blog: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.cli.context.DEFAULT_LIMIT", 2)
    monkeypatch.setattr("blogcli.cli.rendering.DEFAULT_LIMIT", 2)
    ids = blog.ok("post", "list", "--status", "published", "--format", "ids").stdout
    unpublish = ("post", "unpublish", "--all", "--dry-run")
    for options in ((), ("--format", "ids")):
        result = blog.ok(*unpublish, *options)
        assert result.stdout == ids
        assert result.stderr == "Would unpublish 11 posts; 1 unchanged.\n"
    assert len(blog.json(*unpublish)) == PUBLISHED_COUNT
    result = blog(*unpublish, terminal=True)
    assert "2 of 11 posts; --format table lists them all." in result.stderr


def test_publish_due_unpublishes_expired_posts(blog: Cli) -> None:
    blog.ok("post", "expire", "1", "2", "--at", "2030-01-01")
    blog.ok("post", "expire", "2", "--never")
    blog.ok("post", "schedule", "12", "--at", "2029-01-01")
    assert blog.ok("post", "publish-due", "--now", "2028-12-31").stderr == "Nothing to do.\n"
    due = blog.ok("post", "publish-due", "--now", "2030-01-01")
    assert due.stderr == "Changed 2 posts: 1 post published, 1 post unpublished.\n"
    statuses = [blog.json("post", "show", str(id_))["status"] for id_ in (1, 2, 12)]
    assert statuses == ["draft", "published", "published"]
    assert blog.ok("post", "publish-due", "--now", "2031-01-01").stderr == "Nothing to do.\n"


def test_publish_due_unpublishes_a_post_that_is_due_and_expired(blog: Cli) -> None:
    blog.ok("post", "schedule", "12", "--at", "2029-01-01")
    blog.ok("post", "expire", "12", "--at", "2029-06-01")
    assert blog.ok("post", "publish-due", "--now", "2030-01-01").stderr == "Unpublished post 12 (a-draft) (expired).\n"


@pytest.mark.parametrize("options", [(), ("--at", "2030-01-01", "--never"), ("--at", "2001-01-01")])
def test_expire_without_exactly_one_future_time_is_a_usage_error(blog: Cli, options: tuple[str, ...]) -> None:
    assert blog("post", "expire", "1", *options).exit_code == 2
