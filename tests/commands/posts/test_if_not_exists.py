"""Tests of `--if-not-exists`, which prints the id of an existing record instead of creating another record."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

USAGE, CONFLICT, INVALID = 2, 6, 7
CREATE = ("post", "create", "--title", "Weekly", "--author", "ann@example.org")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a user, and a post whose slug is set by an option."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE, "--slug", "first")


@pytest.mark.parametrize("options", [("--key", "feed:42"), ("--slug", "weekly")])
def test_create_if_not_exists_creates_a_post_only_once(blog: Cli, options: tuple[str, ...]) -> None:
    first = blog.ok(*CREATE, *options, "--if-not-exists")
    second = blog.ok(*CREATE, *options, "--if-not-exists", "--content", "another text")
    assert (first.lines, second.lines) == (["2"], ["2"])
    assert second.stderr == "Nothing to do: post 2 (weekly) exists.\n"
    assert blog.json("post", "show", "2")["content"] == ""
    assert blog.json(*CREATE, *options, "--if-not-exists")["id"] == 2
    assert len(blog.json("post", "list")) == 2


def test_create_if_not_exists_creates_posts_with_equal_titles_and_different_keys(blog: Cli) -> None:
    for key in ("week 1", "week 2"):
        blog.ok(*CREATE, "--key", key, "--if-not-exists")
    assert [post["slug"] for post in blog.json("post", "list", "--sort", "id")] == ["first", "weekly", "weekly-2"]


def test_create_if_not_exists_finds_an_imported_post_by_its_key(blog: Cli, other_cli: Cli) -> None:
    blog.ok(*CREATE, "--key", "week 1")
    other_cli.ok("import", "jsonl", "-", stdin=blog.ok("export", "jsonl").stdout)
    assert other_cli.ok(*CREATE, "--key", "week 1", "--if-not-exists").stderr.startswith("Nothing to do: post ")


def test_create_with_a_key_in_use_is_a_conflict(blog: Cli) -> None:
    blog.ok(*CREATE, "--key", "week 1")
    result = blog(*CREATE, "--key", "week 1")
    assert result.exit_code == CONFLICT
    assert result.stderr.startswith("Error: A post with the key 'week 1' exists: post 2 (weekly)\n")


def test_create_if_not_exists_finds_a_post_in_the_trash(blog: Cli) -> None:
    blog.ok(*CREATE, "--key", "week 1")
    blog.ok("post", "delete", "weekly")
    assert blog.ok(*CREATE, "--key", "week 1", "--if-not-exists").lines == ["2"]


@pytest.mark.parametrize(("options", "code"), [((), USAGE), (("--key", "\udc80"), INVALID), (("--key", ""), USAGE)])
def test_create_if_not_exists_without_a_valid_key_or_slug_fails(blog: Cli, options: tuple[str, ...], code: int) -> None:
    assert blog(*CREATE, "--if-not-exists", *options).exit_code == code
    assert len(blog.json("post", "list")) == 1


def test_user_create_if_not_exists_prints_the_id_of_the_existing_user(blog: Cli) -> None:
    result = blog.ok("user", "create", "ANN@example.org", "--if-not-exists", "--no-password")
    assert (result.lines, result.stderr) == (["1"], "Nothing to do: user 1 (ann@example.org) exists.\n")
