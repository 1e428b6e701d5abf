"""Tests that sample blogs are imported and exported without loss on both engines.

BLOGCLI_TEST_SAMPLES may be the path of a folder with more samples. This folder must have the same layout as
tests/data/interchange.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.oracles import Counted, blogs_in

FOLDERS = [Path(__file__).parent / "data" / "interchange"]
if MORE := os.environ.get("BLOGCLI_TEST_SAMPLES"):
    FOLDERS.append(Path(MORE))
BLOGS = [pytest.param(*blog, id=f"{blog[0]}-{blog[1].name}") for folder in FOLDERS for blog in blogs_in(folder)]
ALL_STATUSES = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]

every_blog = pytest.mark.parametrize(("name", "source", "count"), BLOGS)


def import_blog(cli: Cli, name: str, source: Path, *options: str, unreadable: int = 0) -> str:
    """Import a blog, and return the first line of the summary that the import prints."""
    result = cli("import", name, str(source), *options)
    assert result.exit_code == (1 if unreadable else 0), result.stderr
    return next(line for line in result.stderr.splitlines() if line.startswith("Imported "))


def export_jsonl(cli: Cli) -> str:
    return cli.ok("export", "jsonl", "-", *ALL_STATUSES).stdout


def posts_by_uuid(cli: Cli) -> dict[str, Any]:
    """Export all posts, and return the records of the posts by UUID."""
    # The output is split at line feeds and not by `splitlines`, because a JSON string may contain other line
    # separators.
    records = map(json.loads, export_jsonl(cli).removesuffix("\n").split("\n"))
    return {record["uuid"]: record for record in records if record["type"] == "post"}


@every_blog
def test_import_stores_everything_that_an_oracle_counts(
    cli: Cli, tmp_path: Path, name: str, source: Path, count: Callable[[Path], Counted]
) -> None:
    counted = count(source)
    report = tmp_path / "report.jsonl"
    summary = import_blog(cli, name, source, "--report", str(report), unreadable=counted.unreadable)
    noun = "post" if counted.posts == 1 else "posts"
    assert re.match(rf"Imported {counted.posts:,} {noun}(, |\.| and )", summary)
    overview = cli.json("stats", "overview")
    assert overview["posts_draft"] == counted.drafts
    assert (
        overview["posts_published"] + overview["posts_scheduled"] + overview["posts_trashed"]
        == counted.posts - counted.drafts
    )
    assert overview["users_active"] + overview["users_inactive"] == len(counted.authors)
    assert overview["tags"] == len(counted.tags)
    codes = [json.loads(line)["code"] for line in report.read_text("utf-8").splitlines()]
    assert codes.count("unreadable") == counted.unreadable
    again = import_blog(cli, name, source, unreadable=counted.unreadable)
    assert again == (
        f"Imported posts: 0 created, 0 updated, {counted.posts:,} unchanged." if counted.posts else "Imported 0 posts."
    )


@every_blog
def test_both_databases_export_identical_bytes(
    cli: Cli, other_cli: Cli, name: str, source: Path, count: Callable[[Path], Counted]
) -> None:
    import_blog(cli, name, source, unreadable=count(source).unreadable)
    text = export_jsonl(cli)
    other_cli.ok("import", "jsonl", "-", stdin=text)
    assert export_jsonl(other_cli) == text


@every_blog
@pytest.mark.parametrize("flavor", ["plain", "jekyll", "hugo"])
@pytest.mark.untraced
def test_markdown_round_trip_preserves_posts(
    cli: Cli, other_cli: Cli, tmp_path: Path, name: str, source: Path, count: Callable[[Path], Counted], flavor: str
) -> None:
    import_blog(cli, name, source, unreadable=count(source).unreadable)
    cli.ok("export", "markdown", str(tmp_path / "site"), "--flavor", flavor, *ALL_STATUSES)
    if cli.ok("post", "list", *ALL_STATUSES, "--format", "count").stdout != "0\n":
        import_blog(other_cli, "markdown", tmp_path / "site")
    assert posts_by_uuid(other_cli) == posts_by_uuid(cli)
