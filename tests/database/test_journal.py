"""Tests that each transaction of a command is one operation of the journal."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update

from blogcli import __version__
from blogcli.database import SessionFactory
from blogcli.database.revisions import head_revision
from blogcli.models import Tag
from blogcli.models.journal import JournalOperation
from tests.command_line import Cli
from tests.databases import fetch
from tests.factories import make_tag, store


def operations_in(url: str, columns: str = "id, kind, verb, command, counts") -> list[tuple[Any, ...]]:
    rows = fetch(url, f"SELECT {columns} FROM journal_operations ORDER BY id")  # noqa: S608 - the columns are constants
    # Both drivers return the numbers of changes as JSON text.
    return [tuple(json.loads(value) if str(value).startswith("{") else value for value in row) for row in rows]


def test_command_is_one_operation(cli: Cli, database_url: str) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok("post", "create", "--title", "It's new", "--author", "ann@example.org", "--tag", "a,b")
    cli.ok("-q", "tag", "merge", "a", "b", "--yes")
    assert operations_in(database_url) == [
        (1, "command", "user create", "user create ann@example.org --no-password", {"users": [1, 0, 0]}),
        (
            2,
            "command",
            "post create",
            "post create --title 'It'\"'\"'s new' --author ann@example.org --tag a,b",
            {"posts": [1, 0, 0], "tags": [2, 0, 0], "post_tags": [2, 0, 0]},
        ),
        (
            3,
            "command",
            "tag merge",
            "tag merge a b --yes -q",
            {"posts": [0, 1, 0], "tags": [0, 0, 1], "post_tags": [0, 0, 1]},
        ),
    ]


def test_operation_names_actor_host_program_and_revision(cli: Cli, database_url: str) -> None:
    cli.ok("tag", "create", "python")
    ((program, host, profile, revision, targets, undone_by, forgotten),) = operations_in(
        database_url, "program, host, profile, revision, targets, undone_by_id, forgotten"
    )
    assert (program, host, profile, revision) == (f"blogcli {__version__}", os.uname().nodename, None, head_revision())
    assert (targets, undone_by, forgotten) == (None, None, 0)


def test_operation_names_profile(cli: Cli, database_url: str, tmp_path: Path) -> None:
    config = tmp_path / ".config" / "blogcli" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(f"[profiles.live]\ndatabase_url = {json.dumps(database_url)}\n")
    cli.ok("--profile", "live", "tag", "create", "python")
    assert operations_in(database_url, "profile, command") == [("live", "tag create python --profile live")]


@pytest.mark.parametrize(
    "arguments",
    [
        ("tag", "rename", "python", "rust", "--dry-run"),
        ("tag", "delete", "python", "--dry-run"),
        ("tag", "create", "rust", "--dry-run"),
    ],
)
def test_dry_run_leaves_no_operation(cli: Cli, database_url: str, arguments: tuple[str, ...]) -> None:
    cli.ok("tag", "create", "python")
    cli.ok(*arguments)
    assert len(operations_in(database_url)) == 1
    assert fetch(database_url, "SELECT count(*) FROM journal_changes") == [(1,)]


@pytest.mark.parametrize("arguments", [("tag", "rename", "python", "python"), ("tag", "list"), ("db", "reindex")])
def test_command_without_changes_leaves_no_operation(cli: Cli, database_url: str, arguments: tuple[str, ...]) -> None:
    cli.ok("tag", "create", "python")
    cli.ok(*arguments)
    assert len(operations_in(database_url)) == 1
    cli.ok("tag", "create", "java")
    # The command has not even used an id.
    assert [row[0] for row in operations_in(database_url)] == [1, 2]


def test_failed_command_leaves_no_operation(cli: Cli, database_url: str) -> None:
    cli.ok("tag", "create", "python")
    assert cli("tag", "create", "rust", "PYTHON").exit_code != 0
    assert len(operations_in(database_url)) == 1
    assert fetch(database_url, "SELECT count(*) FROM journal_changes") == [(1,)]


async def test_times_of_operation_enclose_transaction(sessions: SessionFactory) -> None:
    start = datetime.now(UTC)
    async with sessions.begin() as session:
        await store(session, make_tag())
    async with sessions() as session:
        operation = (await session.scalars(select(JournalOperation))).one()
    # SQLite stores milliseconds.
    assert start.replace(microsecond=start.microsecond // 1000 * 1000) <= operation.started_at <= operation.ended_at
    assert operation.ended_at <= datetime.now(UTC)
    assert operation.counts == {"tags": [1, 0, 0]}


async def test_transactions_of_one_session_factory_are_separate_operations(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store(session, make_tag("Python"))
    async with sessions.begin() as session:
        await session.execute(update(Tag).values(name="python"))
        await session.execute(delete(Tag))
    async with sessions() as session:
        operations = (await session.scalars(select(JournalOperation).order_by(JournalOperation.id))).all()
    assert [operation.counts for operation in operations] == [{"tags": [1, 0, 0]}, {"tags": [0, 1, 1]}]


async def test_change_after_savepoint_rolled_back_is_recorded(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        savepoint = await session.begin_nested()
        await store(session, make_tag("Python"))
        await savepoint.rollback()
        await store(session, make_tag("Rust"))
    async with sessions() as session:
        (operation,) = (await session.scalars(select(JournalOperation))).all()
        changes = (await session.execute(text("SELECT operation_id, action FROM journal_changes"))).all()
    assert (operation.kind, operation.counts) == ("command", {"tags": [1, 0, 0]})
    assert [tuple(change) for change in changes] == [(operation.id, "i")]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
async def test_no_operation_stays_open_on_sqlite(sessions: SessionFactory) -> None:
    for dry_run in (False, True):
        async with sessions.begin(dry_run=dry_run) as session:
            await store(session, make_tag())
    async with sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM journal_current")) == 0
