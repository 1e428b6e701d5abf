"""Tests of `blogcli db check`: what digests detect, `--full` and `--repair`."""

import asyncio
import json
import os
import signal
from typing import Any
from uuid import uuid4

import pytest

from blogcli.database import open_existing_engine
from blogcli.repositories.db.version_table import UNFINISHED_COPY
from blogcli.repositories.posts.search import SearchRepository
from blogcli.search import get_index_check, postgresql, sqlite
from tests.command_line import Cli
from tests.databases import execute, fetch, settings_for
from tests.snapshots import cli_snapshot

LONG_TEXT = " ".join(f"w{number}" for number in range(60_000))


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create sample posts with the ids 1 to 4."""
    cli.ok("db", "seed", "--posts", 4, "--users", 2, "--tags", 3)


def problems_of(cli: Cli, *options: str) -> list[tuple[str, str]]:
    """Return the code and the text of each problem that `db check` finds."""
    result = cli("db", "check", *options, "--format", "json")
    assert result.exit_code == (1 if result.json else 0), result.stderr
    return [(problem["code"], problem["text"]) for problem in result.json]


def unverified_posts(url: str) -> list[int]:
    """Return the ids of the posts whose digests do not match."""

    async def find() -> list[int]:
        async with open_existing_engine(settings_for(url)) as engine, engine.connect() as connection:
            check = get_index_check(connection.dialect.name)
            return await connection.run_sync(check.find_unverified)

    return asyncio.run(find())


# Each fault is a statement for SQLite, a statement for PostgreSQL, and the problems that it causes.
FAULTS = {
    "changed content": (
        "UPDATE posts SET content = 'birds' WHERE id = 2",
        "UPDATE posts SET content = 'birds' WHERE id = 2",
        {"words", "search"},
    ),
    "changed title": (
        "UPDATE posts SET title = 'Birds' WHERE id = 2",
        "UPDATE posts SET title = 'Birds' WHERE id = 2",
        {"search"},
    ),
    "changed words": (
        "UPDATE posts SET words = words + 1 WHERE id = 2",
        "UPDATE posts SET words = words + 1 WHERE id = 2",
        {"words"},
    ),
    "missing row": (
        "DELETE FROM post_search WHERE rowid = 2",
        "DELETE FROM post_search WHERE post_id = 2",
        {"search"},
    ),
    "altered row": (
        "UPDATE post_search SET content = 'birds' WHERE rowid = 2",
        "UPDATE post_search SET document = '''birds'':1' WHERE post_id = 2",
        {"search"},
    ),
    "row of missing post": (
        "INSERT INTO post_search (rowid, title, content) VALUES (99, 'a', 'b')",
        """ALTER TABLE post_search DISABLE TRIGGER ALL;
        INSERT INTO post_search (post_id, part, document) VALUES (99, 0, '''a'':1');
        ALTER TABLE post_search ENABLE TRIGGER ALL""",
        {"search"},
    ),
    "wrong counts in journal": (
        "UPDATE journal_operations SET counts = '{}' WHERE id = 1",
        "UPDATE journal_operations SET counts = '{}' WHERE id = 1",
        {"journal"},
    ),
    "wrong key of tag": (
        "UPDATE tags SET key = 'other' WHERE id = 2",
        "UPDATE tags SET key = 'other' WHERE id = 2",
        {"value"},
    ),
    "missing trigger": (
        "DROP TRIGGER posts_leave_search",
        "DROP TRIGGER post_search_forget_digest ON post_search",
        {"trigger"},
    ),
    "lagging sequence": (
        "UPDATE sqlite_sequence SET seq = 1 WHERE name = 'posts'",
        "SELECT setval('posts_id_seq', 1)",
        {"sequence"},
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_finds_and_repairs_fault(blog: Cli, engine_name: str, fault: str) -> None:
    sqlite_statement, postgresql_statement, codes = FAULTS[fault]
    execute(blog.url, sqlite_statement if engine_name == "sqlite" else postgresql_statement)
    problems = problems_of(blog)
    assert {code for code, _ in problems} == codes
    assert problems_of(blog, "--full") == problems
    repaired = blog.ok("db", "check", "--repair", "--format", "json")
    assert [(problem["code"], problem["text"], problem["repaired"]) for problem in repaired.json] == [
        (*problem, True) for problem in problems
    ]
    assert problems_of(blog) == problems_of(blog, "--full") == []
    assert unverified_posts(blog.url) == []


@pytest.mark.parametrize(
    ("revision", "text", "repair"),
    [
        ("0001", "The database is at revision 0001; blogcli needs", "Run `blogcli db upgrade`"),
        ("9999", "The database is at revision 9999, which is newer than this blogcli", "Install a newer blogcli"),
        (UNFINISHED_COPY, "unfinished copy of a blog", "Repeat the `blogcli db copy` to finish it"),
    ],
)
def test_check_tells_how_to_repair_wrong_revision(cli: Cli, revision: str, text: str, repair: str) -> None:
    execute(cli.url, f"UPDATE blogcli_version SET version_num = '{revision}'")  # noqa: S608 - the value is constant
    result = cli("db", "check", "--format", "json")
    assert (result.exit_code, len(result.json)) == (1, 1)
    problem = result.json[0]
    assert (problem["code"], text in problem["text"], problem["repair"]) == ("revision", True, repair)


def test_check_does_not_analyze_texts_with_right_digests(blog: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(texts: object) -> None:
        raise AssertionError(texts)

    for index in (sqlite, postgresql):
        monkeypatch.setattr(index, "documents", fail)
    assert problems_of(blog) == []
    execute(blog.url, "UPDATE posts SET title = 'Birds' WHERE id = 2")
    assert "Birds" in blog("db", "check").stderr


def test_missing_digests_are_no_problem_and_reindex_stores_them(blog: Cli, engine_name: str) -> None:
    statements = {"sqlite": "DELETE FROM post_search_digests", "postgresql": "UPDATE post_search SET digest = NULL"}
    execute(blog.url, statements[engine_name])
    assert unverified_posts(blog.url) == [1, 2, 3, 4]
    assert problems_of(blog) == []
    assert blog.ok("db", "reindex").stderr == "Nothing to do: the search index of all 4 posts is correct.\n"
    assert unverified_posts(blog.url) == []


def test_every_way_to_change_text_stores_digests(blog: Cli) -> None:
    commands: list[tuple[str | int, ...]] = [
        ("post", "update", 1, "--content", "changed text"),
        ("post", "update", 2, "--title", "Übung 写真"),
        ("post", "replace", "changed", "new", "--ids", "1", "--yes"),
        ("undo", 4),
        ("redo", 5),
        ("post", "revert", 1, "--to", 1),
        ("post", "delete", 4, "--purge", "--yes"),
        ("undo", 8),
    ]
    for arguments in commands:
        before = texts_of(blog.url)
        blog.ok(*arguments)
        assert texts_of(blog.url) != before, arguments
    post = {"type": "post", "uuid": str(uuid4()), "title": "Imported", "content": "Two words"}
    lines = [json.dumps({"type": "blogcli", "version": 1}), json.dumps(post), ""]
    blog.ok("import", "jsonl", "-", "--author", 1, stdin="\n".join(lines))
    assert [title for _, title, _ in texts_of(blog.url)][-1] == "Imported"
    assert unverified_posts(blog.url) == []
    assert problems_of(blog, "--full") == []


def texts_of(url: str) -> list[tuple[Any, ...]]:
    return fetch(url, "SELECT id, title, content FROM posts ORDER BY id")


@pytest.mark.untraced
def test_check_finds_missing_part_of_long_post(blog: Cli, engine_name: str) -> None:
    blog.ok("post", "update", 1, "--file", "-", stdin=LONG_TEXT)
    assert unverified_posts(blog.url) == []
    if engine_name == "postgresql":
        execute(blog.url, "DELETE FROM post_search WHERE post_id = 1 AND part = 2")
        assert unverified_posts(blog.url) == [1]
        assert problems_of(blog) == [("search", "The search index is wrong for post 1")]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_check_finds_index_whose_totals_are_wrong(blog: Cli) -> None:
    execute(blog.url, "UPDATE post_search_data SET block = x'050909' WHERE id = 1")
    assert problems_of(blog) == [("search", "The search index is broken")]
    blog.ok("db", "check", "--repair")
    assert problems_of(blog) == problems_of(blog, "--full") == []


def test_repair_of_words_is_an_operation_that_can_be_undone(blog: Cli) -> None:
    execute(blog.url, "UPDATE posts SET words = 0 WHERE id = 1")
    blog.ok("db", "check", "--repair")
    ((number, command), *_) = fetch(blog.url, "SELECT id, command FROM journal_operations ORDER BY id DESC LIMIT 1")
    assert command.startswith("db check --repair")
    blog.ok("undo", number)
    assert problems_of(blog) == [("words", problems_of(blog)[0][1])]


def test_ctrl_c_after_first_step_of_repair_ends_the_command(blog: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(blog.url, "UPDATE posts SET words = 0, title = 'Birds' WHERE id = 1")
    find_total = SearchRepository.count_posts

    async def interrupt(repository: SearchRepository) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        return await find_total(repository)

    monkeypatch.setattr(SearchRepository, "count_posts", interrupt)
    result = blog("db", "check", "--repair")
    monkeypatch.undo()
    assert (result.exit_code, result.stdout) == (130, "")
    assert "Error: Interrupted; the completed repairs were saved\nHint: Run the command again" in result.stderr
    assert problems_of(blog) == [("search", "The search index is wrong for post 1")]
    blog.ok("db", "check", "--repair")
    assert problems_of(blog) == []


def test_dry_run_of_repair_changes_nothing(blog: Cli) -> None:
    execute(blog.url, "UPDATE posts SET title = 'Birds' WHERE id = 2")
    result = blog("db", "check", "--repair", "--dry-run", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "Would repair 1 of 1 problem.\n")
    assert [(problem["repairable"], problem["repaired"]) for problem in result.json] == [(True, False)]
    assert problems_of(blog) == [("search", "The search index is wrong for post 2")]
    assert blog("db", "check", "--dry-run").exit_code == 2


def test_repair_leaves_what_is_not_derived(blog: Cli) -> None:
    execute(blog.url, "UPDATE posts SET slug = 'Upper' WHERE id = 1; UPDATE posts SET words = 0 WHERE id = 2")
    result = blog("db", "check", "--repair", "--format", "json")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "Repaired 1 of 2 problems.")
    assert [(problem["code"], problem["repaired"]) for problem in result.json] == [("value", False), ("words", True)]
    assert blog("db", "check", "--repair").stderr == "Repaired 0 of 1 problem.\n"


def test_key_that_another_tag_has_is_not_repaired(blog: Cli) -> None:
    ((first,), (second,)) = fetch(blog.url, "SELECT key FROM tags WHERE id IN (1, 2) ORDER BY id")
    execute(blog.url, f"UPDATE tags SET key = 'x' WHERE id = 1; UPDATE tags SET key = '{first}' WHERE id = 2")  # noqa: S608 - the key was read from the database
    result = blog("db", "check", "--repair", "--format", "json")
    assert (result.exit_code, [problem["repaired"] for problem in result.json]) == (1, [False, True])
    assert fetch(blog.url, "SELECT key FROM tags WHERE id IN (1, 2) ORDER BY id") == [("x",), (second,)]


def test_check_finds_changes_of_missing_operation(blog: Cli) -> None:
    execute(blog.url, "UPDATE journal_changes SET operation_id = 99 WHERE row_id = 1 AND table_no = 2")
    assert [code for code, _ in problems_of(blog)] == ["journal", "journal"]
    assert problems_of(blog)[0][1] == "Operation 99 does not exist, but its changes do (number: 1)"
