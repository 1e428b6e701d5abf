"""What drivers raise -> what a person can act on."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ..errors import BlogError, ConfigurationError, ConflictError, InvalidError, TryAgainError, UnavailableError
from ..urls import DatabaseUrl, SqliteUrl

_BUSY_HINT = "Another command is writing. Run it again, or raise busy_timeout."
_CHECK_HINT = "`blogcli db check` says what is missing."
# By the name SQLite gives the failure; a name's extended forms (SQLITE_BUSY_SNAPSHOT) start alike.
_SQLITE: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("SQLITE_BUSY", TryAgainError, "{url} is locked", _BUSY_HINT),
    ("SQLITE_LOCKED", TryAgainError, "{url} is locked", _BUSY_HINT),
    ("SQLITE_READONLY", BlogError, "{url} cannot be written: the file or its directory is read-only", None),
    ("SQLITE_FULL", BlogError, "The disk is full; {outcome}", "Make room and run it again."),
    ("SQLITE_IOERR", BlogError, "Reading or writing {url} failed; {outcome}", None),
    ("SQLITE_NOTADB", ConfigurationError, "{url} is not a SQLite database", "Check database_url."),
    ("SQLITE_CORRUPT_VTAB", BlogError, "The search index of {url} is damaged", "Run `blogcli db reindex`."),
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
    ("40", TryAgainError, "Another command was in the way; {outcome}", "Run it again."),
    ("55P03", TryAgainError, "Another command holds the lock", "Run it again, or raise busy_timeout."),
    ("42704", ConfigurationError, "PostgreSQL does not know a setting of the URL: {detail}", "Check database_url."),
    ("53100", BlogError, "The server's disk is full; {outcome}", None),
    ("53", TryAgainError, "PostgreSQL has no room for another connection: {detail}", "Run it again later."),
    ("57014", TryAgainError, "PostgreSQL cancelled the statement: {detail}", "Run it again."),
    ("57", TryAgainError, "PostgreSQL ended the connection: {detail}", "Run it again."),
    ("08P01", UnavailableError, "The server or pooler refused: {detail}", "Check the URL."),
    ("08", TryAgainError, "The connection to PostgreSQL was lost: {detail}", "Check what was done, then run it again."),
    ("25006", BlogError, "This PostgreSQL server is read-only", "Add target_session_attrs=read-write to the URL."),
    ("42P01", ConfigurationError, "The database does not have what the program needs: {detail}", _CHECK_HINT),
    ("42703", ConfigurationError, "The database does not have what the program needs: {detail}", _CHECK_HINT),
    ("3F000", ConfigurationError, "No schema of the search path exists: {detail}", "Create it, or set search_path."),
    ("42501", BlogError, "PostgreSQL does not permit it: {detail}", "Grant the role rights on the tables."),
)


# What asyncpg raises before the server could give a SQLSTATE, by the name of the class: asyncpg itself is not imported
# for a SQLite database.
_WITHOUT_STATE: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("ClientConfigurationError", ConfigurationError, "The connection settings are wrong: {detail}", "Check the URL."),
    ("TargetServerAttributeNotMatched", UnavailableError, "No server matches target_session_attrs: {detail}", None),
    ("", TryAgainError, "The connection to {url} was lost: {detail}", "Check what was done, then run it again."),
)


class Work:
    """What a command has done so far, which a message about a failure must not deny."""

    def __init__(self) -> None:
        self.is_committed = False

    @property
    def outcome(self) -> str:
        """What became of it, in the words of a message about a failure."""
        return "what was done before it stays done" if self.is_committed else "nothing was changed"


@contextmanager
def translated_failures(url: DatabaseUrl, work: Work) -> Iterator[None]:
    """Turn whatever a driver raises inside into a BlogError; everything else passes."""
    try:
        yield
    except StaleDataError as error:
        raise ConflictError(f"It was changed by another command meanwhile; {work.outcome}") from error
    except UnicodeEncodeError as error:
        reason = f"A value holds half of a surrogate pair (not valid Unicode) at offset {error.start}"
        raise InvalidError(reason) from error
    except DBAPIError as error:
        raise _translate(error.driver_exception or error.orig or error, url, work) from error
    except (OSError, sqlite3.Error) as error:
        raise _translate(error, url, work) from error
    except Exception as error:
        if not _is_from_asyncpg(error):
            raise
        raise _translate(error, url, work) from error


def _translate(error: BaseException, url: DatabaseUrl, work: Work) -> BlogError:
    detail = " ".join(str(error).split())
    words = {"url": url, "detail": detail, "outcome": work.outcome}
    if isinstance(error, sqlite3.Error):
        if detail.startswith("no such "):
            return ConfigurationError(f"The database does not have what the program needs: {detail}", hint=_CHECK_HINT)
        found = _look_up(_SQLITE, getattr(error, "sqlite_errorname", ""), words)
        return found or BlogError(f"SQLite failed: {detail}")
    if isinstance(error, OSError):
        return _unreachable(error, url, words)
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate:
        return _look_up(_POSTGRESQL, sqlstate, words) or BlogError(f"PostgreSQL failed: {detail}")
    return _look_up(_WITHOUT_STATE, type(error).__name__, words) or BlogError(detail)


def _unreachable(error: OSError, url: DatabaseUrl, words: Mapping[str, object]) -> BlogError:
    reason = error.strerror or words["detail"] or "no answer in time"
    if error.filename is not None:
        # A file that the command reads or writes, and not the database.
        return BlogError(f"Cannot open {error.filename}: {reason}; {words['outcome']}")
    if isinstance(url, SqliteUrl):
        return UnavailableError(f"{url} cannot be opened: {reason}")
    return UnavailableError(f"{url} cannot be reached: {reason}", hint="Is the server running, and the URL right?")


def _look_up(
    table: tuple[tuple[str, type[BlogError], str, str | None], ...], name: str, words: Mapping[str, object]
) -> BlogError | None:
    for start, kind, message, hint in table:
        if name.startswith(start):
            return kind(message.format(**words), hint=hint)
    return None


def _is_from_asyncpg(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "asyncpg"
