"""Read the revision that is recorded in a database, and check that the database belongs to blogcli."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import ConfigurationError
from ..repositories.db.version_table import (
    LEGACY_TABLE,
    UNFINISHED_COPY,
    VERSION_TABLE,
    Fetch,
    read_columns,
    read_revisions,
)
from .revisions import is_newer, revision_chain, verify_revision

LEGACY_REVISIONS = ("0001", "0002", "0003")

# The columns by which blogcli recognizes its own tables. Tables of another program may have the same names, but not
# these columns.
_KNOWN_COLUMNS = {
    "users": {"email", "hashed_password", "full_name", "is_active"},
    "posts": {"uuid", "slug", "author_id", "words", "version", "extra", "content"},
    "tags": {"name", "key"},
    "post_tags": {"post_id", "tag_id"},
}
_OWN_TABLES = {*_KNOWN_COLUMNS, "post_search", "post_search_terms", "post_search_digests", "post_imports"}
_OTHER_DATABASE_HINT = "Use a separate database for blogcli: check database_url."


@dataclass(frozen=True)
class RecordedRevision:
    """The revision that is recorded in a database.

    `revision` is None if no revision is recorded. `is_legacy` tells whether the revision is recorded in the table
    `alembic_version`. `has_tables` tells whether the database has blogcli's tables.
    """

    revision: str | None
    is_legacy: bool = False
    has_tables: bool = False

    @property
    def is_unfinished_copy(self) -> bool:
        """Whether the database contains an unfinished copy of a blog."""
        return self.revision == UNFINISHED_COPY

    def verify(self) -> None:
        """Raise ConfigurationError unless the recorded revision is the revision that the code requires."""
        self.require()
        verify_revision(self.revision)

    def require(self) -> None:
        """Raise ConfigurationError if the database has blogcli's tables but no record of their revision.

        ConfigurationError is also raised if the database contains an unfinished copy of a blog.
        """
        if self.is_unfinished_copy:
            raise ConfigurationError(
                "The database contains an unfinished copy of a blog", hint="Repeat the `blogcli db copy` to finish it."
            )
        if self.revision is None and self.has_tables:
            raise ConfigurationError(
                "The database has blogcli's tables, but no record of their revision",
                hint="Record it with `blogcli db stamp REVISION`, or restore a backup into another database.",
            )


async def fetch_recorded_revision(connection: AsyncConnection) -> RecordedRevision:
    """Read the revision that is recorded in the database to which `connection` belongs.

    Raises ConfigurationError if the database belongs to another program, or if the recorded revision is invalid.
    """

    async def fetch(query: str) -> Iterable[Sequence[Any]]:
        return (await connection.exec_driver_sql(query)).all()

    return await read_recorded_revision(fetch, connection.dialect.name)


async def read_recorded_revision(fetch: Fetch, dialect: str) -> RecordedRevision:
    """Read the revision that is recorded in a database. `fetch` runs a query on the database and returns the rows.

    Raises ConfigurationError if the database belongs to another program, or if the recorded revision is invalid.
    """
    tables, local_tables = await read_columns(fetch, dialect, (*_KNOWN_COLUMNS, VERSION_TABLE, LEGACY_TABLE))
    has_tables = _has_own_tables(tables)
    if "version_num" in tables.get(VERSION_TABLE, ()):
        return _parse_record(await read_revisions(fetch, dialect, VERSION_TABLE), has_tables=has_tables)
    legacy: Sequence[str | None] = []
    if "version_num" in tables.get(LEGACY_TABLE, ()):
        legacy = await read_revisions(fetch, dialect, LEGACY_TABLE)
    if has_tables and len(legacy) == 1 and legacy[0] in LEGACY_REVISIONS:
        return RecordedRevision(legacy[0], is_legacy=True, has_tables=True)
    if LEGACY_TABLE in local_tables and (legacy or local_tables != {LEGACY_TABLE}):
        content = f"contains {_format_revisions(legacy)}" if legacy else "has no row"
        raise _make_other_program_error(f"its table {LEGACY_TABLE} {content}")
    if has_tables:
        return RecordedRevision(None, has_tables=True)
    _refuse_other_tables(local_tables, dialect)
    return RecordedRevision(None)


def _refuse_other_tables(local_tables: set[str], dialect: str) -> None:
    """Raise ConfigurationError if a table of another program prevents blogcli from creating its own tables."""
    # A SQLite file is used by one program only, so any table of another program is a conflict.
    conflicting = local_tables - {LEGACY_TABLE}
    if dialect == "postgresql":
        # Several programs may share a schema, as long as the names of their tables differ.
        conflicting = local_tables & {*_OWN_TABLES, VERSION_TABLE}
    if conflicting:
        raise _make_other_program_error(f"its table {min(conflicting)} is not blogcli's")


def _parse_record(revisions: Sequence[str | None], *, has_tables: bool) -> RecordedRevision:
    if not revisions:
        return RecordedRevision(None, has_tables=has_tables)
    (revision, *others) = revisions
    if not others and revision == UNFINISHED_COPY:
        return RecordedRevision(revision, has_tables=has_tables)
    if others or revision is None or not (revision in revision_chain() or is_newer(revision)):
        raise ConfigurationError(
            f"The table {VERSION_TABLE} contains {_format_revisions(revisions)} instead of one revision of blogcli",
            hint="Restore a backup, or correct that table.",
        )
    return RecordedRevision(revision, has_tables=has_tables)


def _has_own_tables(tables: Mapping[str, set[str]]) -> bool:
    return all(columns <= tables.get(name, set()) for name, columns in _KNOWN_COLUMNS.items())


def _format_revisions(revisions: Sequence[str | None]) -> str:
    return " and ".join("a value that is not text" if value is None else repr(value) for value in revisions)


def _make_other_program_error(reason: str) -> ConfigurationError:
    return ConfigurationError(f"The database belongs to another program: {reason}", hint=_OTHER_DATABASE_HINT)
