"""Tests of `blogcli apply`."""

import csv
import io

import pytest

from tests.command_line import Cli
from tests.databases import fetch
from tests.snapshots import cli_snapshot

EMAIL = "ann@example.org"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Fill the blog with three posts and two users."""
    cli.ok("user", "create", EMAIL, "--no-password")
    cli.ok("user", "create", "bob@example.org", "--no-password")
    for title in ("One", "Two", "Three"):
        cli.ok("post", "create", "--title", title, "--author", EMAIL, "--content", "Some words", "--tag", "old")


def csv_of(*rows: tuple[str, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def titles(cli: Cli) -> list[str]:
    return cli.ok("post", "list", "--sort", "id", "--field", "title").lines


def test_apply_changes_fields_of_each_row(blog: Cli) -> None:
    content = 'A "quote", a comma\nand a line break\ttab \u2028 \U0001f600'
    rows = csv_of(
        ("ref", "title", "slug", "excerpt", "content", "author", "status", "published_at", "tags", "add_tags"),
        ("one", "New", "new", "Short", content, "bob@example.org", "published", "2024-05-01", "", "x,y"),
        ("id:2", "", "", "", "", "", "", "", "a, b", ""),
    )
    assert blog.ok("apply", stdin=rows).lines == ["1", "2"]
    post = blog.json("post", "show", "new")
    assert (post["title"], post["excerpt"], post["content"]) == ("New", "Short", content)
    assert (post["author"], post["status"]) == ("bob@example.org", "published")
    assert (post["published_at"], post["tags"]) == ("2024-05-01T00:00:00Z", ["old", "x", "y"])
    second = blog.json("post", "list", "--ids", "2")[0]
    assert (second["title"], second["tags"]) == ("Two", ["a", "b"])
    assert blog.ok("db", "check").stdout == ""


def test_apply_is_one_operation_and_can_be_undone(blog: Cli) -> None:
    query = "SELECT count(*), max(id) FROM journal_operations"
    url = blog.url
    ((count, _),) = fetch(url, query)
    blog.ok("apply", stdin=csv_of(("ref", "title"), ("1", "A"), ("2", "B")))
    ((new_count, number),) = fetch(url, query)
    assert new_count == count + 1
    blog.ok("undo", number, "--yes")
    assert titles(blog) == ["One", "Two", "Three"]


def test_cell_removes_value(blog: Cli) -> None:
    blog.ok("post", "update", "1", "--excerpt", "Short")
    blog.ok("apply", stdin=csv_of(("ref", "excerpt", "content", "tags"), ("1", r"\N", r"\N", r"\N")))
    post = blog.json("post", "list", "--ids", "1")[0]
    assert (post["excerpt"], post["words"], post["tags"]) == (None, 0, [])
    refused = blog("apply", stdin=csv_of(("ref", "title"), ("1", r"\N")))
    assert (refused.exit_code, refused.stderr) == (7, "Error: line 2: Title: must not be null\n")


def test_output_of_list_can_be_applied(blog: Cli) -> None:
    listed = blog.ok("post", "list", "--format", "csv", "--fields", "id,updated_at,title,tags,author,status").stdout
    assert "3 posts unchanged" in " ".join(blog.ok("apply", stdin=listed).stderr.replace(",", "").split())
    blog.ok("apply", stdin=listed.replace("One", "First").replace("Two", "Second"))
    assert titles(blog) == ["First", "Second", "Three"]
    # The posts have changed since they were listed, so the same rows cannot be applied again.
    conflict = blog("apply", stdin=listed.replace("Three", "Third"))
    assert conflict.exit_code == 6
    assert "Posts were changed in the meantime: 2 (line 3), 1 (line 4); nothing was changed" in conflict.stderr
    assert titles(blog) == ["First", "Second", "Three"]


def test_version_is_compared(blog: Cli) -> None:
    version = blog.ok("post", "show", "1", "--field", "version").stdout.strip()
    blog.ok("apply", stdin=csv_of(("ref", "version", "title"), ("1", version, "A")))
    assert blog("apply", stdin=csv_of(("ref", "version", "title"), ("1", version, "B"))).exit_code == 6
    assert titles(blog)[0] == "A"


@pytest.mark.parametrize(
    ("rows", "code", "message"),
    [
        (b"", 2, "There is no header"),
        (b"title\nA\n", 2, "Invalid header: it needs one column ref or id, and no column twice"),
        (b"ref,id\n", 2, "Invalid header: it needs one column ref or id, and no column twice"),
        (b"ref,titel\n", 2, "Invalid header: unknown column 'titel'"),
        (b"ref,title\n1,A\n2\n", 7, "line 3: 1 cells, but the header has 2"),
        (b"ref,title\n1,A\n99,B\nnone,C\n", 5, "No such posts: 99 (line 3), none (line 4)"),
        (b"ref,title\n1,A\none,B\n", 2, "Two rows name the same post, at or before line 3"),
        (b'ref,title\n1,A\n2,"B\n', 7, "line 3: not valid CSV: unexpected end of data"),
        (b"ref,title\n1,A\n2,\xff\n", 7, "line 3: byte 2 is not UTF-8"),
        (b"ref,title\n1,A\n2,\0\n", 7, "line 3: byte 2 is NUL"),
        (b'ref,title\n1,"A\nB"\n2,' + b"x" * 2000 + b"\n", 7, "line 4: Title: value should have at most"),
        (b"ref,slug\n1,new\n2,three\n", 6, "line 3: The slug 'three' is taken by post 3"),
        (b"ref,author\n1,bob@example.org\n2,eve@example.org\n", 5, "line 3: No such user: eve@example.org"),
        (b"ref,status\n1,published\n2,trashed\n", 7, "line 3: a post cannot be moved to the trash"),
        (b"ref,status\n1,published\n2,lost\n", 7, "line 3: Status: input should be"),
        (b"ref,published_at\n1,2024-01-01\n2,soon\n", 7, "line 3: "),
        (b"ref,version,title\n1,x,A\n", 7, "line 2: version must be a whole number"),
        (b"ref,remove_tags\n1,old\n2,none\n", 5, "line 3: No such tag: none"),
    ],
)
def test_apply_changes_nothing_if_a_row_fails(blog: Cli, rows: bytes, code: int, message: str) -> None:
    before = blog.ok("post", "list", "--format", "json").stdout
    result = blog("apply", stdin=rows)
    assert (result.exit_code, blog.ok("post", "list", "--format", "json").stdout) == (code, before)
    assert result.stderr.startswith(f"Error: {message}")


def test_byte_order_mark_and_windows_line_ends_are_accepted(blog: Cli) -> None:
    blog.ok("apply", stdin=b"\xef\xbb\xbfref,title\r\n\r\n1,A\r\n")
    assert titles(blog)[0] == "A"


def test_dry_run_and_max_affected(blog: Cli) -> None:
    rows = csv_of(("ref", "title"), ("1", "A"), ("2", "Two"), ("3", "C"))
    result = blog.ok("apply", "--dry-run", stdin=rows)
    assert (result.lines, result.stderr) == (["1", "3"], "Would update 2 posts; 1 unchanged.\n")
    assert blog("apply", "--max-affected", "1", stdin=rows).exit_code == 6
    assert titles(blog) == ["One", "Two", "Three"]
    blog.ok("apply", "--max-affected", "2", stdin=rows)
    assert titles(blog) == ["A", "Two", "C"]


def test_trashed_post_is_refused(blog: Cli) -> None:
    blog.ok("post", "delete", "2")
    result = blog("apply", stdin=csv_of(("ref", "title"), ("1", "A"), ("2", "B")))
    assert (result.exit_code, titles(blog)) == (6, ["One", "Three"])


def test_apply_runs_in_batch_only_from_file(blog: Cli) -> None:
    result = blog("batch", stdin=b"apply\n")
    assert "line 1: A command in a batch cannot read stdin" in result.stderr
