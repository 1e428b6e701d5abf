"""Tests of `blogcli post search`."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a post about cats, and two posts that mention cats. One of these two posts is in Japanese."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title, content, tag in (
        ("Cats", "All about cats.", "animals"),
        ("Dogs", "Unlike *cats*, dogs [bark](http://example.com/woof).", "animals"),
        ("日記", "吾輩は猫である。cats too.", "日本"),
    ):
        cli.ok("post", "create", "--title", title, "--content", content, "--tag", tag, "--author", "1")


def test_search_prints_the_best_match_first_and_the_total_on_stderr(blog: Cli) -> None:
    result = blog.ok("post", "search", "cats", "--format", "ids")
    assert result.lines[0] == "1"
    assert (sorted(result.lines), result.stderr) == (["1", "2", "3"], "3 posts\n")
    limited = blog.ok("post", "search", "cats", "--limit", "1", "--format", "ids")
    assert (limited.stdout, limited.stderr) == ("1\n", "1 of 3; --limit 0 for all\n")
    assert blog.ok("post", "search", "cats", "--format", "count").stdout == "3\n"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (["猫"], ["3"]),
        (["cats", "dogs"], ["2"]),
        (["cats dogs"], ["2"]),
        (['"unlike cats"'], ["2"]),
        (["title:cats"], ["1"]),
        (["cats", "--", "-dogs", "-猫"], ["1"]),
        (["woof"], []),
        (["cats", "--tag", "日本"], ["3"]),
        (["cats", "--sort", "-id"], ["3", "2", "1"]),
        (["--tag", "animals", "--sort", "id"], ["1", "2"]),
        (["'; DROP TABLE posts; --"], []),
    ],
)
def test_search_returns_posts_that_match_query_and_filters(blog: Cli, query: list[str], ids: list[str]) -> None:
    assert blog.ok("post", "search", "--format", "ids", *query).lines == ids


def test_search_result_has_a_score_and_a_snippet(blog: Cli) -> None:
    (hit,) = blog.json("post", "search", "unlike")
    assert hit["snippet"] == "**Unlike** cats, dogs bark."
    assert hit["score"] > 0
    assert blog.ok("post", "search", "unlike", "--field", "snippet").stdout == f"{hit['snippet']}\n"
    (post,) = blog.json("post", "search", "--ids", "2")
    assert (post["score"], post["snippet"]) == (None, "Unlike cats, dogs bark.")


def test_search_on_a_terminal_shows_snippets(blog: Cli) -> None:
    result = blog("post", "search", "bark", terminal=True, NO_COLOR="1", COLUMNS="100")
    assert result.stdout == "2   Dogs\n    draft · ann@example.org · animals\n    Unlike cats, dogs bark.\n\n"
    assert result.stderr == "1 post\n"
    empty = blog("post", "search", "none", terminal=True)
    assert (empty.stdout, empty.stderr) == ("", "0 posts\n")


def test_search_with_after_needs_sort(blog: Cli) -> None:
    assert blog("post", "search", "cats", "--after", "x").exit_code == 2
    assert blog("post", "search", "cats", "--limit", "2", terminal=True).stderr == "2 of 3; --limit 0 for all\n"
    cursor = blog.json("post", "search", "cats", "--sort", "id", "--limit", "2", "--page-info")["next"]
    assert blog.ok("post", "search", "cats", "--sort", "id", "--after", cursor, "--format", "ids").stdout == "3\n"


def test_page_info_contains_the_total_and_the_next_cursor(blog: Cli) -> None:
    for command in (("list",), ("search",), ("search", "cats", "--sort", "date")):
        first = blog.json("post", *command, "--page-info", "--limit", "2", "--fields", "id")
        assert (len(first["items"]), first["total"]) == (2, 3)
        second = blog.json("post", *command, "--page-info", "--limit", "2", "--fields", "id", "--after", first["next"])
        assert (len(second["items"]), second["next"], second["total"]) == (1, None, 3)
    assert blog.json("post", "search", "none", "--page-info") == {"items": [], "next": None, "total": 0}
    assert blog("post", "list", "--page-info", "--format", "csv").exit_code == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (" ".join(f"w{number}" for number in range(100)), 0),
        (" OR ".join(f"w{number}" for number in range(100)), 0),
        (" ".join(f"-w{number}" for number in range(100)), 3),
        (" ".join(f"a{number} OR -b{number}" for number in range(21)), 3),
        ('"' + "night train " * 400 + '"', 0),
        ("データベース" * 200, 0),
        ("c* " * 100, 3),
    ],
)
def test_search_accepts_a_long_query(blog: Cli, query: str, count: int) -> None:
    assert blog.ok("post", "search", "--format", "count", "--", query).stdout == f"{count}\n"
