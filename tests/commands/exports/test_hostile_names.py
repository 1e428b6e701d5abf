"""Tests that an export to a folder writes no file outside the folder, even if another program stored a hostile slug."""

from pathlib import Path

import pytest

from blogcli.interchange.markdown.file_names import key_of
from tests.command_line import Cli
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot

SLUGS = [
    "../x",
    "../../../../../tmp/x",
    "/etc/x",
    "//server/share",
    "..",
    ".",
    "a/../../x",
    "c:\\x",
    "..\\x",
    "x\n../y",
    "con",
    "nul.txt",
    "Caf\u00e9",
    "cafe\u0301",
    "caf\u00e9",
    "-rf",
    "~root",
    ".git",
    ".g\u200cit",
    "x" * 255,
    "\u202egpj",
    "\ufeffx",
    "a:stream",
]


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a post for each hostile slug."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("batch", "-", stdin="\n".join(f"post create --title {n} --author 1" for n in range(len(SLUGS))))
    quoted = [slug.replace("'", "''") for slug in SLUGS]
    execute(cli.url, ";".join(f"UPDATE posts SET slug = '{slug}' WHERE id = {n}" for n, slug in enumerate(quoted, 1)))  # noqa: S608 - the slugs are constants


@pytest.mark.parametrize("flavor", ["plain", "hugo", "jekyll"])
def test_export_writes_only_into_folder(blog: Cli, tmp_path: Path, flavor: str) -> None:
    if not blog.url.startswith("postgresql"):
        execute(blog.url, "UPDATE posts SET slug = 'x' || char(0) || '/../y' WHERE id = 1")
    before = {path for path in tmp_path.rglob("*") if "blog.db" not in path.name}
    target = tmp_path / "a" / "b" / "site"
    result = blog("export", "markdown", str(target), "--flavor", flavor)
    files = [path for path in target.rglob("*") if path.is_file()]
    assert len(files) + result.stderr.count("Skipped: ") == len(fetch(blog.url, "SELECT id FROM posts"))
    assert len(files) > 3
    assert len({key_of(str(path)) for path in files}) == len(files)
    new = {path for path in tmp_path.rglob("*") if "blog.db" not in path.name} - before
    assert all(path.is_relative_to(tmp_path / "a") for path in new)
    assert {path.suffix for path in files} == {".md"}
    assert blog("export", "markdown", str(target), "--flavor", flavor).stderr.count("0 new, 0 changed") == 1
