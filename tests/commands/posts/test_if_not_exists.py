"""`--if-not-exists`: a command that is run again creates nothing, and prints the id of what exists."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

USAGE, CONFLICT, INVALID = 2, 6, 7
CREATE = ("post", "create", "--title", "Weekly", "--author", "ann@example.org")


@cli_snapshot
def filled(cli: Cli) -> None:
    """A user, and a post with a slug of its own."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE, "--slug", "first")


@pytest.mark.parametrize("options", [("--key", "feed:42"), ("--slug", "weekly")])
def test_a_post_is_created_once(filled: Cli, options: tuple[str, ...]) -> None:
    first = filled.ok(*CREATE, *options, "--if-not-exists")
    again = filled.ok(*CREATE, *options, "--if-not-exists", "--content", "another text")
    assert (first.lines, again.lines) == (["2"], ["2"])
    assert again.stderr == "Nothing to do: post 2 (weekly) exists.\n"
    assert filled.json("post", "show", "2")["content"] == ""
    assert filled.json(*CREATE, *options, "--if-not-exists")["id"] == 2
    assert len(filled.json("post", "list")) == 2


def test_a_key_tells_posts_with_one_title_apart(filled: Cli) -> None:
    for key in ("week 1", "week 2"):
        filled.ok(*CREATE, "--key", key, "--if-not-exists")
    assert [post["slug"] for post in filled.json("post", "list", "--sort", "id")] == ["first", "weekly", "weekly-2"]


def test_a_key_names_the_post_in_every_database(filled: Cli, elsewhere: Cli) -> None:
    filled.ok(*CREATE, "--key", "week 1")
    elsewhere.ok("import", "jsonl", "-", stdin=filled.ok("export", "jsonl").stdout)
    assert elsewhere.ok(*CREATE, "--key", "week 1", "--if-not-exists").stderr.startswith("Nothing to do: post ")


def test_a_key_that_is_taken_is_a_conflict(filled: Cli) -> None:
    filled.ok(*CREATE, "--key", "week 1")
    result = filled(*CREATE, "--key", "week 1")
    assert result.exit_code == CONFLICT
    assert result.stderr.startswith("Error: A post with the key 'week 1' exists: post 2 (weekly)\n")


def test_a_post_in_the_trash_exists(filled: Cli) -> None:
    filled.ok(*CREATE, "--key", "week 1")
    filled.ok("post", "delete", "weekly")
    assert filled.ok(*CREATE, "--key", "week 1", "--if-not-exists").lines == ["2"]


@pytest.mark.parametrize(("options", "code"), [((), USAGE), (("--key", "\udc80"), INVALID), (("--key", ""), USAGE)])
def test_existence_needs_a_key_or_a_slug(filled: Cli, options: tuple[str, ...], code: int) -> None:
    assert filled(*CREATE, "--if-not-exists", *options).exit_code == code
    assert len(filled.json("post", "list")) == 1


def test_a_user_who_exists_is_named(filled: Cli) -> None:
    result = filled.ok("user", "create", "ANN@example.org", "--if-not-exists", "--no-password")
    assert (result.lines, result.stderr) == (["1"], "Nothing to do: user 1 (ann@example.org) exists.\n")
