"""Create engines for PostgreSQL with the driver asyncpg.

If a URL contains several hosts, they are tried in order, as in libpq. Connections through PgBouncer are supported.
"""

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
from .recorded_revision import read_recorded_revision
from .revisions import head_revision

# The status that the server returns after a query has selected one row.
_ONE_ROW = "SELECT 1"
# The errors after which the next host is tried. As in libpq, the next host is not tried after a refused password.
_NEXT_HOST_AFTER = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)


async def connect(
    url: PostgresUrl,
    *,
    timeout: float | None,  # noqa: ASYNC109 - the timeout applies to each host, not to the call
    lock_timeout: float | None = None,
) -> asyncpg.Connection:
    """Connect to one host in `url`: the first that answers within `timeout` seconds and has the requested attributes.

    Transactions wait at most `lock_timeout` seconds for each lock, unless the URL sets another lock timeout.

    Raises ConfigurationError for invalid settings. If no connection succeeds, raises the error of the last host that
    was tried: an asyncpg.PostgresError, an asyncpg.InterfaceError, an asyncpg.InternalClientError or an OSError.
    """
    attempt = partial(
        asyncpg.connect,
        timeout=timeout,
        ssl=True if url.system_certificates else None,
        server_settings=url.server_settings,
        connection_class=_make_connection_class(None if _limits_locks(url) else lock_timeout),
        # Without a cache, asyncpg gives no names to prepared statements. Behind PgBouncer, a statement of another
        # client could have the same name.
        statement_cache_size=0,
    )
    *others, last = url.dsns
    try:
        for dsn in others:
            with suppress(*_NEXT_HOST_AFTER):
                return await attempt(dsn)
        return await attempt(last)
    except ValueError as error:
        # A plain ValueError means that a host name or a PG* environment variable is invalid. Some asyncpg and ssl
        # exceptions that have other causes are subclasses of ValueError too.
        if isinstance(error, (OSError, asyncpg.InterfaceError)):
            raise
        raise ConfigurationError(f"The connection settings are wrong: {error}", hint="Check database_url.") from error


def create_engine(url: PostgresUrl, settings: Settings, *, keeps_connection: bool = False) -> AsyncEngine:
    """Return an engine for commands. The database must be at the revision that the code requires.

    A new connection raises ConfigurationError if the database is at another revision. It also raises the errors of the
    function `connect`, but SQLAlchemy wraps the errors of asyncpg in DBAPIError.
    """

    async def connect_at_revision() -> asyncpg.Connection:
        connection = await _connect_to_utf_8(url, settings)
        try:
            await _verify_revision(connection, timeout=url.connect_timeout)
        except BaseException:
            connection.terminate()
            raise
        return connection

    engine = _create_engine(connect_at_revision, settings, keeps_connection=keeps_connection)
    event.listen(engine.sync_engine, "begin", _announce_operation)
    return engine


def create_inspection_engine(url: PostgresUrl, settings: Settings) -> AsyncEngine:
    """Return an engine for a database at any revision."""
    return _create_engine(lambda: _connect_to_utf_8(url, settings), settings)


def create_migration_engine(
    url: PostgresUrl,
    settings: Settings,
    *,
    if_missing: IfMissing,  # noqa: ARG001 - the function in the SQLite module uses this parameter
) -> AsyncEngine:
    """Return an engine for migrations. On PostgreSQL, migrations need no special connections."""
    return create_inspection_engine(url, settings)


def _create_engine(
    connect: Callable[[], Awaitable[asyncpg.Connection]], settings: Settings, *, keeps_connection: bool = False
) -> AsyncEngine:
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
        poolclass=AsyncAdaptedQueuePool if keeps_connection else NullPool,
        echo=settings.echo,
        hide_parameters=True,
        execution_options={"drop_connections": drop_connections},
    )


def _limits_locks(url: PostgresUrl) -> bool:
    return "lock_timeout" in url.server_settings or "lock_timeout" in url.server_settings.get("options", "")


def _make_connection_class(lock_timeout: float | None) -> Any:  # noqa: ANN401 - asyncpg has no type hints
    """Return a class of connections whose transactions begin with settings.

    By default, the only setting is that a transaction waits at most `lock_timeout` seconds for each lock.
    """
    # The limit is at least 1 ms, because PostgreSQL interprets 0 as no limit.
    limits = {} if lock_timeout is None else {"lock_timeout": str(max(round(lock_timeout * 1000), 1))}

    class ConfiguredConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
        # asyncpg declares slots, so an attribute needs a slot as well.
        __slots__ = ("local_settings",)

        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)
            self.local_settings = dict(limits)

        async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:  # noqa: ASYNC109 - asyncpg prescribes the signature
            # The settings are sent together with BEGIN to avoid another round trip. They cannot be connection
            # parameters, because PgBouncer refuses such parameters. They are not set for the whole session, because a
            # session may serve other clients of PgBouncer.
            if query.startswith("BEGIN"):
                query = " ".join([query, *(_set_local(*item) for item in self.local_settings.items())])
            status: str = await super().execute(query, *args, timeout=timeout)
            return status

    return ConfiguredConnection


def _set_local(name: str, value: str) -> str:
    # A string with the prefix E has the same meaning whether or not backslashes are escapes in other strings.
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"SET LOCAL {name} = E'{escaped}';"


def _announce_operation(connection: Connection) -> None:
    """Add the operation of the command to the settings of a transaction that writes, before the transaction begins."""
    options = connection.get_execution_options()
    if options.get("writes", False):
        operation = postgresql_value(options["origin"].to_record())
        _get_driver_connection(connection).local_settings[POSTGRESQL_SETTING] = operation


async def _connect_to_utf_8(url: PostgresUrl, settings: Settings) -> asyncpg.Connection:
    """Return a connection to a database whose encoding is UTF-8.

    Raises ConfigurationError if the encoding of the database is not UTF-8.
    """
    connection = await connect(url, timeout=url.connect_timeout, lock_timeout=settings.busy_timeout)
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
