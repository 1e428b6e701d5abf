"""`blogcli stats`."""

from typing import Any

import pytest

from tests.cli import Cli
from tests.scenes import scene


@scene
def blog(cli: Cli) -> None:
    """A draft by Bob, and two posts by Ann published in one year."""
    for name in ("ann", "bob"):
        cli.ok("user", "create", f"{name}@example.org", "--generate-password")
    for title, name, content, more in (
        ("One", "ann", "a b c", ("--tag", "x", "--tag", "y", "--status", "published", "--published-at", "2020-01-01")),
        ("Two", "ann", "d e", ("--tag", "x", "--status", "published", "--published-at", "2020-02-03")),
        ("Three", "bob", "", ()),
    ):
        cli.ok("post", "create", "--title", title, "--author", f"{name}@example.org", "--content", content, *more)


def test_overview_has_these_fields_in_this_order(blog: Cli) -> None:
    figures = blog.json("stats", "overview")
    assert list(figures.items()) == [
        ("users_active", 2),
        ("users_inactive", 0),
        ("posts_draft", 1),
        ("posts_scheduled", 0),
        ("posts_published", 2),
        ("posts_trashed", 0),
        ("tags", 2),
        ("characters_total", 8),
        ("characters_average", pytest.approx(8 / 3, abs=0.1)),
        ("words_total", 5),
        ("words_average", pytest.approx(5 / 3, abs=0.1)),
        ("this_month", 0),
        ("last_month", 0),
    ]


def test_overview_of_a_selection_and_of_one_field(blog: Cli) -> None:
    assert blog.ok("stats", "overview", "--tag", "y", "--field", "words_total").stdout == "3\n"
    assert blog("stats", "overview", "--fields", "nothing").exit_code == 2


_GROUPS: dict[str, dict[str, tuple[int, int]]] = {
    "author": {"ann@example.org": (2, 5), "bob@example.org": (1, 0)},
    "tag": {"x": (2, 5), "y": (1, 3)},
    "status": {"draft": (1, 0), "published": (2, 5)},
    "day": {"2020-01-01": (1, 3), "2020-02-03": (1, 2)},
    "week": {"2020-W01": (1, 3), "2020-W06": (1, 2)},
    "month": {"2020-01": (1, 3), "2020-02": (1, 2)},
    "year": {"2020": (2, 5)},
}


def _options(group: str) -> tuple[str, ...]:
    return ("--until", "2020-12-31") if group in ("day", "week", "month", "year") else ()


@pytest.mark.parametrize("group", _GROUPS)
def test_posts_are_counted_by_each_group(blog: Cli, group: str) -> None:
    rows: list[dict[str, Any]] = blog.json("stats", "posts", "--by", group, *_options(group))
    assert all(list(row) == [group, "posts", "words"] for row in rows)
    assert {row[group]: (row["posts"], row["words"]) for row in rows} == _GROUPS[group]


@pytest.mark.parametrize("group", _GROUPS)
def test_a_terminal_shows_bars(blog: Cli, group: str) -> None:
    result = blog(
        *("stats", "posts", "--by", group, *_options(group)), terminal=True, COLUMNS="80", TERM="dumb", NO_COLOR="1"
    )
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    most = max(posts for posts, _ in _GROUPS[group].values())
    for name, (posts, _) in _GROUPS[group].items():
        (line,) = [line for line in result.lines if line.split()[:1] == [name]]
        assert line.count("━") == 30 * posts // most


def test_nothing_to_count(cli: Cli) -> None:
    assert cli.json("stats", "posts", "--by", "tag") == []
    assert cli.ok("stats", "overview", "--field", "words_average").stdout in ("0\n", "0.0\n")
    assert cli("stats", "posts", "--by", "mood").exit_code == 2
