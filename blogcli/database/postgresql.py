"""PostgreSQL: one connection through asyncpg, found as libpq would find it, that also works behind PgBouncer."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy import Connection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from ..enums import IfMissing
from ..errors import ConfigurationError
from ..repositories.db.version_table import postgresql_revision_check
from ..settings import Settings
from ..urls import PostgresUrl
from .recorded_revision import read_recorded_revision
from .revisions import head_revision

# The status of a query that selected one row.
_ONE_ROW = "SELECT 1"
# As in libpq: not after a refused password.
_NEXT_HOST_AFTER = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)


async def connect(
    url: PostgresUrl,
    *,
    timeout: float | None,  # noqa: ASYNC109 - for each host
    lock_timeout: float | None = None,
) -> asyncpg.Connection:
    """Connect to the first host of `url` that answers within `timeout` seconds and is of the kind it asks for.

    No transaction waits longer than `lock_timeout` seconds for a lock, unless the URL sets a limit of its own.

    Raises what the last host came to: OSError (TimeoutError is one), asyncpg.PostgresError, asyncpg.InterfaceError
    or asyncpg.InternalClientError; ConfigurationError for settings that cannot be.
    """
    attempt = partial(
        asyncpg.connect,
        timeout=timeout,
        ssl=True if url.system_certificates else None,
        server_settings=url.server_settings,
        connection_class=_limited_connection(None if _limits_locks(url) else lock_timeout),
        # Statements get no names: behind PgBouncer the server may know another client's by the same name.
        statement_cache_size=0,
    )
    *others, last = url.dsns
    try:
        for dsn in others:
            with suppress(*_NEXT_HOST_AFTER):
                return await attempt(dsn)
        return await attempt(last)
    except ValueError as error:
        # A host name or a PG* variable that cannot be; two of asyncpg's and ssl's own errors are ValueErrors too.
        if isinstance(error, (OSError, asyncpg.InterfaceError)):
            raise
        raise ConfigurationError(f"The connection settings are wrong: {error}", hint="Check database_url.") from error


def create_engine(url: PostgresUrl, settings: Settings) -> AsyncEngine:
    """An engine for commands: the database must be at the code's revision.

    Its connections raise what `connect` does, wrapped by SQLAlchemy unless it is an OSError, and ConfigurationError.
    """

    async def connect_to_revision() -> asyncpg.Connection:
        connection = await _connect_to_utf_8(url, settings)
        try:
            await _verify_revision(connection, timeout=url.connect_timeout)
        except BaseException:
            connection.terminate()
            raise
        return connection

    return _engine(connect_to_revision, settings)


def create_inspection_engine(url: PostgresUrl, settings: Settings) -> AsyncEngine:
    """An engine on a database of whatever revision."""
    return _engine(lambda: _connect_to_utf_8(url, settings), settings)


def create_migration_engine(
    url: PostgresUrl,
    settings: Settings,
    *,
    if_missing: IfMissing,  # noqa: ARG001 - no command creates a database on a server
) -> AsyncEngine:
    """Return an engine for migrations: here nothing has to be made or switched off for them."""
    return create_inspection_engine(url, settings)


def _engine(connect: Callable[[], Awaitable[asyncpg.Connection]], settings: Settings) -> AsyncEngine:
    connections: list[asyncpg.Connection] = []

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
        poolclass=NullPool,
        echo=settings.echo,
        hide_parameters=True,
        execution_options={"drop_connections": drop_connections},
    )


def _limits_locks(url: PostgresUrl) -> bool:
    return "lock_timeout" in url.server_settings or "lock_timeout" in url.server_settings.get("options", "")


def _limited_connection(lock_timeout: float | None) -> Any:  # noqa: ANN401 - asyncpg has no types
    """Return a class of connections whose transactions wait at most so many seconds for each lock."""
    if lock_timeout is None:
        return asyncpg.Connection
    # PostgreSQL takes 0 for no limit.
    setting = f"SET LOCAL lock_timeout = {max(round(lock_timeout * 1000), 1)}"

    class LimitedConnection(asyncpg.Connection):  # type: ignore[misc]  # the same
        async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:  # noqa: ASYNC109
            # Sent together with BEGIN, the setting costs no round trip. As a setting of the connection, PgBouncer
            # would refuse it; as one of the session, it would stay behind on a server connection that others use.
            if query.startswith("BEGIN"):
                query = f"{query} {setting}"
            status: str = await super().execute(query, *args, timeout=timeout)
            return status

    return LimitedConnection


async def _connect_to_utf_8(url: PostgresUrl, settings: Settings) -> asyncpg.Connection:
    """Return a connection; ConfigurationError for a database that cannot hold every text."""
    connection = await connect(url, timeout=url.connect_timeout, lock_timeout=settings.busy_timeout)
    # The server says so when a connection begins. A pooler may leave it out.
    encoding = getattr(connection.get_settings(), "server_encoding", "UTF8")
    if encoding != "UTF8":
        connection.terminate()
        raise ConfigurationError(
            f"The encoding of the database is {encoding}; blogcli needs UTF8",
            hint="Create it with `createdb -E UTF8 -T template0`.",
        )
    return connection


async def _verify_revision(connection: asyncpg.Connection, *, timeout: float | None) -> None:  # noqa: ASYNC109
    """Raise ConfigurationError unless the database is at the code's revision."""
    # A simple query returns a count but no rows: one round trip instead of four. PgBouncer lets clients in while its
    # server is down, so that only this query finds out.
    check = postgresql_revision_check(head_revision())
    with suppress(asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        if await connection.execute(check, timeout=timeout) == _ONE_ROW:
            return
    async with connection.transaction():
        record = await read_recorded_revision(connection.fetch, "postgresql")
    record.verify()


class QuietDialect(PGDialect_asyncpg):
    """asyncpg's dialect, without the ten round trips in which it asks a server what it is.

    Over a link of 30 ms they would take 0.3 s of every command. What we need of the answers is known without asking.
    """

    supports_statement_cache = True

    def _get_server_version_info(self, connection: Connection) -> tuple[int, ...]:
        return tuple(_driver_connection(connection).get_server_version()[:2])

    def _set_backslash_escapes(self, connection: Connection) -> None:
        settings = _driver_connection(connection).get_settings()
        self._backslash_escapes = settings.standard_conforming_strings == "off"

    def _get_default_schema_name(self, connection: Connection) -> str:
        # Our tables are named without a schema, wherever the search path puts them.
        raise NotImplementedError

    def get_default_isolation_level(self, dbapi_conn: object) -> IsolationLevel:  # noqa: ARG002 - SQLAlchemy's name
        """What a connection goes back to after an execution option has set another level."""
        return "READ COMMITTED"


def _driver_connection(connection: Connection) -> asyncpg.Connection:
    return connection.connection.driver_connection


registry.register("postgresql.blogcli", __name__, QuietDialect.__name__)
