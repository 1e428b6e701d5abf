"""Tests of complete exports as JSON Lines, and of exports to files that already exist."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.databases import execute
from tests.snapshots import cli_snapshot

ANN, BOB = "ann@example.org", "bob@example.com"
TITLES = ["Hello", "[bold] :smile: \x1b[31m", "データベース", "\u202egnp.exe", "=1+1", '"quoted", with, commas']


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create posts with unusual titles by Ann and a published post by Bob. One post of each user is in the trash."""
    for email in (ANN, BOB):
        cli.ok("user", "create", email, "--generate-password")
    cli.ok("tag", "create", "unused")
    for title in TITLES:
        cli.ok("post", "create", "--title", title, "--author", ANN, "--content", f"{title}\r\n\tend ", "--tag", "a b")
    cli.ok("post", "create", "--title", "Out", "--author", BOB, "--status", "published", "--excerpt", "So.")
    cli.ok("post", "delete", "hello", "out")


def records(text: str) -> dict[str, list[dict[str, Any]]]:
    """Return the records in the text of a JSON Lines file, grouped by type."""
    by_type: dict[str, list[dict[str, Any]]] = {}
    for line in text.splitlines():
        record = json.loads(line)
        by_type.setdefault(record.pop("type"), []).append(record)
    return by_type


def test_export_contains_everything_except_trashed_posts(blog: Cli) -> None:
    result = blog.ok("export", "jsonl")
    exported = records(result.stdout)
    assert result.stdout.startswith('{"type": "blogcli", "version": 1}\n')
    assert [user["email"] for user in exported["user"]] == [ANN, BOB]
    assert exported["tag"] == [{"name": "unused"}, {"name": "a b"}]
    assert [post["title"] for post in exported["post"]] == TITLES[1:]
    assert result.stderr == "Exported 5 posts, 2 users and 2 tags.\n"


def test_export_contains_every_field_of_posts(blog: Cli) -> None:
    statuses = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
    exported = records(blog.ok("export", "jsonl", *statuses).stdout)["post"]
    stored = blog.json("post", "show", *blog.ok("post", "list", *statuses, "--sort", "id", "--format", "ids").lines)
    assert len(exported) == len(stored) == len(TITLES) + 1
    for post, expected in zip(exported, stored, strict=True):
        other_fields = {"id": expected["id"], "words": expected["words"], "version": expected["version"]}
        if expected["trashed_at"]:
            other_fields["status"] = "trashed"
        assert dict.fromkeys(expected) | post | other_fields == expected
    assert [post["status"] for post in exported if "trashed_at" in post] == ["draft", "published"]


def test_export_selection_contains_its_authors_and_no_unused_tags(blog: Cli) -> None:
    exported = records(blog.ok("export", "jsonl", "--status", "trashed", "--author", BOB).stdout)
    assert [user["email"] for user in exported["user"]] == [BOB]
    assert [post["title"] for post in exported["post"]] == ["Out"]
    assert "tag" not in exported


def test_export_sort_limit_and_offset_match_list(blog: Cli) -> None:
    listed = blog.ok("post", "list", "--sort", "-title", "--limit", 2, "--offset", 1, "--field", "title")
    exported = records(blog.ok("export", "jsonl", "--sort", "-title", "--limit", 2, "--offset", 1).stdout)
    assert [post["title"] for post in exported["post"]] == listed.stdout.removesuffix("\n").split("\n")


def test_export_contains_hashes_only_with_option(blog: Cli, tmp_path: Path) -> None:
    assert "hash" not in blog.ok("export", "jsonl").stdout
    target = tmp_path / "with.jsonl"
    blog.ok("export", "jsonl", str(target), "--with-hashes")
    assert all(user["hashed_password"].startswith("$argon2id$") for user in records(target.read_text())["user"])
    assert target.stat().st_mode & 0o777 == 0o600


def test_export_gz_file_is_compressed_and_reproducible(blog: Cli, tmp_path: Path) -> None:
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
    "feed.json": ["feed", "--kind", "json", "--title", 'By "Ann"\n, "items": ['],
}


def test_export_overwrites_only_same_format_without_force(blog: Cli, tmp_path: Path) -> None:
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
        content = (tmp_path / name).read_bytes()
        refused = blog("export", other, str(tmp_path / name))
        assert refused.exit_code == 6, (name, other)
        assert f"{tmp_path / name} exists and is not an earlier export" in refused.stderr
        assert "--force" in refused.stderr
        assert (tmp_path / name).read_bytes() == content


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
def test_export_overwrites_foreign_file_only_with_force(blog: Cli, tmp_path: Path, verb: str) -> None:
    target = tmp_path / "file"
    for text in FOREIGN[verb]:
        target.write_bytes(text.encode("latin-1"))
        refused = blog("export", verb, str(target))
        assert (refused.exit_code, target.read_bytes()) == (6, text.encode("latin-1")), text
    blog.ok("export", verb, str(target), "--force")
    blog.ok("export", verb, str(target))
    database = tmp_path / "copy.db"
    execute(str(database), "CREATE TABLE posts (id)")
    for path in (database, tmp_path / "copy.db-wal"):
        assert blog("export", verb, str(path), "--force").exit_code == 2


@pytest.mark.parametrize("arguments", [("--tag", "nothing"), ("--sort", "nothing"), ("--status", "nothing")])
def test_export_invalid_selection_keeps_earlier_file(blog: Cli, tmp_path: Path, arguments: tuple[str, str]) -> None:
    target = tmp_path / "earlier.jsonl"
    target.write_text("old")
    assert blog("export", "jsonl", str(target), *arguments).exit_code in {2, 5}
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.glob("*earlier*")] == ["earlier.jsonl"]


def test_export_missing_folder_is_usage_error(blog: Cli, tmp_path: Path) -> None:
    result = blog("export", "jsonl", str(tmp_path / "missing" / "blog.jsonl"))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: Cannot write {tmp_path}/missing/blog.jsonl: No such file")


def test_export_empty_blog_contains_header_only(cli: Cli) -> None:
    assert cli.ok("export", "jsonl").stdout == '{"type": "blogcli", "version": 1}\n'
