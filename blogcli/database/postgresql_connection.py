"""Connect to PostgreSQL with the driver asyncpg, and begin and commit transactions with few round trips.

If a URL contains several hosts, they are tried in order, as in libpq. Connections through PgBouncer are supported.
"""

import asyncio
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit

import asyncpg

from ..errors import ConfigurationError, TryAgainError
from ..repositories.journal.recording import IDENTIFY_ON_POSTGRESQL, POSTGRESQL_SETTING
from ..urls import PostgresUrl

# The errors after which the next host is tried. As in libpq, the next host is not tried after a refused password.
_NEXT_HOST_AFTER = (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
_FILES = ("sslrootcert", "sslcert", "sslkey", "sslcrl")
# A statement timeout must not interrupt a commit that waits for a synchronous standby: the server would report a
# successful commit that the standby may not have received.
_COMMIT = "SET LOCAL statement_timeout = 0; COMMIT;"
# A server that does not react for about a minute is given up, as it may have lost its network or its power supply.
_KEEPALIVE_OPTIONS = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}


async def connect(
    url: PostgresUrl,
    *,
    timeout: float | None,  # noqa: ASYNC109 - the timeout applies to each host, not to the call
    lock_timeout: float | None = None,
    statement_timeout: float | None = None,
    writes: bool = False,
) -> asyncpg.Connection:
    """Connect to one host in `url`: the first that answers within `timeout` seconds and has the requested attributes.

    If `writes` is true and the URL contains several hosts, the host must accept writes, unless the URL requests other
    attributes. Transactions wait at most `lock_timeout` seconds for each lock, and each of their statements runs at
    most `statement_timeout` seconds, unless the URL sets other timeouts.

    Raises ConfigurationError for invalid settings. If no connection succeeds, raises the error of a host: an
    asyncpg.PostgresError, an asyncpg.InterfaceError, an asyncpg.InternalClientError or an OSError.
    """
    timeouts = {"lock_timeout": lock_timeout, "statement_timeout": statement_timeout}
    limits = {name: limit for name, limit in timeouts.items() if limit is not None and not url.sets(name)}
    attempt = partial(
        asyncpg.connect,
        timeout=timeout,
        ssl=True if url.system_certificates else None,
        server_settings=url.server_settings,
        connection_class=type(_Connection.__name__, (_Connection,), {"__slots__": (), "limits": limits}),
        # Without a cache, asyncpg gives no names to prepared statements. Behind PgBouncer, a statement of another
        # client could have the same name.
        statement_cache_size=0,
    )
    _verify_files(url.dsns[0])
    errors: list[Exception] = []
    with _explain_invalid_settings():
        for dsn in url.write_dsns if writes else url.dsns:
            try:
                return _detect_lost_server(await attempt(dsn))
            except _NEXT_HOST_AFTER as error:
                errors.append(error)
    # An answer of a server is reported rather than the failure to reach another server. During a failover, the answer
    # tells that the command can be repeated.
    raise next((error for error in errors if not isinstance(error, OSError)), errors[-1])


def _verify_files(dsn: str) -> None:
    """Raise ConfigurationError if a file of a certificate or key in the URL does not exist."""
    for name, value in parse_qsl(urlsplit(dsn).query):
        # The error that opening the file would raise does not contain its name.
        if name in _FILES and not Path(value).exists():
            raise ConfigurationError(f"The file {value} does not exist", hint=f"Check {name} in the database URL.")


@contextmanager
def _explain_invalid_settings() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        # A plain ValueError means that a host name or a PG* environment variable is invalid. Some asyncpg and ssl
        # exceptions that have other causes are subclasses of ValueError too.
        if isinstance(error, (OSError, asyncpg.InterfaceError)):
            raise
        raise ConfigurationError(f"The connection settings are wrong: {error}", hint="Check database_url.") from error


def _detect_lost_server(connection: asyncpg.Connection) -> asyncpg.Connection:
    """Make the operating system close the connection when its server does not react any more."""
    transport = getattr(connection, "_transport", None)
    tcp_socket = transport.get_extra_info("socket") if transport else None
    if tcp_socket is not None and tcp_socket.family != socket.AF_UNIX:
        tcp_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE_OPTIONS.items():
            # macOS lacks some of the options.
            if hasattr(socket, name):
                tcp_socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return connection


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection whose transactions begin with settings.

    The settings are `limits`, in seconds, and those that are added to the attribute `local_settings`.
    """

    # asyncpg declares slots, so an attribute needs a slot as well.
    __slots__ = ("local_settings",)

    limits: ClassVar[Mapping[str, float]] = {}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # A limit is at least 1 ms, because PostgreSQL interprets 0 as no limit.
        self.local_settings = {name: str(max(round(limit * 1000), 1)) for name, limit in self.limits.items()}

    async def execute(self, query: str, *args: object, timeout: float | None = None) -> str:  # noqa: ASYNC109 - asyncpg prescribes the signature
        if query.startswith("COMMIT"):
            return await self._commit()
        # The settings are sent together with BEGIN to avoid another round trip. They cannot be connection
        # parameters, because PgBouncer refuses such parameters. They are not set for the whole session, because a
        # session may serve other clients of PgBouncer.
        if query.startswith("BEGIN"):
            query = " ".join([query, *(_set_local(*item) for item in self.local_settings.items())])
        status: str = await super().execute(query, *args, timeout=timeout)
        return status

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncpg prescribes the signature
        # All transactions have ended, so the command has not failed if the connection was lost meanwhile.
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await super().close(timeout=timeout)

    async def _commit(self) -> str:
        # The id of the operation must be known before COMMIT is sent. If the connection breaks at the commit, it
        # could no longer be read. Reading it takes one round trip, because COPY uses the simple query protocol.
        operation = await self._identify_operation() if POSTGRESQL_SETTING in self.local_settings else None
        limit = self.limits.get("statement_timeout")
        timer = asyncio.get_running_loop().call_later(limit, self.terminate) if limit else None
        try:
            status: str = await super().execute(_COMMIT)
        except Exception as error:
            # After an error of the severity ERROR, the server has rolled back the transaction. After any other
            # error, such as a lost connection, the transaction may have been committed.
            if getattr(error, "severity_en", None) == "ERROR":
                raise
            raise _make_unknown_outcome_error(operation) from error
        finally:
            if timer:
                timer.cancel()
        return status

    async def _identify_operation(self) -> tuple[str, str] | None:
        """Return the id and the start of the operation of this transaction, or None if nothing was recorded."""
        output = bytearray()

        async def collect(data: bytes) -> None:
            output.extend(data)

        await self.copy_from_query(IDENTIFY_ON_POSTGRESQL, output=collect)
        id_, started_at, _ = output.decode().split("\t")
        return (id_, started_at) if id_ else None


def _make_unknown_outcome_error(operation: tuple[str, str] | None) -> TryAgainError:
    if operation is None:
        return TryAgainError(
            "The outcome of the commit is unknown: the server did not confirm it",
            hint="Check whether the changes were made, then run the command again.",
        )
    # After a failover, another operation can have the same id, but not the same start.
    id_, started_at = operation
    return TryAgainError(
        f"The outcome of the commit is unknown: the server did not confirm operation {id_}",
        hint=f"Run `blogcli log show {id_} --started-at {started_at}`: the change was made if the operation is listed.",
    )


def _set_local(name: str, value: str) -> str:
    # A string with the prefix E has the same meaning whether or not backslashes are escapes in other strings.
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"SET LOCAL {name} = E'{escaped}';"
