"""`blogcli post publish`, `unpublish`, `schedule`, `publish-due`, `delete`, `restore`."""

from typing import Any

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

_AT = "2090-01-01T09:00"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Three drafts: one and two are tagged a, three b."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title, tag in (("One", "a"), ("Two", "a"), ("Three", "b")):
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--tag", tag)


def _statuses(cli: Cli) -> dict[int, str]:
    every = [word for name in ("draft", "scheduled", "published", "trashed") for word in ("--status", name)]
    return {post["id"]: post["status"] for post in cli.json("post", "list", "--sort", "id", *every)}


def _post(cli: Cli, reference: str) -> Any:
    return cli.json("post", "show", reference)


def test_publish_sets_status_and_date_and_prints_ids(blog: Cli) -> None:
    result = blog.ok("post", "publish", "one", 2)
    assert result.lines == ["1", "2"]
    assert result.stderr == "Published 2 posts.\n"
    assert _statuses(blog) == {1: "published", 2: "published", 3: "draft"}
    assert _post(blog, "one")["published_at"] is not None


def test_publish_keeps_an_earlier_date(blog: Cli) -> None:
    blog.ok("post", "update", "one", "--published-at", "2001-02-03T04:05:06Z")
    blog.ok("post", "publish", "one")
    assert _post(blog, "one")["published_at"].startswith("2001-02-03T04:05:06")


def test_unpublish_makes_drafts(blog: Cli) -> None:
    blog.ok("post", "publish", "one", "two")
    result = blog.ok("post", "unpublish", "one")
    assert result.stderr == "Unpublished post 1 (one).\n"
    assert _statuses(blog) == {1: "draft", 2: "published", 3: "draft"}


def test_schedule_and_publish_due(blog: Cli) -> None:
    scheduled = blog.ok("post", "schedule", "one", "--at", f"{_AT}Z")
    assert scheduled.stderr == "Scheduled post 1 (one) for Sun 2090-01-01 09:00 UTC.\n"
    early = blog.ok("post", "publish-due", "--now", "2090-01-01T08:59:59Z")
    assert (early.stdout, early.stderr) == ("", "Nothing to do.\n")
    planned = blog.ok("post", "publish-due", "--now", f"{_AT}Z", "--dry-run")
    assert (planned.stdout, planned.stderr) == ("1\n", "Would publish post 1 (one).\n")
    assert _statuses(blog)[1] == "scheduled"
    assert blog.ok("post", "publish-due", "--now", f"{_AT}Z").stdout == "1\n"
    assert _post(blog, "one")["published_at"].startswith("2090-01-01T09:00:00")
    assert _statuses(blog)[1] == "published"


def test_publish_due_without_now_leaves_the_future_alone(blog: Cli) -> None:
    blog.ok("post", "schedule", "one", "--at", _AT)
    assert blog.ok("post", "publish-due").stdout == ""
    assert _statuses(blog)[1] == "scheduled"


def test_schedule_refuses_the_past(blog: Cli) -> None:
    assert blog("post", "schedule", "one", "--at", "2001-01-01").exit_code == 2
    assert _statuses(blog)[1] == "draft"


@pytest.mark.parametrize(
    "command", [("publish",), ("schedule", "--at", _AT), ("delete",)], ids=["publish", "schedule", "delete"]
)
def test_a_second_time_changes_nothing(blog: Cli, command: tuple[str, ...]) -> None:
    assert blog.ok("post", *command, "one", "two").lines == ["1", "2"]
    before = blog.ok("post", "show", "one", "two", "--format", "json").stdout
    again = blog.ok("post", *command, "one", "two")
    assert (again.stdout, again.stderr) == ("", "Nothing to do: 2 posts unchanged.\n")
    assert blog.ok("post", "show", "one", "two", "--format", "json").stdout == before


def test_unchanged_posts_are_counted_beside_the_changed(blog: Cli) -> None:
    blog.ok("post", "publish", "one")
    assert blog.ok("post", "publish", "--tag", "a").stderr == "Published post 2 (two); 1 unchanged.\n"


@pytest.mark.parametrize(
    ("selection", "chosen"),
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
def test_filters_choose_posts(blog: Cli, selection: tuple[str, ...], chosen: set[int]) -> None:
    blog.ok("post", "publish", *selection)
    assert {id_ for id_, status in _statuses(blog).items() if status == "published"} == chosen


def test_an_unknown_tag_excludes_nothing_and_is_told(blog: Cli) -> None:
    told = "Warning: no such tag: nope\n"
    listed = blog.ok("--quiet", "post", "list", "--not-tag", "nope", "--not-tag", "b", "--format", "ids")
    assert (sorted(listed.lines), listed.stderr) == (["1", "2"], told)
    for command in (("post", "search", "one"), ("stats", "posts", "--by", "tag"), ("export", "jsonl", "-")):
        assert told in blog.ok(*command, "--not-tag", "nope").stderr
    published = blog.ok("post", "publish", "--tag", "a", "--not-tag", "nope")
    assert (sorted(published.lines), published.stderr) == (["1", "2"], f"{told}Published 2 posts.\n")
    # Nothing else says which posts.
    refused = blog("post", "unpublish", "--not-tag", "nope", "--sort", "id")
    assert (refused.exit_code, "No such tag: nope" in refused.stderr) == (5, True)
    assert _statuses(blog) == {1: "published", 2: "published", 3: "draft"}


def test_from_reads_references(blog: Cli, tmp_path: Any) -> None:
    blog.ok("post", "publish", "--from", "-", stdin="one\n\nid:3\r\n")
    assert _statuses(blog) == {1: "published", 2: "draft", 3: "published"}
    names = tmp_path / "names"
    names.write_text("two\n")
    blog.ok("post", "publish", "--from", str(names))
    assert _statuses(blog)[2] == "published"


@pytest.mark.parametrize("wrong", [(), ("one", "--all"), ("one", "--tag", "a"), ("one two",), ("one", "--from", "-")])
def test_posts_are_named_or_described(blog: Cli, wrong: tuple[str, ...]) -> None:
    assert blog("post", "publish", *wrong, stdin="two\n").exit_code == 2
    assert set(_statuses(blog).values()) == {"draft"}


@pytest.mark.parametrize("verb", ["publish", "delete"])
def test_max_affected_guards(blog: Cli, verb: str) -> None:
    refused = blog("post", verb, "--all", "--max-affected", 2)
    assert refused.exit_code == 6
    assert "More than 2 posts would change; nothing did" in refused.stderr
    assert set(_statuses(blog).values()) == {"draft"}
    assert len(blog.ok("post", verb, "--all", "--max-affected", 3).lines) == 3


def test_max_affected_guards_a_purge(blog: Cli) -> None:
    assert blog("post", "delete", "--all", "--purge", "--yes", "--max-affected", 2).exit_code == 6
    assert len(_statuses(blog)) == 3


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("publish",), "Would publish post 1 (one).\n"),
        (("schedule", "--at", f"{_AT}Z"), "Would schedule post 1 (one) for Sun 2090-01-01 09:00 UTC.\n"),
        (("delete",), "Would move post 1 (one) to the trash.\n"),
        (("delete", "--purge"), "Would permanently delete post 1 (one).\n"),
    ],
)
def test_dry_run_changes_nothing(blog: Cli, command: tuple[str, ...], said: str) -> None:
    result = blog.ok("post", *command, "one", "--dry-run")
    assert (result.stdout, result.stderr) == ("1\n", said)
    assert _statuses(blog) == {1: "draft", 2: "draft", 3: "draft"}


def test_missing_posts_stop_everything_unless_ignored(blog: Cli) -> None:
    assert blog("post", "publish", "one", "nowhere").exit_code == 5
    assert _statuses(blog)[1] == "draft"
    result = blog.ok("post", "publish", "one", "nowhere", "--ignore-missing")
    assert result.stderr == "Warning: no such post: nowhere\nPublished post 1 (one).\n"


def test_delete_hides_and_restore_brings_back_the_status(blog: Cli) -> None:
    blog.ok("post", "publish", "one")
    assert blog.ok("post", "delete", "one", "two").stderr == "Moved 2 posts to the trash.\n"
    assert blog.ok("post", "list", "--format", "ids").stdout == "3\n"
    assert _post(blog, "one")["trashed_at"] is not None
    assert set(blog.ok("post", "restore", "--all").lines) == {"1", "2"}
    assert _statuses(blog) == {1: "published", 2: "draft", 3: "draft"}
    assert blog.ok("post", "restore", "one").stderr == "Nothing to do: 1 post unchanged.\n"


@pytest.mark.parametrize(
    "command", [("publish",), ("unpublish",), ("schedule", "--at", _AT)], ids=["publish", "unpublish", "schedule"]
)
def test_what_lies_in_the_trash_conflicts(blog: Cli, command: tuple[str, ...]) -> None:
    blog.ok("post", "delete", "one")
    result = blog("post", *command, "two", "one", "--format", "json")
    assert result.exit_code == 6
    assert result.error["hint"] == "Run `blogcli post restore 1` first."
    assert _statuses(blog) == {1: "trashed", 2: "draft", 3: "draft"}


def test_purge_needs_consent_and_destroys(blog: Cli) -> None:
    assert blog("post", "delete", "one", "--purge").exit_code == 4
    declined = blog("post", "delete", "one", "--purge", stdin="n\n", terminal=True)
    assert declined.exit_code == 4
    assert "Permanently delete 1 post (One)" in declined.stderr
    assert len(_statuses(blog)) == 3
    assert blog("post", "delete", "one", "--purge", stdin="y\n", terminal=True).exit_code == 0
    assert blog.ok("post", "delete", "two", "--purge", "--yes").stderr == "Permanently deleted post 2 (two).\n"
    assert _statuses(blog) == {3: "draft"}


def test_purge_reaches_into_the_trash(blog: Cli) -> None:
    blog.ok("post", "delete", "one")
    blog.ok("post", "delete", "--status", "trashed", "--purge", "--yes")
    assert blog("post", "exists", "id:1").exit_code == 5
    assert len(_statuses(blog)) == 2


def test_changed_records_are_printed_when_asked(blog: Cli) -> None:
    shown = blog.json("post", "publish", "one", "two", "--fields", "id,status")
    assert shown == [{"id": 1, "status": "published"}, {"id": 2, "status": "published"}]
