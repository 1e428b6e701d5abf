"""Tests that other systems and `blogcli import` can read the exports in every format."""

import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

ANN = "ann@example.org"
URL = ("--url", "https://example.org")
ALL_STATUSES = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
# Maps a name to the arguments of `blogcli export`, the name of the exported file or folder, and the import format.
FORMATS = {
    "jsonl": (["jsonl"], "blog.jsonl", "jsonl"),
    "plain": (["markdown", "--flavor", "plain"], "files", "markdown"),
    "jekyll": (["markdown", "--flavor", "jekyll"], "files", "markdown"),
    "hugo": (["markdown", "--flavor", "hugo"], "files", "markdown"),
    "wordpress": (["wordpress", *URL], "blog.xml.gz", "wordpress"),
    "ghost": (["ghost"], "blog.json", "ghost"),
}
CONTENT = "First *line*\r\n\n\tsecond ]]> <b>third</b> \u202e \U0001f600\n\n---\nnot: matter\n"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a published post, a scheduled post, a draft and a trashed post by Ann Lee."""
    cli.ok("user", "create", ANN, "--full-name", "Ann Lee", "--no-password")
    new = ("post", "create", "--author", ANN)
    cli.ok(*new, "--title", "Hello", "--content", CONTENT, "--tag", "a b", "--tag", "C++", "--status", "published")
    cli.ok(*new, "--title", "Yes: 'no' #1", "--excerpt", "")
    cli.ok("post", "schedule", "yes-no-1", "--at", "2999-01-01")
    cli.ok(*new, "-", stdin="---\ntitle: 'データベース'\nslug: データ\nweight: 07\nnested: {a: [1, null]}\n---\nText")
    cli.ok(*new, "--title", "Gone", "--slug", "con")
    cli.ok("post", "delete", "con")


def exported_posts(cli: Cli) -> list[str]:
    """Return all posts as a sorted list of JSON texts."""
    lines = cli.ok("export", "jsonl", *ALL_STATUSES).lines
    return sorted(line for line in lines if line.startswith('{"type": "post"'))


@pytest.mark.parametrize("name", FORMATS)
def test_export_imported_into_other_engine_preserves_posts(
    blog: Cli, other_cli: Cli, tmp_path: Path, name: str
) -> None:
    (command, *options), file_name, import_format = FORMATS[name]
    target = tmp_path / file_name
    blog.ok("export", command, str(target), *options, *ALL_STATUSES)
    for source in ([import_format, str(target)], [str(target)]):
        result = other_cli("import", *source)
        assert result.exit_code == 0, result.stderr
    assert exported_posts(other_cli) == exported_posts(blog)
    assert "0 created, 0 updated, 4 unchanged" in result.stderr


@pytest.mark.parametrize("flavor", ["plain", "jekyll", "hugo"])
def test_export_markdown_preserves_names_of_authors(blog: Cli, other_cli: Cli, tmp_path: Path, flavor: str) -> None:
    blog.ok("export", "markdown", str(tmp_path), "--flavor", flavor)
    assert all("\nauthor: Ann Lee\n" in path.read_text("utf-8") for path in tmp_path.rglob("*.md"))
    other_cli.ok("import", "markdown", str(tmp_path))
    (user,) = other_cli.json("user", "list")
    assert (user["email"], user["full_name"], user["is_active"]) == (ANN, "Ann Lee", False)
    blog.ok("user", "update", ANN, "--full-name", "Ann Bo")
    assert "0 created, 0 updated, 3 unchanged" in blog.ok("import", "markdown", str(tmp_path)).stderr
    assert blog.json("user", "show", ANN)["full_name"] == "Ann Bo"


def test_export_markdown_repeated_updates_folder(blog: Cli, tmp_path: Path) -> None:
    target = tmp_path / "site"
    first = blog.ok("export", "markdown", str(target)).stderr
    assert first == f"Wrote posts to {target}: 3 new, 0 changed, 0 unchanged.\n"
    blog.ok("post", "update", "hello", "--title", "Hello again")
    blog.ok("post", "delete", "データ")
    planned = blog.ok("export", "markdown", str(target), "--delete", "--dry-run").stderr
    second = blog.ok("export", "markdown", str(target)).stderr
    assert "0 new, 1 changed, 1 unchanged." in second
    (stale,) = [path for path in target.iterdir() if "データ" in path.name]
    assert f"No longer a post: {stale}\nUse --delete to remove such files.\n" in second
    assert planned.replace("Would write", "Wrote").replace("Would remove", "No longer a post:") in second
    assert f"Removed {stale}\n" in blog.ok("export", "markdown", str(target), "--delete").stderr
    assert not stale.exists()


@pytest.mark.parametrize("options", [("--dry-run",), ()])
def test_export_markdown_skips_and_reports_foreign_file(blog: Cli, tmp_path: Path, options: tuple[str, ...]) -> None:
    blog.ok("export", "markdown", str(tmp_path))
    (mine,) = tmp_path.glob("*-hello.md")
    mine.write_text("Mine")
    (other,) = tmp_path.glob("*-yes-no-1.md")
    other.unlink()
    result = blog("export", "markdown", str(tmp_path), *options)
    verb = "Would write" if options else "Wrote"
    warning = f"Skipped, not exported by blogcli: {mine}\n"
    counts = f"{verb} posts to {tmp_path}: 1 new, 0 changed, 1 unchanged, 1 skipped.\n"
    assert (result.exit_code, result.stderr) == (1, counts + warning)
    assert (mine.read_text(), other.exists()) == ("Mine", not options)
    quiet = blog("--quiet", "export", "markdown", str(tmp_path))
    assert (quiet.exit_code, quiet.stderr) == (1, warning)


@pytest.mark.parametrize("option", [("--tag", "C++"), ("--limit", "1"), ("--status", "published")])
def test_export_markdown_of_selection_deletes_other_files_only_with_option(
    blog: Cli, tmp_path: Path, option: tuple[str, str]
) -> None:
    target = tmp_path / "site"
    blog.ok("export", "markdown", str(target))
    paths = set(target.iterdir())
    warning = blog.ok("--quiet", "export", "markdown", str(target), *option).stderr
    assert re.fullmatch(r"[1-3] (file is|files are) not in this export; use --delete to remove such files\n", warning)
    assert set(target.iterdir()) == paths
    blog.ok("export", "markdown", str(target), *option, "--delete")
    assert len(list(target.iterdir())) == len(blog.ok("post", "list", *option, "--format", "ids").lines)


def test_export_markdown_to_stdout_is_refused(blog: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = blog("export", "markdown", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: A folder cannot be written to a pipe\nHint: Name a folder")
    assert not (tmp_path / "-").exists()


def test_export_wordpress_and_ghost_contain_posts(blog: Cli, tmp_path: Path) -> None:
    target = tmp_path / "blog.xml.gz"
    result = blog.ok("export", "wordpress", str(target), *URL)
    assert result.stderr == "Exported 3 posts, 1 user and 2 tags.\n"
    items = ET.fromstring(gzip.decompress(target.read_bytes())).findall("channel/item")  # noqa: S314 - the test wrote this file
    assert [item.findtext("title") for item in items] == ["Hello", "Yes: 'no' #1", "データベース"]
    tables = blog.ok("export", "ghost", "-").json["db"][0]["data"]
    assert [post["slug"] for post in tables["posts"]] == ["hello", "yes-no-1", "データ"]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_feed_contains_published_posts(blog: Cli, kind: str) -> None:
    result = blog.ok("export", "feed", "-", "--kind", kind, "--title", "Trains & more", *URL)
    feed = feedparser.parse(result.stdout.encode())
    assert not feed.bozo
    assert feed.feed.title == "Trains & more"
    assert [(entry.title, entry.link) for entry in feed.entries] == [("Hello", "https://example.org/hello/")]
    assert result.stderr == "Exported a feed of 1 post.\n"


def test_feed_json_without_url_warns(blog: Cli, tmp_path: Path) -> None:
    target = tmp_path / "feed.json"
    result = blog.ok("export", "feed", str(target), "--kind", "json")
    assert result.stderr == "Warning: without --url, links do not work\nExported a feed of 1 post.\n"
    (item,) = json.loads(target.read_text("utf-8"))["items"]
    assert item["title"] == "Hello"


def test_feed_of_other_status_is_refused(blog: Cli) -> None:
    result = blog("export", "feed", "-", *URL, "--status", "draft")
    assert (result.exit_code, result.stdout) == (2, "")
    assert blog.ok("export", "feed", "-", *URL, "--status", "published").stdout.count("<entry>") == 1


@pytest.mark.parametrize("command", ["jsonl", "ghost", "wordpress", "feed"])
def test_export_unknown_tag_writes_nothing(blog: Cli, command: str) -> None:
    result = blog("export", command, "-", "--tag", "nosuch")
    assert (result.exit_code, result.stdout) == (5, "")


def test_feed_invalid_url_is_refused(blog: Cli) -> None:
    result = blog("export", "feed", "-", "--url", "javascript:alert(1)")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: Invalid blog URL")
