"""What leaves the blog, whole."""

import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

ANN, BOB = "ann@example.org", "bob@example.com"
TITLES = ["Hello", "[bold] :smile: \x1b[31m", "データベース", "\u202egnp.exe", "=1+1", '"quoted", with, commas']


@cli_snapshot
def blog(cli: Cli) -> None:
    for email in (ANN, BOB):
        cli.ok("user", "create", email, "--generate-password")
    cli.ok("tag", "create", "unused")
    for title in TITLES:
        cli.ok("post", "create", "--title", title, "--author", ANN, "--content", f"{title}\r\n\tend ", "--tag", "a b")
    cli.ok("post", "create", "--title", "Out", "--author", BOB, "--status", "published", "--excerpt", "So.")
    cli.ok("post", "delete", "hello", "out")


def records(text: str) -> dict[str, list[dict[str, Any]]]:
    """The lines of a file, by type."""
    by_type: dict[str, list[dict[str, Any]]] = {}
    for line in text.splitlines():
        record = json.loads(line)
        by_type.setdefault(record.pop("type"), []).append(record)
    return by_type


def test_everything_outside_the_trash_is_written(blog: Cli) -> None:
    result = blog.ok("export", "jsonl")
    found = records(result.stdout)
    assert result.stdout.startswith('{"type": "blogcli", "version": 1}\n')
    assert [user["email"] for user in found["user"]] == [ANN, BOB]
    assert found["tag"] == [{"name": "unused"}, {"name": "a b"}]
    assert [post["title"] for post in found["post"]] == TITLES[1:]
    assert result.stderr == "Exported 5 posts, 2 users and 2 tags.\n"


def test_nothing_of_a_post_is_lost(blog: Cli) -> None:
    statuses = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
    exported = records(blog.ok("export", "jsonl", *statuses).stdout)["post"]
    stored = blog.json("post", "show", *blog.ok("post", "list", *statuses, "--sort", "id", "--format", "ids").lines)
    assert len(exported) == len(stored) == len(TITLES) + 1
    for post, expected in zip(exported, stored, strict=True):
        hidden = {"id": expected["id"], "words": expected["words"], "version": expected["version"]}
        if expected["trashed_at"]:
            hidden["status"] = "trashed"
        assert dict.fromkeys(expected) | post | hidden == expected
    assert [post["status"] for post in exported if "trashed_at" in post] == ["draft", "published"]


def test_a_selection_brings_its_people_and_no_bare_tags(blog: Cli) -> None:
    found = records(blog.ok("export", "jsonl", "--status", "trashed", "--author", BOB).stdout)
    assert [user["email"] for user in found["user"]] == [BOB]
    assert [post["title"] for post in found["post"]] == ["Out"]
    assert "tag" not in found


def test_order_and_limit_are_those_of_lists(blog: Cli) -> None:
    listed = blog.ok("post", "list", "--sort", "-title", "--limit", 2, "--offset", 1, "--field", "title")
    found = records(blog.ok("export", "jsonl", "--sort", "-title", "--limit", 2, "--offset", 1).stdout)
    assert [post["title"] for post in found["post"]] == listed.stdout.removesuffix("\n").split("\n")


def test_hashes_stay_unless_they_are_asked_for(blog: Cli, tmp_path: Path) -> None:
    assert "hash" not in blog.ok("export", "jsonl").stdout
    target = tmp_path / "with.jsonl"
    blog.ok("export", "jsonl", str(target), "--with-hashes")
    assert all(user["hashed_password"].startswith("$argon2id$") for user in records(target.read_text())["user"])
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_file_is_compressed_by_its_name_and_the_same_each_time(blog: Cli, tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl.gz", tmp_path / "b.jsonl.gz"
    for target in (first, second):
        assert blog.ok("export", "jsonl", str(target)).stdout == ""
    assert first.read_bytes() == second.read_bytes()
    assert gzip.decompress(first.read_bytes()).decode() == blog.ok("export", "jsonl").stdout


EXPORTS = {
    "blog.jsonl": ["jsonl"],
    "blog.jsonl.gz": ["jsonl"],
    "blog.json": ["ghost"],
    "blog.xml": ["wordpress"],
    "atom.xml.gz": ["feed", "--title", "A <blog> & more", "--url", "https://example.org"],
    "rss.xml": ["feed", "--kind", "rss"],
    "feed.json": ["feed", "--kind", "json", "--title", 'Of "Ann"\n, "items": ['],
}


def test_only_an_earlier_export_is_replaced_unless_that_is_asked_for(blog: Cli, tmp_path: Path) -> None:
    blog.ok("post", "restore", "hello", "out")
    for name, (verb, *options) in EXPORTS.items():
        for _ in range(2):
            blog.ok("export", verb, str(tmp_path / name), *options)
    (tmp_path / "empty").touch()
    blog.ok("export", "jsonl", str(tmp_path / "empty"))
    for name, other in [
        ("blog.jsonl.gz", "ghost"),
        ("blog.xml", "feed"),
        ("rss.xml", "wordpress"),
        ("blog.json", "jsonl"),
    ]:
        before = (tmp_path / name).read_bytes()
        refused = blog("export", other, str(tmp_path / name))
        assert refused.exit_code == 6, (name, other)
        assert f"{tmp_path / name} exists and is not an earlier export" in refused.stderr
        assert "--force" in refused.stderr
        assert (tmp_path / name).read_bytes() == before


FOREIGN = {
    "jsonl": ['{"type": "post"}\n', '{"type": "user", "version": 1}\n', "thesis", "\x1f\x8bnot gzip", " "],
    "ghost": ['{"db":[{"meta":{"exported_on":1717171717000,"version":"5.130.0"},"data":{"posts":[', "[]"],
    "wordpress": [
        '<?xml version="1.0"?>\n<rss version="2.0"><channel><generator>https://wordpress.org/?v=6.5</generator>'
    ],
    "feed": [
        '<?xml version="1.0"?><feed><generator>Jekyll</generator><entry><generator>blogcli</generator></entry>',
        '{"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": []}',
    ],
}


@pytest.mark.parametrize("verb", FOREIGN)
def test_a_file_of_others_is_kept_until_it_is_forced(blog: Cli, tmp_path: Path, verb: str) -> None:
    target = tmp_path / "file"
    for text in FOREIGN[verb]:
        target.write_bytes(text.encode("latin-1"))
        refused = blog("export", verb, str(target))
        assert (refused.exit_code, target.read_bytes()) == (6, text.encode("latin-1")), text
    blog.ok("export", verb, str(target), "--force")
    blog.ok("export", verb, str(target))
    database = tmp_path / "copy.db"
    sqlite3.connect(database).executescript("CREATE TABLE posts (id)").close()
    for path in (database, tmp_path / "copy.db-wal"):
        assert blog("export", verb, str(path), "--force").exit_code == 2


@pytest.mark.parametrize("arguments", [("--tag", "nothing"), ("--sort", "nothing"), ("--status", "nothing")])
def test_what_cannot_be_chosen_leaves_the_old_file_alone(blog: Cli, tmp_path: Path, arguments: tuple[str, str]) -> None:
    target = tmp_path / "kept.jsonl"
    target.write_text("old")
    assert blog("export", "jsonl", str(target), *arguments).exit_code in {2, 5}
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.glob("*kept*")] == ["kept.jsonl"]


def test_a_place_that_cannot_be_written_is_named(blog: Cli, tmp_path: Path) -> None:
    result = blog("export", "jsonl", str(tmp_path / "missing" / "blog.jsonl"))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: Cannot write {tmp_path}/missing/blog.jsonl: No such file")


def test_an_empty_blog_is_a_file_of_one_line(cli: Cli) -> None:
    assert cli.ok("export", "jsonl").stdout == '{"type": "blogcli", "version": 1}\n'
