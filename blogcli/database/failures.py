"""What drivers raise -> what a person can act on."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ..errors import (
    BlogError,
    ConfigurationError,
    ConflictError,
    InvalidError,
    TryAgainError,
    UnavailableError,
)
from ..urls import DatabaseUrl

_BUSY_HINT = "Another command is writing. Run it again, or raise busy_timeout."
# By the name SQLite gives the failure; a name's extended forms (SQLITE_BUSY_SNAPSHOT) start alike.
_SQLITE: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("SQLITE_BUSY", TryAgainError, "{url} is locked", _BUSY_HINT),
    ("SQLITE_LOCKED", TryAgainError, "{url} is locked", _BUSY_HINT),
    ("SQLITE_READONLY", BlogError, "{url} cannot be written: the file or its directory is read-only", None),
    ("SQLITE_FULL", BlogError, "The disk is full; nothing was changed", "Make room and run it again."),
    ("SQLITE_IOERR", BlogError, "Reading or writing {url} failed; nothing was changed", None),
    ("SQLITE_NOTADB", ConfigurationError, "{url} is not a SQLite database", "Check database_url."),
    ("SQLITE_CORRUPT", BlogError, "{url} is damaged", "`blogcli db check` says where. Restore a backup."),
    ("SQLITE_CANTOPEN", UnavailableError, "{url} cannot be opened", "Check that the file and its directory exist."),
    ("SQLITE_CONSTRAINT_UNIQUE", ConflictError, "Another row has the same value: {detail}", None),
    ("SQLITE_CONSTRAINT_FOREIGNKEY", ConflictError, "It is still referenced, or refers to what is gone", None),
    ("SQLITE_CONSTRAINT", InvalidError, "The database refused a value: {detail}", None),
    ("SQLITE_TOOBIG", InvalidError, "The text is too large for SQLite (1,000,000,000 bytes)", None),
)
# By SQLSTATE, whole or its class; source: PostgreSQL manual, appendix A.
_POSTGRESQL: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("23505", ConflictError, "Another row has the same value: {detail}", None),
    ("23503", ConflictError, "It is still referenced, or refers to what is gone", None),
    ("23", InvalidError, "The database refused a value: {detail}", None),
    ("22", InvalidError, "The database refused a value: {detail}", None),
    ("28", UnavailableError, "PostgreSQL refused the log-in: {detail}", "Check user and password, or .pgpass."),
    ("3D", UnavailableError, "PostgreSQL has no such database: {detail}", "Create it with createdb."),
    ("40", TryAgainError, "Another command was in the way; nothing was changed", "Run it again."),
    ("55P03", TryAgainError, "Another command holds the lock", "Run it again, or raise busy_timeout."),
    ("42704", ConfigurationError, "PostgreSQL does not know a setting of the URL: {detail}", "Check database_url."),
    ("53100", BlogError, "The server's disk is full; nothing was changed", None),
    ("53", TryAgainError, "PostgreSQL has no room for another connection: {detail}", "Run it again later."),
    ("57014", TryAgainError, "PostgreSQL cancelled the statement: {detail}", "Run it again."),
    ("57", TryAgainError, "PostgreSQL ended the connection: {detail}", "Run it again."),
    ("08P01", UnavailableError, "The server or pooler refused: {detail}", "Check the URL."),
    ("08", TryAgainError, "The connection to PostgreSQL was lost: {detail}", "Check what was done, then run it again."),
    ("25006", BlogError, "This PostgreSQL server is read-only", "Add target_session_attrs=read-write to the URL."),
    ("42501", BlogError, "PostgreSQL does not permit it: {detail}", "Grant the role rights on the tables."),
)


# What asyncpg raises before the server could give a SQLSTATE, by the name of the class: asyncpg itself is not imported
# for a SQLite database.
_WITHOUT_STATE: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("ClientConfigurationError", ConfigurationError, "The connection settings are wrong: {detail}", "Check the URL."),
    ("TargetServerAttributeNotMatched", UnavailableError, "No server is as the URL asks: {detail}", None),
    ("", TryAgainError, "The connection to {url} was lost: {detail}", "Check what was done, then run it again."),
)


@contextmanager
def translated_failures(url: DatabaseUrl) -> Iterator[None]:
    """Turn whatever a driver raises inside into a BlogError; everything else passes."""
    try:
        yield
    except StaleDataError as error:
        raise ConflictError("It was changed by another command meanwhile; nothing was changed") from error
    except UnicodeEncodeError as error:
        reason = f"A value holds half of a surrogate pair (not valid Unicode) at offset {error.start}"
        raise InvalidError(reason) from error
    except DBAPIError as error:
        raise _translate(error.driver_exception or error.orig or error, url) from error
    except (OSError, sqlite3.Error) as error:
        raise _translate(error, url) from error
    except Exception as error:
        if not _is_from_asyncpg(error):
            raise
        raise _translate(error, url) from error


def _translate(error: BaseException, url: DatabaseUrl) -> BlogError:
    detail = " ".join(str(error).split())
    if isinstance(error, sqlite3.Error):
        found = _look_up(_SQLITE, getattr(error, "sqlite_errorname", ""), url, detail)
        return found or BlogError(f"SQLite failed: {detail}")
    if isinstance(error, OSError):
        reason = error.strerror or detail or "no answer in time"
        return UnavailableError(f"{url} cannot be reached: {reason}", hint="Is the server running, and the URL right?")
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate:
        return _look_up(_POSTGRESQL, sqlstate, url, detail) or BlogError(f"PostgreSQL failed: {detail}")
    return _look_up(_WITHOUT_STATE, type(error).__name__, url, detail) or BlogError(detail)


def _look_up(
    table: tuple[tuple[str, type[BlogError], str, str | None], ...], name: str, url: DatabaseUrl, detail: str
) -> BlogError | None:
    for start, kind, message, hint in table:
        if name.startswith(start):
            return kind(message.format(url=url, detail=detail), hint=hint)
    return None


def _is_from_asyncpg(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "asyncpg"
