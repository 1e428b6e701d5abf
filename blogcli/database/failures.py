"""Translate errors of database drivers to errors that have a message and a hint for the user."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ..errors import BlogError, ConfigurationError, ConflictError, InvalidError, TryAgainError, UnavailableError
from ..urls import DatabaseUrl, SqliteUrl

# The rights of a role that runs commands, and of a role that runs migrations.
TABLE_RIGHTS = "Grant the role SELECT, INSERT, UPDATE and DELETE on the tables, and USAGE on their sequences."
SCHEMA_RIGHTS = "Run the command as the owner of the tables, who also needs CREATE on the schema."
_BUSY_HINT = "Another command is writing. Run the command again, or increase busy_timeout."
_CHECK_HINT = "Run `blogcli db check` to list what is missing."
# Each entry contains the name of a SQLite error, and the class, message and hint of the error that is raised instead.
# An entry also matches longer names that start with its name, such as SQLITE_BUSY_SNAPSHOT. The first matching entry is
# used.
_SQLITE: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("SQLITE_BUSY", TryAgainError, "{url} is locked", _BUSY_HINT),
    ("SQLITE_LOCKED", TryAgainError, "{url} is locked", _BUSY_HINT),
    ("SQLITE_READONLY", BlogError, "{url} cannot be written: the file or its directory is read-only", None),
    ("SQLITE_FULL", BlogError, "The disk is full; {outcome}", "Free some space and run the command again."),
    ("SQLITE_IOERR", BlogError, "Reading or writing {url} failed; {outcome}", None),
    ("SQLITE_NOTADB", ConfigurationError, "{url} is not a SQLite database", "Check database_url."),
    ("SQLITE_CORRUPT_VTAB", BlogError, "The search index of {url} is damaged", "Run `blogcli db reindex`."),
    (
        "SQLITE_CORRUPT",
        BlogError,
        "{url} is damaged",
        "Run `blogcli db check` to find the damage, or restore a backup.",
    ),
    ("SQLITE_CANTOPEN", UnavailableError, "{url} cannot be opened", "Check that the file and its directory exist."),
    ("SQLITE_CONSTRAINT_UNIQUE", ConflictError, "Another row has the same value: {detail}", None),
    (
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        ConflictError,
        "A row is still referenced, or refers to a row that does not exist",
        None,
    ),
    ("SQLITE_CONSTRAINT", InvalidError, "The database refused a value: {detail}", None),
    ("SQLITE_TOOBIG", InvalidError, "The text is too large for SQLite (1,000,000,000 bytes)", None),
)
# Each entry contains a SQLSTATE code, and the class, message and hint of the error that is raised instead. A shorter
# code, such as "23", matches all codes that start with it. The first matching entry is used. The codes are listed in
# appendix A of the PostgreSQL manual.
_POSTGRESQL: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("23505", ConflictError, "Another row has the same value: {detail}", None),
    ("23503", ConflictError, "A row is still referenced, or refers to a row that does not exist", None),
    ("23", InvalidError, "The database refused a value: {detail}", None),
    ("22", InvalidError, "The database refused a value: {detail}", None),
    ("28", UnavailableError, "PostgreSQL refused the log-in: {detail}", "Check user, password and sslmode."),
    ("3D", UnavailableError, "PostgreSQL has no such database: {detail}", "Create it with createdb."),
    ("40", TryAgainError, "The transaction conflicted with another command; {outcome}", "Run the command again."),
    ("55P03", TryAgainError, "Another command holds the lock", "Run the command again, or increase busy_timeout."),
    ("42704", ConfigurationError, "PostgreSQL does not know a setting of the URL: {detail}", "Check database_url."),
    ("53100", BlogError, "The server's disk is full; {outcome}", None),
    ("53", TryAgainError, "PostgreSQL accepts no more connections: {detail}", "Run the command again later."),
    (
        "57014",
        TryAgainError,
        "PostgreSQL cancelled the statement: {detail}; {outcome}",
        "Run the command again, or increase statement_timeout.",
    ),
    ("57P03", TryAgainError, "PostgreSQL accepts no connections: {detail}", "Run the command again later."),
    ("57", TryAgainError, "PostgreSQL ended the connection: {detail}; {outcome}", "Run the command again."),
    ("08P01", UnavailableError, "The server or pooler refused: {detail}", "Check the URL."),
    ("08", TryAgainError, "The connection to PostgreSQL was lost: {detail}; {outcome}", "Run the command again."),
    (
        "25006",
        ConfigurationError,
        "This PostgreSQL server is a standby or is read-only; {outcome}",
        "Use the URL of the primary server, or name all servers in the URL.",
    ),
    ("42P01", ConfigurationError, "The database schema is incomplete: {detail}", _CHECK_HINT),
    ("42703", ConfigurationError, "The database schema is incomplete: {detail}", _CHECK_HINT),
    ("3F000", ConfigurationError, "No schema of the search path exists: {detail}", "Create it, or set search_path."),
    ("42501", BlogError, "PostgreSQL denied the permission: {detail}; {outcome}", "{rights}"),
)


# Each entry contains the name of an asyncpg exception class without a SQLSTATE, and the class, message and hint of the
# error that is raised instead. The empty name matches all other classes. The entries contain names instead of classes,
# because asyncpg is not imported for a SQLite database.
_WITHOUT_STATE: tuple[tuple[str, type[BlogError], str, str | None], ...] = (
    ("ClientConfigurationError", ConfigurationError, "The connection settings are wrong: {detail}", "Check the URL."),
    (
        "TargetServerAttributeNotMatched",
        TryAgainError,
        "No server of {url} has the role that the command needs; {outcome}",
        "Run the command again when the failover is complete, or check target_session_attrs.",
    ),
    ("", TryAgainError, "The connection to {url} was lost: {detail}; {outcome}", "Run the command again."),
)


class CommitState:
    """Records whether a command has committed changes, so that error messages can report the outcome."""

    def __init__(self) -> None:
        self.is_committed = False

    @property
    def outcome(self) -> str:
        """The clause, appended to an error message, that says whether the command has committed changes."""
        return "earlier changes were committed" if self.is_committed else "nothing was changed"


@contextmanager
def translate_errors(url: DatabaseUrl, commit_state: CommitState, *, rights: str = TABLE_RIGHTS) -> Iterator[None]:
    """Raise a BlogError for each error of the database, its driver or the operating system inside the block.

    If a right is missing, `rights` is the hint. All other exceptions are propagated unchanged.
    """
    try:
        yield
    except StaleDataError as error:
        raise ConflictError(f"Another command changed the same row; {commit_state.outcome}") from error
    except UnicodeEncodeError as error:
        reason = f"A value contains an unpaired surrogate (invalid Unicode) at offset {error.start}"
        raise InvalidError(reason) from error
    except DBAPIError as error:
        fields = {"url": url, "outcome": commit_state.outcome, "rights": rights}
        raise _translate(error.driver_exception or error.orig or error, url, fields) from error
    except Exception as error:
        if not (isinstance(error, (OSError, sqlite3.Error)) or _is_from_asyncpg(error)):
            raise
        raise _translate(error, url, {"url": url, "outcome": commit_state.outcome, "rights": rights}) from error


def _translate(error: BaseException, url: DatabaseUrl, context: Mapping[str, object]) -> BlogError:
    detail = " ".join(str(error).split())
    fields = {**context, "detail": detail}
    if isinstance(error, sqlite3.Error):
        if detail.startswith("no such "):
            return ConfigurationError(f"The database schema is incomplete: {detail}", hint=_CHECK_HINT)
        translated = _look_up(_SQLITE, getattr(error, "sqlite_errorname", ""), fields)
        return translated or BlogError(f"SQLite failed: {detail}")
    if isinstance(error, OSError):
        return _translate_os_error(error, url, fields)
    sqlstate = getattr(error, "sqlstate", None)
    if sqlstate:
        return _look_up(_POSTGRESQL, sqlstate, fields) or BlogError(f"PostgreSQL failed: {detail}")
    return _look_up(_WITHOUT_STATE, type(error).__name__, fields) or BlogError(detail)


def _translate_os_error(error: OSError, url: DatabaseUrl, fields: Mapping[str, object]) -> BlogError:
    reason = error.strerror or fields["detail"] or "no answer in time"
    if untrusted := getattr(error, "verify_message", None):
        return UnavailableError(
            f"The certificate of the server is not trusted: {untrusted}",
            hint="Check sslrootcert and the host in the database URL.",
        )
    if error.filename is not None:
        # The error concerns a file that the command reads or writes, not the database.
        return BlogError(f"Cannot open {error.filename}: {reason}; {fields['outcome']}")
    if isinstance(url, SqliteUrl):
        return UnavailableError(f"{url} cannot be opened: {reason}")
    return UnavailableError(
        f"{url} cannot be reached: {reason}", hint="Check that the server is running and that the URL is correct."
    )


def _look_up(
    table: tuple[tuple[str, type[BlogError], str, str | None], ...], name: str, fields: Mapping[str, object]
) -> BlogError | None:
    for start, kind, message, hint in table:
        if name.startswith(start):
            return kind(message.format(**fields), hint=hint and hint.format(**fields))
    return None


def _is_from_asyncpg(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "asyncpg"
