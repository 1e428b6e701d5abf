"""`blogcli post search`."""

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot


@cli_snapshot
def blog(cli: Cli) -> None:
    """Three posts: one about cats, two that mention them, of which one is in Japanese."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title, content, tag in (
        ("Cats", "All about cats.", "animals"),
        ("Dogs", "Unlike *cats*, dogs [bark](http://example.com/woof).", "animals"),
        ("日記", "吾輩は猫である。cats too.", "日本"),
    ):
        cli.ok("post", "create", "--title", title, "--content", content, "--tag", tag, "--author", "1")


def test_the_best_come_first_and_are_counted_on_stderr(blog: Cli) -> None:
    found = blog.ok("post", "search", "cats", "--format", "ids")
    assert found.lines[0] == "1"
    assert (sorted(found.lines), found.stderr) == (["1", "2", "3"], "3 posts\n")
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
def test_a_query_and_filters_choose(blog: Cli, query: list[str], ids: list[str]) -> None:
    assert blog.ok("post", "search", "--format", "ids", *query).lines == ids


def test_hits_have_a_score_and_a_snippet(blog: Cli) -> None:
    (hit,) = blog.json("post", "search", "unlike")
    assert hit["snippet"] == "**Unlike** cats, dogs bark."
    assert hit["score"] > 0
    assert blog.ok("post", "search", "unlike", "--field", "snippet").stdout == f"{hit['snippet']}\n"
    (plain,) = blog.json("post", "search", "--ids", "2")
    assert (plain["score"], plain["snippet"]) == (None, "Unlike cats, dogs bark.")


def test_a_terminal_shows_the_text_around_the_hits(blog: Cli) -> None:
    shown = blog("post", "search", "bark", terminal=True, NO_COLOR="1", COLUMNS="100")
    assert shown.stdout == "2   Dogs\n    draft · ann@example.org · animals\n    Unlike cats, dogs bark.\n\n"
    assert shown.stderr == "1 post\n"
    nothing = blog("post", "search", "none", terminal=True)
    assert (nothing.stdout, nothing.stderr) == ("", "0 posts\n")


def test_a_cursor_needs_an_order_of_its_own(blog: Cli) -> None:
    assert blog("post", "search", "cats", "--after", "x").exit_code == 2
    assert blog("post", "search", "cats", "--limit", "2", terminal=True).stderr == "2 of 3; --limit 0 for all\n"
    cursor = blog.json("post", "search", "cats", "--sort", "id", "--limit", "2", "--page-info")["next"]
    assert blog.ok("post", "search", "cats", "--sort", "id", "--after", cursor, "--format", "ids").stdout == "3\n"


def test_a_page_can_describe_itself(blog: Cli) -> None:
    for command in (("list",), ("search",), ("search", "cats", "--sort", "date")):
        first = blog.json("post", *command, "--page-info", "--limit", "2", "--fields", "id")
        assert (len(first["items"]), first["total"]) == (2, 3)
        rest = blog.json("post", *command, "--page-info", "--limit", "2", "--fields", "id", "--after", first["next"])
        assert (len(rest["items"]), rest["next"], rest["total"]) == (1, None, 3)
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
def test_no_query_is_too_long(blog: Cli, query: str, count: int) -> None:
    assert blog.ok("post", "search", "--format", "count", "--", query).stdout == f"{count}\n"
