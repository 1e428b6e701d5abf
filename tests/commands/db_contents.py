"""Fill a blog with content of every kind, and compare the whole contents of databases."""

from pathlib import Path

from tests.command_line import Cli

HOSTILE = 'Ｆｕｌｌ, \t\x1b[31m, "quotes", \\N, \u202eevil, 日本語, e\u0301, \U0001f600\u2028\r\n'


def fill(cli: Cli) -> None:
    """Create users with and without passwords, posts in every status, unused tags, an import, and operations."""
    cli.ok("user", "create", "ann@example.org", "--full-name", "Ann", "--password-stdin", stdin="correct horse")
    cli.ok("user", "create", "bob@example.org", "--inactive", "--no-password")
    cli.ok("user", "delete", "bob@example.org", "--yes")
    cli.ok("tag", "create", "unused")
    create = ("post", "create", "--author", "ann@example.org")
    cli.ok(*create, "--title", "First", "--tag", "Python", "--tag", "C++", "--content", HOSTILE, "--excerpt", "Short")
    cli.ok(*create, "--title", "Old", "--published-at", "1970-01-01", "--status", "published", "--content", "old words")
    cli.ok(*create, "--title", "Last", "--published-at", "9999-12-31T23:59:59.999999Z", "--content", "last words")
    cli.ok(*create, "--title", "Gone", "--content", "forgotten words")
    cli.ok("post", "delete", "gone")
    cli.ok(*create, "--title", "Purged", "--content", "x")
    cli.ok("post", "delete", "purged", "--purge", "--yes")
    cli.ok("post", "update", "first", "--title", "First again", "--add-tag", "Rust")
    cli.ok("post", "update", "last", "--published-at", "2030-01-01")
    cli.ok("post", "update", "old", "--title", "Older")
    last = cli.json("log", "--limit", "1")[0]["id"]
    cli.ok("undo", str(last))
    path = Path(cli.environ["HOME"]) / "imported.md"
    path.write_text("---\ntitle: Imported\nslug: imported\nfactor: 1.50\nlist: [null, é]\n---\nOld text\n", "utf-8")
    cli.ok("import", "markdown", path, "--author", "ann@example.org")


def dump(cli: Cli, path: Path) -> bytes:
    """Return an uncompressed backup of a database without its time, so that it depends only on the content."""
    cli.ok("db", "backup", path, SOURCE_DATE_EPOCH="0")
    return path.read_bytes()


def is_sound(cli: Cli) -> bool:
    return cli("db", "check").stdout == ""
