"""Tests that the triggers of the journal record every kind of change, also by other programs."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update

from blogcli.database import SessionFactory
from blogcli.database.revisions import head_revision
from blogcli.models import Post, Tag
from blogcli.models.base import utc_now
from blogcli.models.journal import JournalChange
from blogcli.repositories.inserts import insert_rows
from blogcli.repositories.journal import postgresql_triggers, sqlite_triggers
from blogcli.repositories.journal.tables import JournaledTable, journaled_tables
from tests.command_line import Cli
from tests.databases import Templates, execute, fetch

TIME = "2024-05-31T16:00:00.000000Z"
LATER = "2025-01-01T00:00:00.000000Z"
HOSTILE = 'it\'s "x" \\ \\\\n\t\n\u2028 \U0001f469\u200d\U0001f680 %s :name {} \x7f'
CONTENT = f"""
    INSERT INTO users (email, hashed_password, full_name, is_active, created_at, updated_at) VALUES
        ('ann@example.org', '!', 'Ann', TRUE, '{TIME}', '{TIME}'),
        ('bob@example.org', '!', NULL, FALSE, '{TIME}', '{TIME}');
    INSERT INTO tags (name, key) VALUES ('Python', 'python'), ('Rust', 'rust');
    INSERT INTO posts (uuid, title, slug, status, author_id, words, version, created_at, updated_at, extra, content)
        VALUES ('{1:032x}', 'First', 'first', 'draft', 1, 1, 1, '{TIME}', '{TIME}', '{{"a": 1.50}}', 'one'),
               ('{2:032x}', 'Second', 'second', 'draft', 1, 1, 1, '{TIME}', '{TIME}', '{{}}', 'two');
    INSERT INTO post_tags (post_id, tag_id) VALUES (1, 1);
    INSERT INTO post_imports (post_id, digest, version) VALUES (1, '0123456789abcdef0123456789abcdef', 1);
    DELETE FROM journal_changes;
    DELETE FROM journal_operations;
"""
# A new value, as an SQL expression, for each recorded column.
NEW_VALUES = {
    "users": {
        "email": "'eve@example.org'",
        "hashed_password": "'hash'",
        "full_name": "'Ann B.'",
        "is_active": "FALSE",
        "created_at": f"'{LATER}'",
        "updated_at": f"'{LATER}'",
    },
    "posts": {
        "uuid": f"'{3:032x}'",
        "title": "'New'",
        "slug": "'new'",
        "excerpt": "'Short'",
        "status": "'published'",
        "published_at": f"'{LATER}'",
        "trashed_at": f"'{LATER}'",
        "expires_at": f"'{LATER}'",
        "first_published_at": f"'{LATER}'",
        "author_id": "2",
        "words": "2",
        "version": "2",
        "extra": "'{\"a\": 1.5}'",
        "content": "'new'",
        "created_at": f"'{LATER}'",
        "updated_at": f"'{LATER}'",
    },
    "tags": {"name": "'Java'", "key": "'java'"},
    "post_imports": {
        "digest": "'f123456789abcdef0123456789abcdef'",
        "version": "2",
        "updated_at": "'2001-02-03T04:05:06.000000Z'",
    },
}
TABLES_WITH_COLUMNS = [table for table in journaled_tables() if table.columns]
# Maps the name of a change to the statement of another program and to the changes in the journal.
CHANGES = {
    "same values": ("UPDATE posts SET title = title, extra = extra", []),
    "no rows": ("UPDATE posts SET title = 'x' WHERE id = 9", []),
    "value instead of null": ("UPDATE posts SET excerpt = 'x' WHERE id = 1", [("posts", 1, 0, "u", {"excerpt": None})]),
    "insert": (
        "INSERT INTO tags (name, key) VALUES ('C', 'c'), ('D', 'd')",
        [("tags", 3, 0, "i"), ("tags", 4, 0, "i")],
    ),
    "link": ("INSERT INTO post_tags (post_id, tag_id) VALUES (2, 2)", [("post_tags", 2, 2, "i")]),
    "delete": ("DELETE FROM tags WHERE id = 2", [("tags", 2, 0, "d", {"name": "Rust", "key": "rust"})]),
    "changed key": (
        "UPDATE tags SET id = 9, name = 'x' WHERE id = 2",
        [("tags", 2, 0, "d", {"name": "Rust", "key": "rust"}), ("tags", 9, 0, "i")],
    ),
    "changed link": ("UPDATE post_tags SET tag_id = 2", [("post_tags", 1, 1, "d", {}), ("post_tags", 1, 2, "i")]),
    "upsert of existing row": (
        "INSERT INTO tags (name, key) VALUES ('PYTHON', 'python') ON CONFLICT (key) DO UPDATE SET name = excluded.name",
        [("tags", 1, 0, "u", {"name": "Python"})],
    ),
    "upsert of new row": (
        "INSERT INTO tags (name, key) VALUES ('C', 'c') ON CONFLICT (key) DO UPDATE SET name = excluded.name",
        [("tags", 3, 0, "i")],
    ),
    "skipped insert": ("INSERT INTO tags (name, key) VALUES ('P', 'python') ON CONFLICT DO NOTHING", []),
    "exact JSON": ("UPDATE posts SET extra = '{}' WHERE id = 1", [("posts", 1, 0, "u", {"extra": '{"a": 1.50}'})]),
    "equal JSON in other notation": (
        "UPDATE posts SET extra = '{\"a\":1.50}' WHERE id = 1",
        [("posts", 1, 0, "u", {"extra": '{"a": 1.50}'})],
    ),
    "savepoint rolled back": (
        "BEGIN; SAVEPOINT a; UPDATE tags SET name = 'x'; ROLLBACK TO a; DELETE FROM post_imports; COMMIT",
        [("post_imports", 1, 0, "d", {"digest": "0123456789abcdef0123456789abcdef", "version": 1, "updated_at": None})],
    ),
    "transaction rolled back": ("BEGIN; UPDATE tags SET name = 'x'; ROLLBACK", []),
    "only savepoint rolled back": ("BEGIN; SAVEPOINT a; UPDATE tags SET name = 'x'; ROLLBACK TO a; COMMIT", []),
    "temporary table of same name": (
        """CREATE TEMPORARY TABLE journal_changes (id int); CREATE TEMPORARY TABLE journal_operations (id int);
        UPDATE tags SET name = 'x' WHERE id = 1""",
        [("tags", 1, 0, "u", {"name": "Python"})],
    ),
}


@pytest.fixture
def blog(database_url: str) -> str:
    """Return the URL of a database with two posts and an empty journal."""
    execute(database_url, CONTENT)
    return database_url


@pytest.fixture
def role(templates: Templates) -> Iterator[str]:
    """Create a role of the PostgreSQL server and yield its name."""
    name = f"blogcli_{uuid4().hex}"
    templates.execute(f"CREATE ROLE {name}")
    yield name
    templates.execute(f"DROP ROLE {name}")


def changes_in(url: str) -> list[tuple[Any, ...]]:
    """Return the table, the key, the action and the former values of all changes."""
    names = {table.number: table.name for table in journaled_tables()}
    rows = fetch(url, "SELECT table_no, row_id, other_id, action, was FROM journal_changes ORDER BY id")
    return [(names[row[0]], *row[1:4], *([json.loads(row[4])] if row[4] is not None else [])) for row in rows]


def operations_in(url: str) -> list[tuple[Any, ...]]:
    return fetch(url, "SELECT id, kind FROM journal_operations ORDER BY id")


def former_value(url: str, table: JournaledTable, column: str) -> Any:
    """Return the value of a column of the first row, as the journal has to record it."""
    array = f"json_array({column})"
    if url.startswith("postgresql:"):
        value = f"{column}::text" if column in table.json_columns else column
        array = f"json_build_array({value})::text"
    ((former,),) = fetch(url, f"SELECT {array} FROM {table.name} ORDER BY {table.key[0]} LIMIT 1")
    return json.loads(former)[0]


def test_triggers_of_new_database_equal_generated_triggers(database_url: str, engine_name: str) -> None:
    tables = journaled_tables()
    if engine_name == "sqlite":
        expected = sqlite_triggers.journal_triggers(tables)
        for table in tables:
            expected |= sqlite_triggers.table_triggers(table)
        query = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'journal%'"
        assert dict(fetch(database_url, query)) == expected
        return
    query = "SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'journal%'"
    assert dict(fetch(database_url, query)) == postgresql_triggers.function_bodies(tables)
    query = "SELECT DISTINCT prosecdef, proconfig::text FROM pg_proc WHERE proname LIKE 'journal%'"
    assert fetch(database_url, query) == [(True, '{"search_path=public, pg_temp"}')]
    query = """
        SELECT relname, tgname, pg_get_triggerdef(t.oid, true)
        FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE tgname LIKE 'journal%'
    """
    triggers = {(row[0], row[1]): set(row[2].split()) for row in fetch(database_url, query)}
    assert triggers == {
        name: set(definition.split()) for name, definition in postgresql_triggers.trigger_definitions(tables).items()
    }


def test_downgrade_removes_journal_and_upgrade_recreates_it(cli: Cli, blog: str, engine_name: str) -> None:
    rows = fetch(blog, "SELECT id, title, slug, content FROM posts ORDER BY id")
    cli.ok("db", "downgrade", "0004", "--yes")
    if engine_name == "sqlite":
        leftovers = "SELECT name FROM sqlite_schema WHERE name LIKE '%journal%' OR sql LIKE '%journal%'"
    else:
        leftovers = """
            SELECT proname FROM pg_proc WHERE proname LIKE 'journal%'
            UNION ALL SELECT relname FROM pg_class WHERE relname LIKE '%journal%'
            UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE 'journal%'
        """
    assert fetch(blog, leftovers) == []
    execute(blog, "UPDATE tags SET name = 'PYTHON' WHERE id = 1")
    cli.ok("db", "upgrade")
    assert fetch(blog, "SELECT id, title, slug, content FROM posts ORDER BY id") == rows
    assert changes_in(blog) == []
    test_triggers_of_new_database_equal_generated_triggers(blog, engine_name)
    cli.ok("tag", "rename", "rust", "Java")
    assert changes_in(blog) == [("tags", 2, 0, "u", {"name": "Rust", "key": "rust"})]
    # Other programs do not index the posts that they insert.
    assert {problem["code"] for problem in cli("db", "check", "--format", "json").json} == {"search"}


@pytest.mark.parametrize(
    "table", [table for table in journaled_tables() if table.columns], ids=lambda table: table.name
)
def test_update_of_each_column_records_former_value(blog: str, table: JournaledTable) -> None:
    assert NEW_VALUES[table.name].keys() == {*table.columns}
    for column, value in NEW_VALUES[table.name].items():
        former = former_value(blog, table, column)
        update_ = f"UPDATE {table.name} SET {column} = {value} WHERE {table.key[0]} = 1"
        execute(blog, f"DELETE FROM journal_changes; {update_}; {update_}")
        assert changes_in(blog) == [(table.name, 1, 0, "u", {column: former})]


@pytest.mark.parametrize(("statement", "expected"), CHANGES.values(), ids=CHANGES)
def test_change_by_other_program_is_recorded(blog: str, statement: str, expected: list[tuple[Any, ...]]) -> None:
    execute(blog, statement)
    assert changes_in(blog) == expected
    assert [kind for _, kind in operations_in(blog)] == ["outside"] * bool(expected)


def test_delete_records_whole_rows_and_cascades(blog: str, engine_name: str) -> None:
    tables = {table.name: table for table in journaled_tables()}
    post = {column: former_value(blog, tables["posts"], column) for column in tables["posts"].columns}
    enforce = "PRAGMA foreign_keys = ON;" if engine_name == "sqlite" else ""
    execute(blog, f"{enforce} DELETE FROM posts WHERE id = 1")
    assert sorted(changes_in(blog), key=lambda change: change[0]) == [
        ("post_imports", 1, 0, "d", {"digest": "0123456789abcdef0123456789abcdef", "version": 1, "updated_at": None}),
        ("post_tags", 1, 1, "d", {}),
        ("posts", 1, 0, "d", post),
    ]
    assert len(operations_in(blog)) == 1


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_replace_on_sqlite_records_only_new_row(blog: str) -> None:
    execute(blog, "REPLACE INTO tags (id, name, key) VALUES (1, 'C', 'c')")
    assert changes_in(blog) == [("tags", 1, 0, "i")]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_outside_changes_on_sqlite_within_a_second_are_one_operation(blog: str) -> None:
    execute(blog, "UPDATE tags SET name = 'x' WHERE id = 1; UPDATE tags SET name = 'y' WHERE id = 1")
    ((first, _),) = operations_in(blog)
    execute(blog, f"UPDATE journal_operations SET ended_at = '{TIME}'; UPDATE tags SET name = 'z' WHERE id = 1")
    assert operations_in(blog) == [(first, "outside"), (first + 1, "outside")]
    columns = "program LIKE 'sqlite 3.%', verb, command, actor, host, profile, revision, targets, counts, undone_by_id"
    assert fetch(blog, f"SELECT {columns} FROM journal_operations WHERE id = {first}") == [
        (1, None, None, None, None, None, head_revision(), None, None, None)
    ]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_truncate_records_all_rows(blog: str) -> None:
    execute(blog, "TRUNCATE posts CASCADE")
    assert sorted(change[:4] for change in changes_in(blog)) == [
        ("post_imports", 1, 0, "d"),
        ("post_tags", 1, 1, "d"),
        ("posts", 1, 0, "d"),
        ("posts", 2, 0, "d"),
    ]
    assert len(operations_in(blog)) == 1


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_infinity_is_recorded(blog: str) -> None:
    execute(blog, "UPDATE posts SET expires_at = 'infinity', published_at = '-infinity' WHERE id = 1")
    execute(blog, "SET timezone = 'Asia/Tokyo'; UPDATE posts SET expires_at = NULL, published_at = NULL WHERE id = 1")
    assert changes_in(blog)[1][4] == {"expires_at": "infinity", "published_at": "-infinity"}


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_transactions_of_other_programs_are_operations(blog: str) -> None:
    execute(blog, "SET application_name = 'editor'; BEGIN; DELETE FROM post_tags; UPDATE tags SET name = 'x'; COMMIT")
    execute(blog, "UPDATE tags SET name = 'y'")
    columns = "kind, program, actor = session_user, verb, command, profile, revision"
    assert fetch(blog, f"SELECT {columns} FROM journal_operations ORDER BY id") == [
        ("outside", "editor", True, None, None, None, head_revision()),
        ("outside", None, True, None, None, None, head_revision()),
    ]
    counts = [json.loads(row[0]) for row in fetch(blog, "SELECT counts FROM journal_operations ORDER BY id")]
    assert counts == [{"post_tags": [0, 0, 1], "tags": [0, 2, 0]}, {"tags": [0, 2, 0]}]


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
def test_role_without_rights_on_journal_is_recorded(blog: str, role: str) -> None:
    execute(blog, f"GRANT SELECT, UPDATE ON posts TO {role}")
    execute(blog, f"SET SESSION AUTHORIZATION {role}; UPDATE posts SET title = 'x' WHERE id = 1")
    assert changes_in(blog) == [("posts", 1, 0, "u", {"title": "First"})]
    assert fetch(blog, "SELECT kind, actor FROM journal_operations") == [("outside", role)]
    for table in ("journal_changes", "journal_operations"):
        with pytest.raises(Exception, match=f"permission denied for table {table}"):
            execute(blog, f"SET SESSION AUTHORIZATION {role}; SELECT * FROM {table}")
    execute(blog, f"DROP OWNED BY {role}")


async def test_hostile_texts_are_recorded_exactly(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        session.add(Tag(name=HOSTILE, key=HOSTILE))
    for statement in (update(Tag).values(name="x"), delete(Tag)):
        async with sessions.begin() as session:
            await session.execute(statement)
    async with sessions() as session:
        former = (await session.scalars(select(JournalChange.was).order_by(JournalChange.id))).all()
    assert former == [None, {"name": HOSTILE}, {"name": "x", "key": HOSTILE}]


async def test_bulk_inserts_are_recorded(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await insert_rows(session, Tag.metadata.tables["tags"], [{"id": 7, "name": "C", "key": "c"}])
        await session.execute(insert(Tag), [{"name": "D", "key": "d"}, {"name": "E", "key": "e"}])
    async with sessions() as session:
        columns = (JournalChange.operation_id, JournalChange.table_no, JournalChange.action, JournalChange.was)
        changes = (await session.execute(select(*columns))).all()
        ids = (await session.scalars(select(JournalChange.row_id))).all()
        numbers = (await session.scalars(select(Tag.id))).all()
    assert sorted(ids) == sorted(numbers)
    assert {tuple(change) for change in changes} == {(changes[0][0], 3, "i", None)}


async def test_orm_update_records_changed_columns(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        tag = Tag.named("Python")
        session.add(tag)
        await session.flush()
        tag.name = "PYTHON"
        await session.execute(text("SELECT 1"))
        await session.execute(update(Post).values(updated_at=utc_now()))
    async with sessions() as session:
        changes = (await session.execute(select(JournalChange.action, JournalChange.was))).all()
    assert [tuple(change) for change in changes] == [("i", None), ("u", {"name": "Python"})]
