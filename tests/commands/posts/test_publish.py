"""Tests of `blogcli post publish`, `unpublish`, `schedule`, `publish-due`, `delete` and `restore`."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from blogcli.database import open_database
from blogcli.models import Post
from tests.command_line import Cli
from tests.databases import settings_for
from tests.snapshots import cli_snapshot

PUBLICATION_TIME = "2090-01-01T09:00"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create three drafts. Posts 1 and 2 have the tag a, and post 3 has the tag b."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title, tag in (("One", "a"), ("Two", "a"), ("Three", "b")):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--tag", tag)


def statuses(cli: Cli) -> dict[int, str]:
    """Return a map from the id to the status of each post, including the posts in the trash."""
    all_statuses = [word for name in ("draft", "scheduled", "published", "trashed") for word in ("--status", name)]
    return {post["id"]: post["status"] for post in cli.json("post", "list", "--sort", "id", *all_statuses)}


def show(cli: Cli, reference: str) -> Any:
    return cli.json("post", "show", reference)


def test_publish_sets_status_and_date_and_prints_the_ids(blog: Cli) -> None:
    result = blog.ok("post", "publish", "one", 2)
    assert result.lines == ["1", "2"]
    assert result.stderr == "Published 2 posts.\n"
    assert statuses(blog) == {1: "published", 2: "published", 3: "draft"}
    assert show(blog, "one")["published_at"] is not None


def test_publish_keeps_an_earlier_date(blog: Cli) -> None:
    blog.ok("post", "update", "one", "--published-at", "2001-02-03T04:05:06Z")
    blog.ok("post", "publish", "one")
    assert show(blog, "one")["published_at"].startswith("2001-02-03T04:05:06")


def test_unpublish_sets_the_status_draft(blog: Cli) -> None:
    blog.ok("post", "publish", "one", "two")
    result = blog.ok("post", "unpublish", "one")
    assert result.stderr == "Unpublished post 1 (one).\n"
    assert statuses(blog) == {1: "draft", 2: "published", 3: "draft"}


def test_publish_due_publishes_scheduled_posts_at_their_time(blog: Cli) -> None:
    scheduled = blog.ok("post", "schedule", "one", "--at", f"{PUBLICATION_TIME}Z")
    assert scheduled.stderr == "Scheduled post 1 (one) for Sun 2090-01-01 09:00 UTC.\n"
    early = blog.ok("post", "publish-due", "--now", "2090-01-01T08:59:59Z")
    assert (early.stdout, early.stderr) == ("", "Nothing to do.\n")
    planned = blog.ok("post", "publish-due", "--now", f"{PUBLICATION_TIME}Z", "--dry-run")
    assert (planned.stdout, planned.stderr) == ("1\n", "Would publish post 1 (one).\n")
    assert statuses(blog)[1] == "scheduled"
    assert blog.ok("post", "publish-due", "--now", f"{PUBLICATION_TIME}Z").stdout == "1\n"
    assert show(blog, "one")["published_at"].startswith("2090-01-01T09:00:00")
    assert statuses(blog)[1] == "published"


def test_publish_due_without_now_does_not_publish_future_posts(blog: Cli) -> None:
    blog.ok("post", "schedule", "one", "--at", PUBLICATION_TIME)
    assert blog.ok("post", "publish-due").stdout == ""
    assert statuses(blog)[1] == "scheduled"


def test_schedule_with_a_time_in_the_past_is_a_usage_error(blog: Cli) -> None:
    assert blog("post", "schedule", "one", "--at", "2001-01-01").exit_code == 2
    assert statuses(blog)[1] == "draft"


@pytest.mark.parametrize(
    "command",
    [("publish",), ("schedule", "--at", PUBLICATION_TIME), ("delete",)],
    ids=["publish", "schedule", "delete"],
)
def test_repeated_command_changes_nothing(blog: Cli, command: tuple[str, ...]) -> None:
    assert blog.ok("post", *command, "one", "two").lines == ["1", "2"]
    posts = blog.ok("post", "show", "one", "two", "--format", "json").stdout
    repeated = blog.ok("post", *command, "one", "two")
    assert (repeated.stdout, repeated.stderr) == ("", "Nothing to do: 2 posts unchanged.\n")
    assert blog.ok("post", "show", "one", "two", "--format", "json").stdout == posts


def test_publish_message_counts_unchanged_posts(blog: Cli) -> None:
    blog.ok("post", "publish", "one")
    assert blog.ok("post", "publish", "--tag", "a").stderr == "Published post 2 (two); 1 unchanged.\n"


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (("--tag", "a"), {1, 2}),
        (("--not-tag", "a"), {3}),
        (("--contains", "THREE"), {3}),
        (("--ids", "1,3"), {1, 3}),
        (("--status", "draft", "--sort", "id", "--limit", "1"), {1}),
        (("--author", "ann@example.org"), {1, 2, 3}),
        (("--all",), {1, 2, 3}),
    ],
)
def test_publish_changes_the_posts_that_match_the_filters(blog: Cli, selection: tuple[str, ...], ids: set[int]) -> None:
    blog.ok("post", "publish", *selection)
    assert {id_ for id_, status in statuses(blog).items() if status == "published"} == ids


def test_not_tag_with_an_unknown_tag_warns_and_excludes_nothing(blog: Cli) -> None:
    warning = "Warning: no such tag: nope\n"
    listed = blog.ok("--quiet", "post", "list", "--not-tag", "nope", "--not-tag", "b", "--format", "ids")
    assert (sorted(listed.lines), listed.stderr) == (["1", "2"], warning)
    for command in (("post", "search", "one"), ("stats", "posts", "--by", "tag"), ("export", "jsonl", "-")):
        assert warning in blog.ok(*command, "--not-tag", "nope").stderr
    published = blog.ok("post", "publish", "--tag", "a", "--not-tag", "nope")
    assert (sorted(published.lines), published.stderr) == (["1", "2"], f"{warning}Published 2 posts.\n")
    # An unknown tag in --not-tag is an error if no other filter is given, because every post would be selected.
    refused = blog("post", "unpublish", "--not-tag", "nope", "--sort", "id")
    assert (refused.exit_code, "No such tag: nope" in refused.stderr) == (5, True)
    assert statuses(blog) == {1: "published", 2: "published", 3: "draft"}


def test_from_reads_references_from_stdin_or_a_file(blog: Cli, tmp_path: Any) -> None:
    blog.ok("post", "publish", "--from", "-", stdin="one\n\nid:3\r\n")
    assert statuses(blog) == {1: "published", 2: "draft", 3: "published"}
    names = tmp_path / "names"
    names.write_text("two\n")
    blog.ok("post", "publish", "--from", str(names))
    assert statuses(blog)[2] == "published"


@pytest.mark.parametrize(
    "arguments", [(), ("one", "--all"), ("one", "--tag", "a"), ("one two",), ("one", "--from", "-")]
)
def test_publish_with_an_invalid_selection_is_a_usage_error(blog: Cli, arguments: tuple[str, ...]) -> None:
    assert blog("post", "publish", *arguments, stdin="two\n").exit_code == 2
    assert set(statuses(blog).values()) == {"draft"}


@pytest.mark.parametrize("verb", ["publish", "delete"])
def test_max_affected_prevents_a_larger_change(blog: Cli, verb: str) -> None:
    refused = blog("post", verb, "--all", "--max-affected", 2)
    assert refused.exit_code == 6
    assert "More than 2 posts would change; nothing was changed" in refused.stderr
    assert set(statuses(blog).values()) == {"draft"}
    assert len(blog.ok("post", verb, "--all", "--max-affected", 3).lines) == 3


def test_max_affected_prevents_a_larger_purge(blog: Cli) -> None:
    assert blog("post", "delete", "--all", "--purge", "--yes", "--max-affected", 2).exit_code == 6
    assert len(statuses(blog)) == 3


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("publish",), "Would publish post 1 (one).\n"),
        (("schedule", "--at", f"{PUBLICATION_TIME}Z"), "Would schedule post 1 (one) for Sun 2090-01-01 09:00 UTC.\n"),
        (("delete",), "Would move post 1 (one) to the trash.\n"),
        (("delete", "--purge"), "Would permanently delete post 1 (one).\n"),
    ],
)
def test_dry_run_changes_nothing(blog: Cli, command: tuple[str, ...], message: str) -> None:
    result = blog.ok("post", *command, "one", "--dry-run")
    assert (result.stdout, result.stderr) == ("1\n", message)
    assert statuses(blog) == {1: "draft", 2: "draft", 3: "draft"}


def test_publish_with_a_missing_post_fails_without_ignore_missing(blog: Cli) -> None:
    assert blog("post", "publish", "one", "nowhere").exit_code == 5
    assert statuses(blog)[1] == "draft"
    result = blog.ok("post", "publish", "one", "nowhere", "--ignore-missing")
    assert result.stderr == "Warning: no such post: nowhere\nPublished post 1 (one).\n"


def test_restore_sets_the_previous_status_of_deleted_posts(blog: Cli) -> None:
    blog.ok("post", "publish", "one")
    assert blog.ok("post", "delete", "one", "two").stderr == "Moved 2 posts to the trash.\n"
    assert blog.ok("post", "list", "--format", "ids").stdout == "3\n"
    assert show(blog, "one")["trashed_at"] is not None
    assert set(blog.ok("post", "restore", "--all").lines) == {"1", "2"}
    assert statuses(blog) == {1: "published", 2: "draft", 3: "draft"}
    assert blog.ok("post", "restore", "one").stderr == "Nothing to do: 1 post unchanged.\n"


@pytest.mark.parametrize(
    "command",
    [("publish",), ("unpublish",), ("schedule", "--at", PUBLICATION_TIME)],
    ids=["publish", "unpublish", "schedule"],
)
def test_command_with_a_post_in_the_trash_is_a_conflict(blog: Cli, command: tuple[str, ...]) -> None:
    blog.ok("post", "delete", "one")
    result = blog("post", *command, "two", "one", "--format", "json")
    assert result.exit_code == 6
    assert result.error["hint"] == "Run `blogcli post restore 1` first."
    assert statuses(blog) == {1: "trashed", 2: "draft", 3: "draft"}


def test_purge_needs_a_confirmation(blog: Cli) -> None:
    assert blog("post", "delete", "one", "--purge").exit_code == 4
    declined = blog("post", "delete", "one", "--purge", stdin="n\n", terminal=True)
    assert declined.exit_code == 4
    assert "Permanently delete 1 post (One)" in declined.stderr
    assert len(statuses(blog)) == 3
    assert blog("post", "delete", "one", "--purge", stdin="y\n", terminal=True).exit_code == 0
    assert blog.ok("post", "delete", "two", "--purge", "--yes").stderr == "Permanently deleted post 2 (two).\n"
    assert statuses(blog) == {3: "draft"}


def test_purge_deletes_posts_in_the_trash(blog: Cli) -> None:
    blog.ok("post", "delete", "one")
    blog.ok("post", "delete", "--status", "trashed", "--purge", "--yes")
    assert blog("post", "exists", "id:1").exit_code == 5
    assert len(statuses(blog)) == 2


def test_publish_with_fields_prints_the_changed_posts(blog: Cli) -> None:
    records = blog.json("post", "publish", "one", "two", "--fields", "id,status")
    assert records == [{"id": 1, "status": "published"}, {"id": 2, "status": "published"}]


async def set_dates(url: str, id_: int, **dates: datetime) -> None:
    """Set dates of a post, which commands refuse to set if they are in the past."""
    async with open_database(settings_for(url)) as sessions, sessions.begin() as session:
        await session.execute(update(Post).where(Post.id == id_).values(dates))


@pytest.mark.parametrize(("minutes", "is_due", "is_overdue"), [(-1, False, False), (1, True, False), (61, True, True)])
def test_due_and_overdue_select_what_publish_due_changes(
    blog: Cli, minutes: int, is_due: bool, is_overdue: bool
) -> None:
    blog.ok("post", "schedule", "one", "--at", PUBLICATION_TIME)
    blog.ok("post", "expire", "two", "--at", PUBLICATION_TIME)
    time = datetime.now(UTC) - timedelta(minutes=minutes)
    asyncio.run(set_dates(blog.url, 1, published_at=time))
    asyncio.run(set_dates(blog.url, 2, expires_at=time))
    due = blog.ok("post", "list", "--due", "--sort", "id", "--format", "ids").lines
    assert due == (["1", "2"] if is_due else [])
    overdue = blog.ok("post", "list", "--overdue", "--sort", "id", "--format", "ids").lines
    assert overdue == (due if is_overdue else [])
    assert blog.ok("post", "search", "one", "--due", "--format", "ids").lines == due[:1]
    assert sorted(blog.ok("post", "publish-due", "--dry-run").lines) == due
    assert sorted(blog.ok("post", "tag", "add", "late", "--due").lines) == due
    assert sorted(blog.ok("post", "publish-due").lines) == due
    assert blog.ok("post", "list", "--due").stdout == ""
    # A filter that selects no posts changes no posts.
    assert blog.ok("post", "delete", "--due").stdout == ""
