"""Create engines for PostgreSQL with the driver asyncpg."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import Connection, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool

from ..enums import IfMissing
from ..errors import ConfigurationError
from ..repositories.db.version_table import postgresql_revision_check
from ..repositories.journal.recording import POSTGRESQL_SETTING, postgresql_value
from ..settings import Settings
from ..urls import PostgresUrl
from .postgresql_connection import connect
from .recorded_revision import read_recorded_revision
from .revisions import head_revision

# The status that the server returns after a query has selected one row.
_ONE_ROW = "SELECT 1"


def create_engine(url: PostgresUrl, settings: Settings, *, keeps_connection: bool = False) -> AsyncEngine:
    """Return an engine for commands. The database must be at the revision that the code requires.

    A new connection raises ConfigurationError if the database is at another revision. It also raises the errors of the
    function `connect`, but SQLAlchemy wraps the errors of asyncpg in DBAPIError.
    """

    async def connect_at_revision(*, writes: bool) -> asyncpg.Connection:
        connection = await _connect_to_utf_8(
            url, settings, statement_timeout=settings.statement_timeout or None, writes=writes
        )
        try:
            await _verify_revision(connection, timeout=url.connect_timeout)
        except BaseException:
            connection.terminate()
            raise
        return connection

    connections: list[asyncpg.Connection] = []
    connect_for_writing = partial(connect_at_revision, writes=True)
    if keeps_connection or url.write_dsns == url.dsns:
        # A connection that several commands use must accept writes.
        engine = _create_engine(connect_for_writing, settings, connections, keeps_connection=keeps_connection)
        event.listen(engine.sync_engine, "begin", _announce_operation)
        return engine
    engine = _create_engine(partial(connect_at_revision, writes=False), settings, connections)
    writing_engine = _create_engine(connect_for_writing, settings, connections)
    event.listen(writing_engine.sync_engine, "begin", _announce_operation)
    engine.update_execution_options(writing_engine=writing_engine)
    return engine


def create_inspection_engine(url: PostgresUrl, settings: Settings) -> AsyncEngine:
    """Return an engine for a database at any revision."""
    return _create_engine(lambda: _connect_to_utf_8(url, settings), settings, [])


def create_migration_engine(
    url: PostgresUrl,
    settings: Settings,
    *,
    if_missing: IfMissing,  # noqa: ARG001 - the function in the SQLite module uses this parameter
) -> AsyncEngine:
    """Return an engine for migrations, whose statements may take any time."""
    return _create_engine(lambda: _connect_to_utf_8(url, settings, writes=True), settings, [])


def _create_engine(
    connect: Callable[[], Awaitable[asyncpg.Connection]],
    settings: Settings,
    connections: list[asyncpg.Connection],
    *,
    keeps_connection: bool = False,
) -> AsyncEngine:
    """Return an engine that stores its open connections in `connections`."""

    async def connect_and_remember() -> asyncpg.Connection:
        connection = await connect()
        connections[:] = [*(other for other in connections if not other.is_closed()), connection]
        return connection

    def drop_connections() -> None:
        for connection in connections:
            connection.terminate()

    return create_async_engine(
        "postgresql+blogcli://",
        async_creator=connect_and_remember,
        poolclass=AsyncAdaptedQueuePool if keeps_connection else NullPool,
        echo=settings.echo,
        hide_parameters=True,
        execution_options={"drop_connections": drop_connections},
    )


def _announce_operation(connection: Connection) -> None:
    """Add the operation of the command to the settings of a transaction that writes, before the transaction begins."""
    options = connection.get_execution_options()
    if options.get("writes", False):
        operation = postgresql_value(options["origin"].to_record())
        _get_driver_connection(connection).local_settings[POSTGRESQL_SETTING] = operation


async def _connect_to_utf_8(url: PostgresUrl, settings: Settings, **options: Any) -> asyncpg.Connection:  # noqa: ANN401 - the options of `connect` have different types
    """Return a connection to a database whose encoding is UTF-8.

    Raises ConfigurationError if the encoding of the database is not UTF-8.
    """
    connection = await connect(url, timeout=url.connect_timeout, lock_timeout=settings.busy_timeout, **options)
    # The server reports its encoding when a connection begins. UTF-8 is assumed if a pooler such as PgBouncer does not
    # forward this report.
    encoding = getattr(connection.get_settings(), "server_encoding", "UTF8")
    if encoding != "UTF8":
        connection.terminate()
        raise ConfigurationError(
            f"The encoding of the database is {encoding}; blogcli needs UTF8",
            hint="Create it with `createdb -E UTF8 -T template0`.",
        )
    return connection


async def _verify_revision(connection: asyncpg.Connection, *, timeout: float | None) -> None:  # noqa: ASYNC109 - asyncpg enforces the timeout
    """Raise ConfigurationError unless the database is at the revision that the code requires."""
    # `execute` uses the simple query protocol, which needs one round trip instead of four. Instead of the selected
    # rows, `execute` returns a status that contains their number. The query has a timeout, because PgBouncer accepts
    # clients even while its server is down.
    check = postgresql_revision_check(head_revision())
    with suppress(asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        if await connection.execute(check, timeout=timeout) == _ONE_ROW:
            return
    async with connection.transaction():
        record = await read_recorded_revision(connection.fetch, "postgresql")
    record.verify()


class QuietDialect(PGDialect_asyncpg):
    """A dialect for asyncpg that sends no queries about the server when the first connection is made.

    The queries of SQLAlchemy's own dialect need ten round trips. With a latency of 30 ms, they would add 0.3 s to every
    command. The methods of this class return the same information without queries.
    """

    supports_statement_cache = True

    def _get_server_version_info(self, connection: Connection) -> tuple[int, ...]:
        return tuple(_get_driver_connection(connection).get_server_version()[:2])

    def _set_backslash_escapes(self, connection: Connection) -> None:
        settings = _get_driver_connection(connection).get_settings()
        self._backslash_escapes = settings.standard_conforming_strings == "off"

    def _get_default_schema_name(self, connection: Connection) -> str:
        # This exception tells SQLAlchemy to use no default schema. SQLAlchemy does not need to know the default schema:
        # blogcli never qualifies the names of its tables, and the server resolves them through search_path.
        raise NotImplementedError

    def get_default_isolation_level(self, dbapi_conn: object) -> IsolationLevel:  # noqa: ARG002 - SQLAlchemy passes this argument
        """Return the isolation level that is restored after an execution option has set another level."""
        return "READ COMMITTED"


def _get_driver_connection(connection: Connection) -> asyncpg.Connection:
    return connection.connection.driver_connection


registry.register("postgresql.blogcli", __name__, QuietDialect.__name__)
