"""The blog in the forms that other systems read."""

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
EVERY = [word for status in ("draft", "scheduled", "published", "trashed") for word in ("--status", status)]
# The command, what follows the target, and how it comes back.
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
    cli.ok("user", "create", ANN, "--full-name", "Ann Lee", "--no-password")
    new = ("post", "create", "--author", ANN)
    cli.ok(*new, "--title", "Hello", "--content", CONTENT, "--tag", "a b", "--tag", "C++", "--status", "published")
    cli.ok(*new, "--title", "Yes: 'no' #1", "--excerpt", "")
    cli.ok("post", "schedule", "yes-no-1", "--at", "2999-01-01")
    cli.ok(*new, "-", stdin="---\ntitle: 'データベース'\nslug: データ\nweight: 07\nnested: {a: [1, null]}\n---\nText")
    cli.ok(*new, "--title", "Gone", "--slug", "con")
    cli.ok("post", "delete", "con")


def posts(cli: Cli) -> list[str]:
    lines = cli.ok("export", "jsonl", *EVERY).lines
    return sorted(line for line in lines if line.startswith('{"type": "post"'))


@pytest.mark.parametrize("name", FORMATS)
def test_what_goes_out_comes_in_again_whole(blog: Cli, elsewhere: Cli, tmp_path: Path, name: str) -> None:
    (command, *options), file, back = FORMATS[name]
    target = tmp_path / file
    blog.ok("export", command, str(target), *options, *EVERY)
    for source in ([back, str(target)], [str(target)]):
        result = elsewhere("import", *source)
        assert result.exit_code == 0, result.stderr
    assert posts(elsewhere) == posts(blog)
    assert "0 created, 0 updated, 4 unchanged" in result.stderr


@pytest.mark.parametrize("flavor", ["plain", "jekyll", "hugo"])
def test_people_go_out_and_come_in_by_name(blog: Cli, elsewhere: Cli, tmp_path: Path, flavor: str) -> None:
    blog.ok("export", "markdown", str(tmp_path), "--flavor", flavor)
    assert all("\nauthor: Ann Lee\n" in path.read_text("utf-8") for path in tmp_path.rglob("*.md"))
    elsewhere.ok("import", "markdown", str(tmp_path))
    (person,) = elsewhere.json("user", "list")
    assert (person["email"], person["full_name"], person["is_active"]) == (ANN, "Ann Lee", False)
    blog.ok("user", "update", ANN, "--full-name", "Ann Bo")
    told = blog.ok("import", "markdown", str(tmp_path)).stderr
    assert "0 created, 0 updated, 3 unchanged" in told
    assert blog.json("user", "show", ANN)["full_name"] == "Ann Bo"


def test_a_folder_is_brought_up_to_date(blog: Cli, tmp_path: Path) -> None:
    target = tmp_path / "site"
    assert (
        blog.ok("export", "markdown", str(target)).stderr
        == f"Wrote posts to {target}: 3 new, 0 changed, 0 unchanged.\n"
    )
    blog.ok("post", "update", "hello", "--title", "Hello again")
    blog.ok("post", "delete", "データ")
    dry = blog.ok("export", "markdown", str(target), "--delete", "--dry-run").stderr
    told = blog.ok("export", "markdown", str(target)).stderr
    assert "0 new, 1 changed, 1 unchanged." in told
    (stale,) = [path for path in target.iterdir() if "データ" in path.name]
    assert f"No longer a post: {stale}\nUse --delete to remove such files.\n" in told
    assert dry.replace("Would write", "Wrote").replace("Would remove", "No longer a post:") in told
    assert f"Removed {stale}\n" in blog.ok("export", "markdown", str(target), "--delete").stderr
    assert not stale.exists()


@pytest.mark.parametrize("options", [("--dry-run",), ()])
def test_a_file_of_somebody_else_stays_and_is_named(blog: Cli, tmp_path: Path, options: tuple[str, ...]) -> None:
    blog.ok("export", "markdown", str(tmp_path))
    (mine,) = tmp_path.glob("*-hello.md")
    mine.write_text("Mine")
    (other,) = tmp_path.glob("*-yes-no-1.md")
    other.unlink()
    result = blog("export", "markdown", str(tmp_path), *options)
    start = "Would write" if options else "Wrote"
    told = f"Skipped, not exported by blogcli: {mine}\n"
    counts = f"{start} posts to {tmp_path}: 1 new, 0 changed, 1 unchanged, 1 skipped.\n"
    assert (result.exit_code, result.stderr) == (1, counts + told)
    assert (mine.read_text(), other.exists()) == ("Mine", not options)
    quiet = blog("--quiet", "export", "markdown", str(tmp_path))
    assert (quiet.exit_code, quiet.stderr) == (1, told)


@pytest.mark.parametrize("option", [("--tag", "C++"), ("--limit", "1"), ("--status", "published")])
def test_files_of_posts_that_are_not_chosen_are_left_over(blog: Cli, tmp_path: Path, option: tuple[str, str]) -> None:
    target = tmp_path / "site"
    blog.ok("export", "markdown", str(target))
    before = set(target.iterdir())
    told = blog.ok("--quiet", "export", "markdown", str(target), *option).stderr
    assert re.fullmatch(r"[1-3] (file is|files are) not in this export; use --delete to remove such files\n", told)
    assert set(target.iterdir()) == before
    blog.ok("export", "markdown", str(target), *option, "--delete")
    assert len(list(target.iterdir())) == len(blog.ok("post", "list", *option, "--format", "ids").lines)


def test_a_folder_is_not_written_to_a_pipe(blog: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = blog("export", "markdown", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: A folder cannot be written to a pipe\nHint: Name a folder")
    assert not (tmp_path / "-").exists()


def test_wordpress_and_ghost_read_what_is_written_for_them(blog: Cli, tmp_path: Path) -> None:
    target = tmp_path / "blog.xml.gz"
    told = blog.ok("export", "wordpress", str(target), *URL).stderr
    assert told == "Exported 3 posts, 1 user and 2 tags.\n"
    items = ET.fromstring(gzip.decompress(target.read_bytes())).findall("channel/item")  # noqa: S314 - ours
    assert [item.findtext("title") for item in items] == ["Hello", "Yes: 'no' #1", "データベース"]
    tables = blog.ok("export", "ghost", "-").json["db"][0]["data"]
    assert [post["slug"] for post in tables["posts"]] == ["hello", "yes-no-1", "データ"]


@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_a_feed_shows_what_is_published(blog: Cli, kind: str) -> None:
    result = blog.ok("export", "feed", "-", "--kind", kind, "--title", "Trains & more", *URL)
    found = feedparser.parse(result.stdout.encode())
    assert not found.bozo
    assert found.feed.title == "Trains & more"
    assert [(entry.title, entry.link) for entry in found.entries] == [("Hello", "https://example.org/hello/")]
    assert result.stderr == "Exported a feed of 1 post.\n"


def test_a_feed_may_be_json(blog: Cli, tmp_path: Path) -> None:
    target = tmp_path / "feed.json"
    result = blog.ok("export", "feed", str(target), "--kind", "json")
    assert result.stderr == "Warning: without --url, links do not work\nExported a feed of 1 post.\n"
    (item,) = json.loads(target.read_text("utf-8"))["items"]
    assert item["title"] == "Hello"


def test_a_feed_shows_no_drafts(blog: Cli) -> None:
    result = blog("export", "feed", "-", *URL, "--status", "draft")
    assert (result.exit_code, result.stdout) == (2, "")
    assert blog.ok("export", "feed", "-", *URL, "--status", "published").stdout.count("<entry>") == 1


@pytest.mark.parametrize("command", ["jsonl", "ghost", "wordpress", "feed"])
def test_what_stands_in_the_way_is_found_before_anything_is_written(blog: Cli, command: str) -> None:
    result = blog("export", command, "-", "--tag", "nosuch")
    assert (result.exit_code, result.stdout) == (5, "")


def test_a_feed_needs_the_address_of_a_blog(blog: Cli) -> None:
    result = blog("export", "feed", "-", "--url", "javascript:alert(1)")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: Invalid blog URL")
