"""Tests of upgrading and downgrading empty and filled databases, and of concurrent upgrades."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from blogcli.database import SessionFactory, open_database, open_existing_engine, open_migration_engine, revisions
from blogcli.database.revisions import head_revision
from blogcli.errors import BlogError, ExitCode
from blogcli.models import Post, Tag, User, post_tags
from blogcli.services.db import check, migration, migrations
from tests.command_line import Cli
from tests.databases import Templates, migrate, settings_for
from tests.factories import make_post, make_tag, make_user

TOP = Path(__file__).parent.parent
TABLES = {"blog", "users", "posts", "tags", "post_tags", "post_imports", "journal_operations", "journal_changes"}


@pytest.fixture
def empty_url(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a PostgreSQL database without tables, or of a SQLite file that does not exist."""
    return str(tmp_path / "new" / "blog.db") if engine_name == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.fixture
def own_migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the services use a copy of the migrations, and return the folder `versions` of the copy."""
    home = tmp_path / "home"
    shutil.copytree(TOP / "migrations", home / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "alembic.ini", home)
    for module in (migration, revisions):
        monkeypatch.setattr(module, "migrations_home", lambda: home)
    return home / "migrations" / "versions"


def add_version(folder: Path, body: str) -> str:
    """Add a migration that follows the newest migration, and return the revision of the added migration."""
    revision = revisions.next_revision()
    head = head_revision()
    start = f"import sqlalchemy as sa\nfrom alembic import op\n\nrevision = {revision!r}\n"
    source = f"{start}down_revision = {head!r}\n\n\ndef upgrade():\n{{}}\n"
    lines = "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())
    (folder / f"{revision}_trial.py").write_text(source.format(lines), "utf-8")
    return revision


async def tables_of(url: str) -> set[str]:
    async with open_existing_engine(settings_for(url)) as engine, engine.connect() as connection:
        names: list[str] = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return set(names)


async def problems_of(url: str) -> list[str]:
    async with open_existing_engine(settings_for(url)) as engine:
        return [problem.text for problem in await check.check(engine)]


async def fill(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        tags = [make_tag("写真"), make_tag("python")]
        session.add_all([make_post(author=author, tags=tags, content="Text") for _ in range(3)])


async def count_rows(url: str) -> list[int]:
    async with open_existing_engine(settings_for(url)) as engine, engine.connect() as connection:
        tables = (User, Post, Tag, post_tags)
        return [(await connection.scalar(select(func.count()).select_from(table))) or 0 for table in tables]


def run_python(*arguments: str | Path, url: str, home: Path) -> "subprocess.Popen[str]":
    """Start Python in the checkout. Only the variables PATH, HOME and BLOGCLI_DATABASE_URL are set."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(home), "BLOGCLI_DATABASE_URL": url}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=TOP,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def test_upgrade_and_downgrade_of_empty_database(empty_url: str) -> None:
    async with open_migration_engine(settings_for(empty_url)) as engine:
        up = await migrations.upgrade(engine)
        down = await migrations.downgrade(engine, "base")
        assert [step.revision for step in up] == [step.revision for step in reversed(down)]
        assert up[-1].revision == head_revision()
        assert not await tables_of(empty_url) & TABLES
        assert await migrations.upgrade(engine) == up
        assert await migrations.upgrade(engine) == []
    assert await tables_of(empty_url) >= TABLES


async def test_upgrade_and_downgrade_of_filled_database(database_url: str) -> None:
    async with open_database(settings_for(database_url)) as sessions:
        await fill(sessions)
    assert await count_rows(database_url) == [1, 3, 2, 6]
    async with open_migration_engine(settings_for(database_url)) as engine:
        await migrations.downgrade(engine, "base")
        assert not await tables_of(database_url) & TABLES
        await migrations.upgrade(engine)
    assert await count_rows(database_url) == [0, 0, 0, 0]
    assert await problems_of(database_url) == []


async def test_upgrade_reports_progress_of_indexing(database_url: str) -> None:
    async with open_database(settings_for(database_url)) as sessions:
        await fill(sessions)
    progress: list[tuple[int, int]] = []
    async with open_migration_engine(settings_for(database_url)) as engine:
        await migrations.downgrade(engine, "0001")
        await migrations.upgrade(engine, on_progress=lambda *counts: progress.append(counts))
    # Revision 0002 creates the search index, and revision 0007 stores its digests.
    assert progress == [(3, 3), (3, 3)]
    assert await problems_of(database_url) == []


async def test_dry_run_changes_nothing(empty_url: str) -> None:
    async with open_migration_engine(settings_for(empty_url)) as engine:
        assert await migrations.upgrade(engine, dry_run=True)
        assert await tables_of(empty_url) == set()


async def test_migrations_match_models(database_url: str) -> None:
    assert await problems_of(database_url) == []


async def test_check_reports_missing_column_and_index(database_url: str) -> None:
    async with open_migration_engine(settings_for(database_url)) as engine, engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            # SQLite refuses to drop a column that a trigger reads.
            for trigger in ("update", "delete", "rekey"):
                await connection.execute(text(f"DROP TRIGGER journal_users_{trigger}"))
        await connection.execute(text("ALTER TABLE users DROP COLUMN full_name"))
        await connection.execute(text("DROP INDEX ix_posts_author_id_date"))
    problems = " ".join(await problems_of(database_url))
    assert "full_name" in problems
    assert "ix_posts_author_id_date" in problems


def test_concurrent_upgrades_run_once(empty_url: str, tmp_path: Path) -> None:
    runs = [run_python("-m", "blogcli", "db", "upgrade", url=empty_url, home=tmp_path) for _ in range(4)]
    outputs = [run.communicate() for run in runs]
    assert [run.returncode for run in runs] == [0] * 4, outputs
    assert len([stdout for stdout, _ in outputs if stdout]) == 1
    assert len([stderr for _, stderr in outputs if "Nothing to do" in stderr]) == 3


def test_alembic_command_runs_in_checkout(empty_url: str, tmp_path: Path) -> None:
    for arguments in (("upgrade", "head"), ("check",), ("downgrade", "base"), ("upgrade", "head")):
        run = run_python("-m", "alembic", *arguments, url=empty_url, home=tmp_path)
        _, stderr = run.communicate()
        assert run.returncode == 0, stderr
    current = run_python("-m", "blogcli", "db", "current", "--field", "revision", url=empty_url, home=tmp_path)
    assert current.communicate()[0] == f"{head_revision()}\n"


def test_upgrade_sql_can_be_executed(empty_url: str, engine_name: str, tmp_path: Path) -> None:
    cli = Cli({"PATH": os.environ["PATH"], "HOME": str(tmp_path), "BLOGCLI_DATABASE_URL": empty_url})
    script = cli.ok("db", "upgrade", "--sql").stdout
    # The additional tables store the revision and, on PostgreSQL, the search index. On SQLite, they are a copy of the
    # posts, the table for the running operation of the journal, and the digests of the search index.
    assert script.count("CREATE TABLE") == len(TABLES) + (4 if engine_name == "sqlite" else 2)
    assert f"'{head_revision()}'" in script
    assert ("JSONB" in script) == (engine_name == "postgresql")
    assert not Path(empty_url).parent.is_dir()
    if engine_name == "sqlite":
        other = sqlite3.connect(":memory:")
        other.executescript(script)
        assert {row[0] for row in other.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")} > TABLES
        other.close()


async def test_failed_migration_is_rolled_back(database_url: str, own_migrations: Path) -> None:
    async with open_database(settings_for(database_url)) as sessions:
        await fill(sessions)
    previous = await tables_of(database_url)
    add_version(
        own_migrations,
        """
        op.create_table("comments", sa.Column("id", sa.Integer(), primary_key=True))
        op.execute("DELETE FROM users")
        op.execute("SELECT * FROM nowhere")
        """,
    )
    with pytest.raises((BlogError, SQLAlchemyError)):
        async with open_migration_engine(settings_for(database_url)) as engine:
            await migrations.upgrade(engine)
    assert await tables_of(database_url) == previous
    assert await count_rows(database_url) == [1, 3, 2, 6]


def test_migration_that_changes_rows_is_an_operation(cli: Cli, own_migrations: Path) -> None:
    cli.ok("tag", "create", "one", "two")
    change = 'op.execute("UPDATE tags SET name = upper(name) WHERE id = {}")'
    add_version(own_migrations, change.format(1))
    cli.ok("db", "upgrade")
    operations = cli.json("log")
    assert [(operation["kind"], operation["command"]) for operation in operations] == [
        ("migration", "db upgrade"),
        ("command", "tag create one two"),
    ]
    assert cli.ok("log", "show", operations[0]["id"], "--field", "id").lines == ["1"]
    result = cli("undo", operations[0]["id"])
    assert (result.exit_code, "is a migration" in result.stderr) == (ExitCode.CONFLICT, True)
    add_version(own_migrations, change.format(99))
    cli.ok("db", "upgrade")
    assert cli.json("log") == operations


async def test_altered_table_keeps_referring_rows(database_url: str, own_migrations: Path) -> None:
    """Alter a table in a batch. The batch drops the old table, but must not delete the rows that refer to the table."""
    async with open_database(settings_for(database_url)) as sessions:
        await fill(sessions)
    revision = add_version(
        own_migrations,
        """
        # A batch copies what SQLAlchemy reflects, which does not include SQLite's indexes on expressions.
        date = sa.text("coalesce(published_at, created_at)")
        indexes = {
            "ix_posts_date": [date, "id", "words"],
            "ix_posts_author_id_date": ["author_id", date, "id"],
            "ix_posts_status_date": ["status", date, "id", "words", "characters"],
        }
        for name in indexes:
            op.drop_index(name, "posts")
        # A batch cannot copy the values of a computed column.
        computed = sa.Computed("length(content)", persisted=True)
        with op.batch_alter_table("posts") as batch:
            batch.alter_column("title", type_=sa.String(600), existing_type=sa.String(500), existing_nullable=False)
            batch.drop_column("characters")
            batch.add_column(sa.Column("characters", sa.Integer(), computed, nullable=False))
        for name, columns in indexes.items():
            op.create_index(name, "posts", columns)
        if op.get_bind().dialect.name == "sqlite":
            leave = (
                "BEGIN DELETE FROM post_search WHERE rowid = old.id; "
                "DELETE FROM post_search_digests WHERE post_id = old.id; END"
            )
            op.execute(f"CREATE TRIGGER posts_leave_search AFTER DELETE ON posts {leave}")
        """,
    )
    async with open_migration_engine(settings_for(database_url)) as engine:
        assert [step.revision for step in await migrations.upgrade(engine)] == [revision]
    assert await count_rows(database_url) == [1, 3, 2, 6]
    problems = [problem for problem in await problems_of(database_url) if "search index" not in problem]
    assert "modify_type" in problems[0]
    # On SQLite, a batch replaces the table without its triggers and its counter of ids, and the check reports this.
    triggers = [f"journal_posts_{name}" for name in ("insert", "delete", "rekey", "update")]
    losses = [f"The trigger {name} is missing" for name in triggers]
    losses.append("The next id of posts would be 1, but 3 is in use")
    assert problems[1:] == ([] if database_url.startswith("postgresql") else losses)


async def test_migration_with_broken_references_is_refused(
    templates: Templates, tmp_path: Path, own_migrations: Path
) -> None:
    url = templates.new_sqlite(tmp_path)
    async with open_database(settings_for(url)) as sessions:
        await fill(sessions)
    add_version(own_migrations, 'op.execute("DELETE FROM users")')
    with pytest.raises(BlogError, match="3 rows with broken references in posts"):
        async with open_migration_engine(settings_for(url)) as engine:
            await migrations.upgrade(engine)
    assert await count_rows(url) == [1, 3, 2, 6]


async def test_new_file_and_directory_are_private(tmp_path: Path) -> None:
    path = tmp_path / "share" / "blogcli" / "blog.db"
    previous = os.umask(0)
    try:
        await migrate(str(path))
    finally:
        os.umask(previous)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
