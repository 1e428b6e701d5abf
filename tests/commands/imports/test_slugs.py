"""The addresses of posts that come in: as their source has them, unless another post is there."""

from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.commands.imports.importing import ANN, bring, codes, counts, post


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.jsonl"


def slugs_of(cli: Cli) -> list[str]:
    return cli.ok("post", "list", "--sort", "id", "--field", "slug").lines


def test_slugs_that_are_taken_get_a_number(cli: Cli, report: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "Mine", "--slug", "same", "--author", "ann@example.org")
    posts = [post(number, slug="same") for number in (1, 2)] + [post(3, slug="same-3")]
    assert bring(cli, *posts, options=("--report", str(report))).exit_code == 0
    slugs = slugs_of(cli)
    assert slugs == ["same", "same-2", "same-4", "same-3"]
    assert codes(report) == [(2, "slug_taken"), (3, "slug_taken")]


def test_a_number_that_a_slug_has_stays_while_it_is_needed(cli: Cli, report: Path) -> None:
    bring(cli, ANN, post(1, slug="same"), post(2, slug="same"))
    for text in ("one", "two"):
        newer = bring(
            cli, ANN, post(1, slug="same"), post(2, slug="same", content=text), options=("--report", str(report))
        )
        assert counts(newer) == "Imported posts: 0 created, 1 updated, 1 unchanged."
        assert codes(report) == []
        assert cli.json("post", "show", "same-2")["content"] == text
    bring(cli, ANN, post(1, slug="other"))
    bring(cli, ANN, post(2, slug="same"))
    assert slugs_of(cli) == ["other", "same"]


@pytest.mark.parametrize(
    ("before", "after"),
    [(["a", "b"], ["b", "a"]), (["a", "b"], ["b", "c"]), (["a", "b", "c"], ["c", "a", "b"])],
)
def test_slugs_that_posts_swap_are_those_of_the_source(cli: Cli, before: list[str], after: list[str]) -> None:
    bring(cli, ANN, *(post(number, slug=slug) for number, slug in enumerate(before, 1)))
    bring(cli, ANN, *(post(number, slug=slug) for number, slug in enumerate(after, 1)))
    assert slugs_of(cli) == after


def test_a_number_finds_room_behind_the_longest_slug(cli: Cli) -> None:
    slug = "s" * 255
    posts = [*(post(number, slug=slug) for number in range(1, 4)), post(4, slug=f"{slug[1:]}x")]
    assert bring(cli, ANN, *posts).exit_code == 0
    assert slugs_of(cli) == [slug, f"{slug[2:]}-2", f"{slug[2:]}-3", f"{slug[1:]}x"]


def test_two_long_slugs_that_differ_at_their_ends_only_get_different_numbers(cli: Cli) -> None:
    slugs = ["s" * 254 + end for end in "aabb"]
    assert bring(cli, ANN, *(post(number, slug=slug) for number, slug in enumerate(slugs, 1))).exit_code == 0
    assert sorted(slugs_of(cli)) == sorted([slugs[0], slugs[2], "s" * 253 + "-2", "s" * 253 + "-3"])


def test_a_slug_of_a_dash_and_a_number_is_one_as_any_other(cli: Cli) -> None:
    bring(cli, ANN, post(1, slug="one"), post(2, slug="-1"))
    assert bring(cli, ANN, post(1, slug="uno"), post(2, slug="-1")).exit_code == 0
    assert slugs_of(cli) == ["uno", "-1"]


def test_of_several_numbered_posts_one_takes_the_place_that_is_free_again(cli: Cli) -> None:
    bring(cli, ANN, *(post(number, slug="same") for number in range(1, 5)))
    bring(cli, ANN, post(1, slug="gone"), *(post(number, slug="same", content="x") for number in (2, 3, 4)))
    assert slugs_of(cli) == ["gone", "same", "same-3", "same-4"]
