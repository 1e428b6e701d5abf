"""Tests that messages name, and `db check` finds, values that another program has stored and blogcli cannot read."""

import json
from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.databases import execute, fetch
from tests.snapshots import Snapshots, cli_snapshot

INVALID = 7


def fill(cli: Cli) -> None:
    """Create four published posts with the ids 1 to 4, from the newest to the oldest."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for number in range(1, 5):
        title, date = f"Post {number}", f"2024-01-0{9 - number}"
        options = ("--status", "published", "--published-at", date, "--tag", "python", "--content", "words and more")
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", *options)


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create four posts in the database of the test."""
    fill(cli)


@pytest.fixture
def sqlite(snapshots: Snapshots, tmp_path: Path) -> Cli:
    """Return a command line for a blog on SQLite, because SQLite stores a value of any type in any column."""
    url = snapshots.copy(fill, "sqlite", tmp_path, lambda url, home: fill(Cli(environment(url, home))))
    return Cli(environment(url, tmp_path))


def set_values(cli: Cli, statement: str) -> None:
    """Run a statement on SQLite without check constraints, so that the statement can store invalid values."""
    execute(cli.url, f"PRAGMA ignore_check_constraints = ON; {statement}")


def problems_of(cli: Cli) -> list[tuple[str, str]]:
    """Return the code and the text of each problem that `db check` finds."""
    result = cli("db", "check", "--format", "json")
    assert result.exit_code == (1 if result.json else 0)
    assert all(problem["repair"] for problem in result.json)
    return [(problem["code"], problem["text"]) for problem in result.json]


UNREADABLE = {
    "published_at": "'2024-13-45'",
    "created_at": "'garbage'",
    "updated_at": "''",
    "trashed_at": "'x'",
    "expires_at": "20240531",
    "uuid": "'zz'",
    "extra": "'{bad'",
    "status": "'odd'",
    "words": "'many'",
    "version": "0",
    "title": "x'ff00'",
    "content": "x'ff00'",
    "excerpt": "CAST(x'ff41' AS TEXT)",
}


def test_list_with_unreadable_values_warns_and_continues(sqlite: Cli) -> None:
    for column in ("published_at", "created_at", "updated_at", "uuid", "status", "words", "title"):
        set_values(sqlite, f"UPDATE posts SET {column} = {UNREADABLE[column]} WHERE id = 2")  # noqa: S608 - the statement consists of constants
    commands = (
        ("post", "list"),
        ("post", "search", "words"),
        ("post", "list", "--limit", 3),
        ("post", "list", "--page-info"),
    )
    for arguments in commands:
        for format_ in ("json", "table", "tsv", "yaml"):
            if "--page-info" in arguments and format_ != "json":
                continue
            result = sqlite(*arguments, "--format", format_)
            assert result.exit_code == 0, (arguments, format_, result.stderr)
            assert "Warning: Post 2: created_at is not an instant: 'garbage'" in result.stderr, (arguments, format_)
            assert "Post 1" in result.stdout
            assert "Post 3" in result.stdout
    (post,) = [post for post in sqlite.json("post", "list") if post["id"] == 2]
    assert (post["created_at"], post["uuid"], post["words"], post["title"], post["status"]) == (
        None,
        None,
        None,
        "",
        "odd",
    )


@pytest.mark.parametrize("column", UNREADABLE)
def test_unreadable_value_is_found_by_check_and_named_by_commands(sqlite: Cli, column: str, tmp_path: Path) -> None:
    set_values(sqlite, f"UPDATE posts SET {column} = {UNREADABLE[column]} WHERE id = 2")  # noqa: S608 - the statement consists of constants
    ((code, text),) = [problem for problem in problems_of(sqlite) if problem[0] not in {"search", "integrity"}]
    assert (code, text.startswith(f"Post 2: {column} ")) == ("value", True)
    commands: list[tuple[str | int, ...]] = [
        ("post", "list", "--format", "json"),
        ("post", "list", "--status", "trashed", "--format", "table"),
        ("post", "search", "words"),
        ("post", "show", 2, "--format", "json"),
        ("post", "publish", 2),
        ("post", "update", 2, "--excerpt", "new", "--dry-run"),
        ("stats", "overview"),
        ("stats", "posts", "--by", "month"),
        ("stats", "posts", "--by", "status"),
        ("export", "jsonl"),
        ("export", "markdown", str(tmp_path / "files")),
        ("db", "reindex"),
    ]
    for arguments in commands:
        result = sqlite(*arguments)
        assert "Unexpected" not in result.stderr, arguments
        assert "pydantic" not in result.stderr, arguments
        if result.exit_code:
            assert result.exit_code in {1, INVALID}, (arguments, result.stderr)
            assert f"Post 2: {column} " in result.stderr or column in {"excerpt", "content"}, (arguments, result.stderr)
    assert sqlite.ok("post", "show", 1, "--format", "json").json["id"] == 1


def test_command_on_unreadable_post_fails_and_names_value(sqlite: Cli) -> None:
    set_values(sqlite, "UPDATE posts SET published_at = '2024-13-45' WHERE id = 2")
    for arguments in (("show", 2), ("unpublish", 2), ("update", 2, "--title", "New"), ("delete", "--all", "--yes")):
        result = sqlite("post", *arguments)
        assert (result.exit_code, result.stdout) == (INVALID, ""), arguments
        assert result.stderr == (
            "Error: Post 2: published_at is not an instant: '2024-13-45'\n"
            "Hint: Run `blogcli db check` to list all invalid values.\n"
        )
    assert fetch(sqlite.url, "SELECT count(*) FROM posts WHERE trashed_at IS NULL") == [(4,)]


def test_export_skips_unreadable_rows_and_fails_at_end(sqlite: Cli, tmp_path: Path) -> None:
    set_values(sqlite, "UPDATE posts SET created_at = 'garbage' WHERE id = 2")
    set_values(sqlite, "UPDATE posts SET title = CAST(x'ff41' AS TEXT) WHERE id = 3")
    set_values(sqlite, "INSERT INTO users VALUES (9, 'bob@example.org', '!', NULL, 1, 'x', 'x')")
    path = tmp_path / "blog.jsonl"
    result = sqlite("export", "jsonl", str(path))
    assert result.exit_code == 1
    titles = [record["title"] for record in map(json.loads, path.read_text().splitlines()) if record["type"] == "post"]
    assert titles == ["Post 1", "Post 4"]
    assert "Skipped: Post 2: created_at is not an instant: 'garbage'" in result.stderr
    assert "Skipped: Post 3: title is not valid UTF-8" in result.stderr
    assert "Skipped: User 9: created_at is not an instant: 'x'; User 9: updated_at" in result.stderr
    assert "Exported 2 posts, 1 user" in result.stderr
    assert "Error: 3 rows were skipped" in result.stderr


def test_export_delete_with_unreadable_post_deletes_nothing(sqlite: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    sqlite.ok("export", "markdown", str(folder))
    names = sorted(path.name for path in folder.rglob("*.md"))
    set_values(sqlite, "UPDATE posts SET created_at = 'garbage' WHERE id = 2")
    result = sqlite("export", "markdown", str(folder), "--delete")
    assert (result.exit_code, "Post 2" in result.stderr) == (INVALID, True)
    assert sorted(path.name for path in folder.rglob("*.md")) == names


def test_check_finds_invalid_values(blog: Cli) -> None:
    execute(
        blog.url,
        """
        UPDATE users SET email = 'Ann@Example.org', full_name = ' ' WHERE id = 1;
        UPDATE tags SET name = 'a,b' WHERE id = 1;
        UPDATE posts SET title = ' ', slug = 'Upper Case', words = -1, version = 0 WHERE id = 1;
        UPDATE posts SET slug = 'a/b', extra = '[1]' WHERE id = 2;
        INSERT INTO post_imports (post_id, digest, version) VALUES (1, 'short', 1);
        """,
    )
    texts = [text for code, text in problems_of(blog) if code == "value"]
    expected = [
        "User 1: email is not a normalized address",
        "User 1: full_name is empty",
        "Tag 1: name cannot be the name of a tag",
        "Tag 1: key is not the key of the name",
        "Post 1: title is empty",
        "Post 1: slug is not a valid slug",
        "Post 2: slug is not a valid slug",
        "Post 1: words is out of range",
        "Post 1: version is out of range",
        "Post 2: extra is not a JSON object",
        "The import of post 1: digest is not a digest",
    ]
    assert [text[: len(start)] for text, start in zip(texts, expected, strict=True)] == expected


def test_instant_out_of_range_is_named_and_found_by_check(blog: Cli, engine_name: str) -> None:
    out_of_range = "20000-01-01T00:00:00Z" if engine_name == "sqlite" else "20000-01-01 00:00:00+00"
    execute(blog.url, f"UPDATE posts SET published_at = '{out_of_range}' WHERE id = 2")  # noqa: S608 - the statement consists of constants
    result = blog("post", "show", 2)
    assert (result.exit_code, "Post 2: published_at is not an instant" in result.stderr) == (INVALID, True)
    assert [text for code, text in problems_of(blog) if code == "value"] == [
        f"Post 2: published_at is not an instant: '{out_of_range}'"
    ]


def test_instants_at_ends_of_calendar_are_valid(blog: Cli, engine_name: str) -> None:
    if engine_name == "postgresql":
        execute(blog.url, "UPDATE posts SET published_at = 'infinity', created_at = '-infinity' WHERE id = 2")
    blog.ok("post", "update", 1, "--published-at", "9999-12-31T23:59:59Z")
    assert problems_of(blog) == []


def test_check_finds_missing_constraints_and_triggers(blog: Cli, engine_name: str) -> None:
    if engine_name == "postgresql":
        execute(
            blog.url,
            """
            ALTER TABLE posts DROP CONSTRAINT ck_posts_status, DROP CONSTRAINT uq_posts_slug;
            ALTER TABLE post_imports DROP CONSTRAINT fk_post_imports_post_id_posts;
            ALTER TABLE post_tags DISABLE TRIGGER ALL;
            SELECT setval('posts_id_seq', 2);
            """,
        )
        # The journal has three triggers on post_tags.
        codes = ["constraint", "schema", "schema", "sequence", *["trigger"] * 4]
    else:
        execute(
            blog.url,
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(sql, '''scheduled'', ', '') WHERE name = 'posts';
            UPDATE sqlite_schema SET sql = replace(sql, 'ON DELETE CASCADE', '') WHERE name = 'post_imports';
            PRAGMA writable_schema = RESET;
            DROP TRIGGER posts_leave_search;
            UPDATE sqlite_sequence SET seq = 2 WHERE name = 'posts';
            """,
        )
        codes = ["constraint", "schema", "schema", "sequence", "trigger"]
    assert sorted(code for code, _ in problems_of(blog)) == codes


def test_check_finds_column_that_is_not_computed(blog: Cli, engine_name: str) -> None:
    changes = {
        "postgresql": "ALTER TABLE posts ALTER COLUMN characters DROP EXPRESSION",
        "sqlite": """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(sql, 'length(content)', 'length(title)') WHERE name = 'posts';
            PRAGMA writable_schema = RESET;
        """,
    }
    execute(blog.url, changes[engine_name])
    assert problems_of(blog) == [("schema", "posts.characters is not computed as length(content)")]


def test_reindex_replaces_broken_search_index(sqlite: Cli) -> None:
    execute(sqlite.url, "DELETE FROM post_search_data WHERE id > 10; UPDATE post_search_content SET c1 = 'x'")
    assert ("search", "The search index is broken") in problems_of(sqlite)
    assert sqlite.ok("db", "reindex", "--dry-run").stderr == "Would repair the search index of 4 of 4 posts.\n"
    assert sqlite.ok("db", "reindex").stderr == "Repaired the search index of 4 of 4 posts.\n"
    assert problems_of(sqlite) == []
    assert sqlite.ok("post", "search", "words", "--format", "count").stdout == "4\n"
    sqlite.ok("post", "delete", 1, "--purge", "--yes")
    assert problems_of(sqlite) == []


def test_missing_tables_are_found_by_check_and_named_by_search(blog: Cli) -> None:
    execute(blog.url, "DROP TABLE post_imports")
    assert problems_of(blog) == [("schema", "Missing: post_imports")]
    execute(blog.url, "DROP TABLE post_search")
    result = blog("post", "search", "words")
    assert (result.exit_code, "db check" in result.stderr) == (78, True)
