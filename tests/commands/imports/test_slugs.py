"""Tests of the slugs of imported posts. If another post has the same slug, a number is added to the slug."""

from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.commands.imports.jsonl_records import ANN, import_records, note_codes, post, summary_of


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.jsonl"


def slugs_of(cli: Cli) -> list[str]:
    return cli.ok("post", "list", "--sort", "id", "--field", "slug").lines


def test_import_taken_slug_gets_number(cli: Cli, report: Path) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "Mine", "--slug", "same", "--author", "ann@example.org")
    posts = [post(number, slug="same") for number in (1, 2)] + [post(3, slug="same-3")]
    assert import_records(cli, *posts, options=("--report", str(report))).exit_code == 0
    assert slugs_of(cli) == ["same", "same-2", "same-4", "same-3"]
    assert note_codes(report) == [(2, "slug_taken"), (3, "slug_taken")]


def test_import_repeated_keeps_number_while_slug_is_taken(cli: Cli, report: Path) -> None:
    import_records(cli, ANN, post(1, slug="same"), post(2, slug="same"))
    for text in ("one", "two"):
        result = import_records(
            cli, ANN, post(1, slug="same"), post(2, slug="same", content=text), options=("--report", str(report))
        )
        assert summary_of(result) == "Imported posts: 0 created, 1 updated, 1 unchanged."
        assert note_codes(report) == []
        assert cli.json("post", "show", "same-2")["content"] == text
    import_records(cli, ANN, post(1, slug="other"))
    import_records(cli, ANN, post(2, slug="same"))
    assert slugs_of(cli) == ["other", "same"]


@pytest.mark.parametrize(
    ("old_slugs", "new_slugs"),
    [(["a", "b"], ["b", "a"]), (["a", "b"], ["b", "c"]), (["a", "b", "c"], ["c", "a", "b"])],
)
def test_import_swapped_slugs_follow_source(cli: Cli, old_slugs: list[str], new_slugs: list[str]) -> None:
    import_records(cli, ANN, *(post(number, slug=slug) for number, slug in enumerate(old_slugs, 1)))
    import_records(cli, ANN, *(post(number, slug=slug) for number, slug in enumerate(new_slugs, 1)))
    assert slugs_of(cli) == new_slugs


def test_import_number_shortens_longest_slug(cli: Cli) -> None:
    slug = "s" * 255
    posts = [*(post(number, slug=slug) for number in range(1, 4)), post(4, slug=f"{slug[1:]}x")]
    assert import_records(cli, ANN, *posts).exit_code == 0
    assert slugs_of(cli) == [slug, f"{slug[2:]}-2", f"{slug[2:]}-3", f"{slug[1:]}x"]


def test_import_long_slugs_with_common_start_get_different_numbers(cli: Cli) -> None:
    slugs = ["s" * 254 + end for end in "aabb"]
    assert import_records(cli, ANN, *(post(number, slug=slug) for number, slug in enumerate(slugs, 1))).exit_code == 0
    assert sorted(slugs_of(cli)) == sorted([slugs[0], slugs[2], "s" * 253 + "-2", "s" * 253 + "-3"])


def test_import_slug_of_dash_and_number_is_unchanged(cli: Cli) -> None:
    import_records(cli, ANN, post(1, slug="one"), post(2, slug="-1"))
    assert import_records(cli, ANN, post(1, slug="uno"), post(2, slug="-1")).exit_code == 0
    assert slugs_of(cli) == ["uno", "-1"]


def test_import_freed_slug_is_given_to_one_numbered_post(cli: Cli) -> None:
    import_records(cli, ANN, *(post(number, slug="same") for number in range(1, 5)))
    import_records(cli, ANN, post(1, slug="gone"), *(post(number, slug="same", content="x") for number in (2, 3, 4)))
    assert slugs_of(cli) == ["gone", "same", "same-3", "same-4"]
