"""Sample blogs are imported and exported without loss on both databases.

BLOGCLI_TEST_SAMPLES names a folder with more of them, laid out like tests/data/interchange.
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
EVERY = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]

every_blog = pytest.mark.parametrize(("name", "source", "count"), BLOGS)


def bring(cli: Cli, name: str, source: Path, *options: str, unreadable: int = 0) -> str:
    """Import a blog, and return the first line of the summary."""
    result = cli("import", name, str(source), *options)
    assert result.exit_code == (1 if unreadable else 0), result.stderr
    return next(line for line in result.stderr.splitlines() if line.startswith("Imported "))


def exported(cli: Cli) -> str:
    return cli.ok("export", "jsonl", "-", *EVERY).stdout


def posts(cli: Cli) -> dict[str, Any]:
    """All posts by uuid, as they are whatever the order of what is in `extra`."""
    # Only a line feed ends a line there.
    records = map(json.loads, exported(cli).removesuffix("\n").split("\n"))
    return {record["uuid"]: record for record in records if record["type"] == "post"}


@every_blog
def test_import_stores_everything_that_an_oracle_counts(
    cli: Cli, tmp_path: Path, name: str, source: Path, count: Callable[[Path], Counted]
) -> None:
    counted, report = count(source), tmp_path / "report.jsonl"
    told = bring(cli, name, source, "--report", str(report), unreadable=counted.unreadable)
    noun = "post" if counted.posts == 1 else "posts"
    assert re.match(rf"Imported {counted.posts:,} {noun}(, |\.| and )", told)
    found = cli.json("stats", "overview")
    assert found["posts_draft"] == counted.drafts
    assert (
        found["posts_published"] + found["posts_scheduled"] + found["posts_trashed"] == counted.posts - counted.drafts
    )
    assert found["users_active"] + found["users_inactive"] == len(counted.authors)
    assert found["tags"] == len(counted.tags)
    codes = [json.loads(line)["code"] for line in report.read_text("utf-8").splitlines()]
    assert codes.count("unreadable") == counted.unreadable
    again = bring(cli, name, source, unreadable=counted.unreadable)
    assert again == (
        f"Imported posts: 0 created, 0 updated, {counted.posts:,} unchanged." if counted.posts else "Imported 0 posts."
    )


@every_blog
def test_both_databases_export_the_same_bytes(
    cli: Cli, elsewhere: Cli, name: str, source: Path, count: Callable[[Path], Counted]
) -> None:
    bring(cli, name, source, unreadable=count(source).unreadable)
    text = exported(cli)
    elsewhere.ok("import", "jsonl", "-", stdin=text)
    assert exported(elsewhere) == text


@every_blog
@pytest.mark.parametrize("flavor", ["plain", "jekyll", "hugo"])
def test_markdown_round_trip_preserves_posts(
    cli: Cli, elsewhere: Cli, tmp_path: Path, name: str, source: Path, count: Callable[[Path], Counted], flavor: str
) -> None:
    bring(cli, name, source, unreadable=count(source).unreadable)
    cli.ok("export", "markdown", str(tmp_path / "site"), "--flavor", flavor, *EVERY)
    if cli.ok("post", "list", *EVERY, "--format", "count").stdout != "0\n":
        bring(elsewhere, "markdown", tmp_path / "site")
    assert posts(elsewhere) == posts(cli)
