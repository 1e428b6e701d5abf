"""Tests of connections to PostgreSQL: hosts, timeouts, round trips, PgBouncer, and the check of the revision."""

import logging
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, inspect, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from blogcli.database.postgresql import create_engine, create_inspection_engine
from blogcli.database.postgresql_connection import connect
from blogcli.database.revisions import head_revision
from blogcli.errors import ConfigurationError
from blogcli.settings import Overrides, load_settings
from blogcli.urls import PostgresUrl, parse_database_url

NOTES = Table("notes", MetaData(), Column("id", Integer, primary_key=True), Column("extra", JSONB))


def parse_postgres_url(text: str, query: str = "") -> PostgresUrl:
    url = parse_database_url(f"{text}{'&' if '?' in text else '?'}{query}")
    assert isinstance(url, PostgresUrl)
    return url


@contextmanager
def start_silent_server() -> Iterator[int]:
    """Yield the port of a server that accepts connections but never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def find_free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return int(server.getsockname()[1])


@asynccontextmanager
async def open_engine(url: PostgresUrl, *, any_revision: bool = True) -> AsyncIterator[AsyncEngine]:
    settings = load_settings(Overrides(), {"XDG_CONFIG_HOME": "/nowhere"})
    engine = create_inspection_engine(url, settings) if any_revision else create_engine(url, settings)
    try:
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_connection(url: str, query: str = "") -> AsyncIterator[AsyncConnection]:
    async with open_engine(parse_postgres_url(url, query)) as engine, engine.connect() as connection:
        yield connection


async def fetch_value(connection: AsyncConnection, statement: str) -> Any:
    return (await connection.execute(text(statement))).scalar_one()


# The following tests need no PostgreSQL server.


async def test_connect_without_server_is_unavailable() -> None:
    url = parse_postgres_url(f"postgresql://127.0.0.1:{find_free_port()}/blog")
    with pytest.raises(ConnectionRefusedError):
        await connect(url, timeout=5)
    async with open_engine(url) as engine:
        with pytest.raises(ConnectionRefusedError):
            await engine.connect()


async def test_connect_without_socket_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await connect(parse_postgres_url(f"postgresql:///blog?host={tmp_path}"), timeout=5)


async def test_connect_times_out_without_answer() -> None:
    with start_silent_server() as port, pytest.raises(TimeoutError):
        await connect(parse_postgres_url(f"postgresql://127.0.0.1:{port}/blog"), timeout=0.1)


async def test_engine_uses_timeout_of_url() -> None:
    with start_silent_server() as port:
        async with open_engine(parse_postgres_url(f"postgresql://127.0.0.1:{port}/blog?timeout=0.1")) as engine:
            start = time.monotonic()
            with pytest.raises(TimeoutError):
                await engine.connect()
            assert time.monotonic() - start < 5


async def test_connect_timeout_applies_to_each_host() -> None:
    with start_silent_server() as port, pytest.raises(ConnectionRefusedError):
        await connect(
            parse_postgres_url(f"postgresql://127.0.0.1:{port},127.0.0.1:{find_free_port()}/blog"), timeout=0.1
        )


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        socket.gaierror(),
        asyncpg.CannotConnectNowError("starting up"),
        asyncpg.TargetServerAttributeNotMatched("read-only"),
    ],
)
async def test_connect_tries_next_host_after_failure(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PGSERVICE", raising=False)
    tried_dsns = []

    async def fake_connect(dsn: str, **_: Any) -> str:
        tried_dsns.append(dsn)
        if len(tried_dsns) == 1:
            raise error
        return "connection"

    monkeypatch.setattr(asyncpg, "connect", fake_connect)
    assert await connect(parse_postgres_url("postgresql://h1,h2,h3/blog"), timeout=5) == "connection"
    assert tried_dsns == ["postgresql://h1?dbname=blog", "postgresql://h2?dbname=blog"]


async def test_connect_stops_after_refused_password(monkeypatch: pytest.MonkeyPatch) -> None:
    tried_dsns = []

    async def fake_connect(dsn: str, **_: Any) -> None:
        tried_dsns.append(dsn)
        raise asyncpg.InvalidPasswordError("no")

    monkeypatch.setattr(asyncpg, "connect", fake_connect)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(parse_postgres_url("postgresql://h1,h2/blog"), timeout=5)
    assert len(tried_dsns) == 1


# The following tests use a PostgreSQL server.


async def test_connect_sends_application_name_and_settings(postgres_url: str) -> None:
    async with open_connection(
        postgres_url, "connect_timeout=5&keepalives=1&options=-c%20lock_timeout%3D7s"
    ) as connection:
        assert await fetch_value(connection, "SELECT current_setting('application_name')") == "blogcli"
        assert await fetch_value(connection, "SELECT current_setting('lock_timeout')") == "7s"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "1500ms"),
        ("options=-c%20lock_timeout%3D7s", "7s"),
        ("lock_timeout=8s", "8s"),
        ("statement_timeout=9s", "1500ms"),
    ],
)
async def test_lock_timeout_comes_from_settings_or_url(
    postgres_url: str, query: str, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    settings = load_settings(Overrides(), {"XDG_CONFIG_HOME": "/nowhere", "BLOGCLI_BUSY_TIMEOUT": "1.5"})
    engine = create_inspection_engine(parse_postgres_url(postgres_url, query), settings)
    async with engine.connect() as connection:
        for isolation_level in ("READ COMMITTED", "REPEATABLE READ"):
            await connection.execution_options(isolation_level=isolation_level)
            assert await fetch_value(connection, "SELECT current_setting('lock_timeout')") == expected
            async with connection.begin_nested():
                assert await fetch_value(connection, "SELECT current_setting('lock_timeout')") == expected
            await connection.commit()
        # Behind PgBouncer, the next transaction on this server connection may belong to another client. The setting of
        # the session must therefore be unchanged, unless the URL sets a lock timeout.
        driver: Any = (await connection.get_raw_connection()).driver_connection
        session_setting = await driver.fetchval("SELECT current_setting('lock_timeout')")
        assert session_setting == ("0" if expected == "1500ms" else expected)
    await engine.dispose()


async def test_lock_timeout_of_zero_does_not_wait_forever(postgres_url: str) -> None:
    settings = load_settings(Overrides(), {"XDG_CONFIG_HOME": "/nowhere", "BLOGCLI_BUSY_TIMEOUT": "0"})
    engine = create_inspection_engine(parse_postgres_url(postgres_url), settings)
    async with engine.connect() as connection:
        assert await fetch_value(connection, "SELECT current_setting('lock_timeout')") == "1ms"
    await engine.dispose()


async def test_connect_runs_no_queries(postgres_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="sqlalchemy.engine"):
        async with open_connection(postgres_url) as connection:
            assert not caplog.messages
            version = await fetch_value(connection, "SELECT current_setting('server_version_num')::int / 10000")
        assert connection.dialect.server_version_info is not None
        assert connection.dialect.server_version_info[0] == version


async def test_connect_refuses_server_without_requested_attributes(postgres_url: str) -> None:
    with pytest.raises(asyncpg.TargetServerAttributeNotMatched):
        await connect(parse_postgres_url(postgres_url, "target_session_attrs=standby"), timeout=5)


async def test_statements_are_not_prepared_beyond_transaction(postgres_url: str) -> None:
    """Simulate PgBouncer in transaction mode, where each transaction may use a different server connection."""
    async with open_connection(postgres_url) as connection:
        await connection.run_sync(NOTES.metadata.create_all)
        for round_ in range(3):
            await connection.execute(NOTES.insert(), [{"id": round_ * 10 + n, "extra": {"n": n}} for n in range(3)])
            first = await connection.execute(select(NOTES.c.id).where(NOTES.c.id == round_ * 10))
            second = await connection.execute(select(NOTES.c.extra).where(NOTES.c.id == round_ * 10 + 1))
            assert (first.scalar_one(), second.scalar_one()) == (round_ * 10, {"n": 1})
            assert await fetch_value(connection, "SELECT count(*) FROM pg_prepared_statements") == 0
            await connection.commit()
            # After DEALLOCATE ALL, no prepared statements exist, as on another server connection.
            await connection.exec_driver_sql("DEALLOCATE ALL")
            await connection.commit()
        await connection.run_sync(NOTES.metadata.drop_all)
        await connection.commit()


async def test_rows_stream_during_other_statements(postgres_url: str) -> None:
    async with open_connection(postgres_url) as connection:
        rows = await connection.stream(text("SELECT generate_series(1, 500)"), execution_options={"yield_per": 50})
        numbers = [row[0] async for row in rows if await fetch_value(connection, f"SELECT {row[0]}") == row[0]]
        assert numbers == list(range(1, 501))


async def test_isolation_level_is_restored(postgres_url: str) -> None:
    async with open_connection(postgres_url) as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        assert await fetch_value(connection, "SHOW transaction_isolation") == "repeatable read"


async def test_tables_are_found_in_search_path(postgres_url: str) -> None:
    async with open_connection(postgres_url) as connection:
        await connection.execute(text("CREATE SCHEMA elsewhere"))
        await connection.execute(text("SET LOCAL search_path = elsewhere"))
        await connection.run_sync(NOTES.metadata.create_all)
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == ["notes"]


async def test_error_has_sqlstate_and_no_parameters(postgres_url: str) -> None:
    async with open_connection(postgres_url) as connection:
        with pytest.raises(DBAPIError) as caught:
            await connection.execute(
                text("SELECT 1 / CAST(:number AS int) + CAST(:other AS int)"), {"number": 0, "other": 4711}
            )
    assert isinstance(caught.value.driver_exception, asyncpg.DivisionByZeroError)
    assert "4711" not in str(caught.value)


# The following tests change the revision that is recorded in the database.


async def record_revision(url: str, revision: str | None) -> None:
    async with open_engine(parse_postgres_url(url)) as engine, engine.begin() as connection:
        await connection.execute(text("DROP TABLE IF EXISTS blogcli_version"))
        if revision is not None:
            await connection.execute(text("CREATE TABLE blogcli_version (version_num varchar(32))"))
            await connection.execute(text("INSERT INTO blogcli_version VALUES (:revision)"), {"revision": revision})


async def test_engine_connects_to_database_at_expected_revision(postgres_url: str) -> None:
    await record_revision(postgres_url, head_revision())
    async with (
        open_engine(parse_postgres_url(postgres_url), any_revision=False) as engine,
        engine.connect() as connection,
    ):
        assert await fetch_value(connection, "SELECT 1") == 1


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        (None, "The database is empty; blogcli needs revision {head}"),
        ("0001", "The database is at revision 0001; blogcli needs revision {head}"),
        ("0000", "The table blogcli_version contains '0000' instead of one revision of blogcli"),
        ("9999", "The database is at revision 9999, which is newer than this blogcli ({head})"),
    ],
)
async def test_engine_refuses_other_revision_and_disconnects(
    revision: str | None, message: str, postgres_url: str
) -> None:
    await record_revision(postgres_url, revision)
    async with open_engine(parse_postgres_url(postgres_url, "application_name=refused"), any_revision=False) as engine:
        with pytest.raises(ConfigurationError) as caught:
            await engine.connect()
    assert caught.value.message == message.format(head=head_revision())
    async with open_connection(postgres_url) as connection:
        await wait_until_gone(connection, "refused")


async def wait_until_gone(connection: AsyncConnection, name: str) -> None:
    statement = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    deadline = time.monotonic() + 5
    while (await connection.execute(statement, {"name": name})).scalar_one():
        await connection.commit()
        assert time.monotonic() < deadline, "the connection is still open"


async def test_loss_of_connection_before_close_is_not_logged(
    postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_connection(postgres_url) as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        # The server ends the connection. The connection is closed before asyncpg has received the end.
        driver._transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)  # noqa: SLF001 - asyncpg does not expose the socket
    assert caplog.messages == []
