"""The table that records the revision of a database, and whether the database is blogcli's at all.

Databases made before revision 0004 keep the record in `alembic_version`, a name that other programs use too.
`db upgrade` renames that table once it is certain that it is blogcli's.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from ..errors import ConfigurationError
from .revisions import is_newer, revision_chain, verify_revision

VERSION_TABLE = "blogcli_version"
LEGACY_TABLE = "alembic_version"
LEGACY_REVISIONS = ("0001", "0002", "0003")

# Move the record of the revision to its own table. The old table goes last, so that nothing is lost on the way.
TAKE_OVER = (
    """CREATE TABLE blogcli_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT blogcli_version_pkc PRIMARY KEY (version_num)
)""",
    "INSERT INTO blogcli_version (version_num) SELECT version_num FROM alembic_version",
    "DROP TABLE alembic_version",
)

Fetch = Callable[[str], Awaitable[Iterable[Sequence[Any]]]]

# By these columns our tables can be told from another program's tables of the same names.
_MARKS = {
    "users": {"email", "hashed_password", "full_name", "is_active"},
    "posts": {"uuid", "slug", "author_id", "words", "version", "extra", "content"},
    "tags": {"name", "key"},
    "post_tags": {"post_id", "tag_id"},
}
_OWN_TABLES = {*_MARKS, "post_search", "post_search_terms", "post_imports"}
_OTHERS_HINT = "Give blogcli a database of its own: check database_url."

# Names of tables and views, with the columns of our own tables; whether a new table of that name would be refused.
_TABLES = {
    # The columns of a view or a virtual table that is broken cannot be asked for.
    "sqlite": """
        SELECT o.name, c.name, 1 FROM sqlite_schema AS o
        LEFT JOIN pragma_table_info(CASE WHEN o.type = 'table' AND o.name IN ({names}) THEN o.name END) AS c
        WHERE o.type IN ('table', 'view') AND o.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
    """,
    "postgresql": """
        SELECT c.relname::text, a.attname::text,
            coalesce(c.relnamespace = to_regnamespace(current_schema()::text), false)
        FROM pg_catalog.pg_class AS c
        LEFT JOIN pg_catalog.pg_attribute AS a
            ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r' AND c.relname IN ({names})
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND pg_catalog.pg_table_is_visible(c.oid)
            AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    """,
}
# A value that is no text comes as null. Bytes that are not UTF-8 must not end the query.
_RECORDS = {
    "sqlite": """
        SELECT CASE typeof(version_num) WHEN 'text' THEN hex(substr(CAST(version_num AS BLOB), 1, 64)) END
        FROM {table} LIMIT 3
    """,
    "postgresql": "SELECT left(version_num::text, 64) FROM {table} LIMIT 3",
}


@dataclass(frozen=True)
class Record:
    """What is recorded of the revision: none for a database without tables, or where the record was lost."""

    revision: str | None
    is_legacy: bool = False
    has_tables: bool = False

    def verify(self) -> None:
        """Raise ConfigurationError unless it is the revision that the code expects."""
        self.require()
        verify_revision(self.revision)

    def require(self) -> None:
        """Raise ConfigurationError where there are tables of ours, and no record of their revision."""
        if self.revision is None and self.has_tables:
            raise ConfigurationError(
                "The database has blogcli's tables, but no record of their revision",
                hint="Restore a backup, or record the revision with `blogcli db stamp REVISION`.",
            )


async def recorded_revision(connection: AsyncConnection) -> Record:
    """Return what the database records, as `read_record` does."""

    async def fetch(query: str) -> Iterable[Sequence[Any]]:
        return (await connection.exec_driver_sql(query)).all()

    return await read_record(fetch, connection.dialect.name)


async def read_record(fetch: Fetch, dialect: str) -> Record:
    """Return what the database records, given what runs a query on it.

    Raises ConfigurationError for a database of another program, and for a record that blogcli cannot have written.
    """
    tables, here = await _read_tables(fetch, dialect)
    if "version_num" in tables.get(VERSION_TABLE, ()):
        return _own_record(await _read_revisions(fetch, dialect, VERSION_TABLE), has_tables=_are_ours(tables))
    legacy: Sequence[str | None] = []
    if "version_num" in tables.get(LEGACY_TABLE, ()):
        legacy = await _read_revisions(fetch, dialect, LEGACY_TABLE)
    if _are_ours(tables) and len(legacy) == 1 and legacy[0] in LEGACY_REVISIONS:
        return Record(legacy[0], is_legacy=True, has_tables=True)
    if LEGACY_TABLE in here and (legacy or here != {LEGACY_TABLE}):
        what = f"holds {_shown(legacy)}" if legacy else "has no row"
        raise _of_another_program(f"its table {LEGACY_TABLE} {what}")
    if _are_ours(tables):
        return Record(None, has_tables=True)
    # A SQLite file is one program's. On PostgreSQL several may share a schema, as long as their names differ.
    in_the_way = here - {LEGACY_TABLE} if dialect == "sqlite" else here & {*_OWN_TABLES, VERSION_TABLE}
    if in_the_way:
        raise _of_another_program(f"its table {min(in_the_way)} is not blogcli's")
    return Record(None)


def _own_record(revisions: Sequence[str | None], *, has_tables: bool) -> Record:
    if not revisions:
        return Record(None, has_tables=has_tables)
    (revision, *others) = revisions
    if others or revision is None or not (revision in revision_chain() or is_newer(revision)):
        raise ConfigurationError(
            f"The table {VERSION_TABLE} holds {_shown(revisions)}, and not one revision of blogcli",
            hint="Restore a backup, or correct that table.",
        )
    return Record(revision, has_tables=has_tables)


async def _read_tables(fetch: Fetch, dialect: str) -> tuple[Mapping[str, set[str]], set[str]]:
    """Return the columns of our tables by name, and the names of all tables where new ones would be made."""
    names = ", ".join(f"'{name}'" for name in (*_MARKS, VERSION_TABLE, LEGACY_TABLE))
    tables: dict[str, set[str]] = {}
    here: set[str] = set()
    for name, column, is_here in await fetch(_TABLES[dialect].format(names=names)):
        if column is not None:
            tables.setdefault(name, set()).add(column)
        if is_here:
            here.add(name)
    return tables, here


async def _read_revisions(fetch: Fetch, dialect: str, table: str) -> Sequence[str | None]:
    values = [row[0] for row in await fetch(_RECORDS[dialect].format(table=table))]
    if dialect == "sqlite":
        return [None if value is None else bytes.fromhex(value).decode(errors="replace") for value in values]
    return values


def _are_ours(tables: Mapping[str, set[str]]) -> bool:
    return all(columns <= tables.get(name, set()) for name, columns in _MARKS.items())


def _shown(revisions: Sequence[str | None]) -> str:
    return " and ".join("a value that is not text" if each is None else repr(each) for each in revisions)


def _of_another_program(why: str) -> ConfigurationError:
    return ConfigurationError(f"The database belongs to another program: {why}", hint=_OTHERS_HINT)
