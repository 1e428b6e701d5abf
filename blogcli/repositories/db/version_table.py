"""SQL statements for the table that records the revision of a database.

Databases that were created before revision 0004 record the revision in the table `alembic_version`. Other programs use
a table with this name too. `db upgrade` first verifies that the table belongs to blogcli, and then replaces it with the
table `blogcli_version`.

The statements are plain strings, because some of them are executed by a database driver instead of SQLAlchemy.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

VERSION_TABLE = "blogcli_version"
LEGACY_TABLE = "alembic_version"
# This text is recorded instead of a revision while a copy of a blog is being written to the database.
UNFINISHED_COPY = "unfinished copy"

# Statements that move the recorded revision from `alembic_version` to `blogcli_version`. The old table is dropped last,
# so that the revision is always in one of the tables.
LEGACY_TABLE_MIGRATION = (
    """CREATE TABLE blogcli_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT blogcli_version_pkc PRIMARY KEY (version_num)
)""",
    "INSERT INTO blogcli_version (version_num) SELECT version_num FROM alembic_version",
    "DROP TABLE alembic_version",
)

# Selects the number of recorded revisions, and the number of recorded revisions that equal the parameter.
SQLITE_REVISION_COUNTS = "SELECT count(*), sum(version_num = ?) FROM blogcli_version"

# A function that runs a query and returns the rows.
Fetch = Callable[[str], Awaitable[Iterable[Sequence[Any]]]]

# Queries about all tables and views. A row contains the name of a table, the name of one of its columns, and whether
# the table is in the schema in which new tables are created. The column is null for tables that are not in {names}.
_COLUMNS_QUERIES = {
    # Columns are read only for the tables in {names}. The query would fail if it read the columns of a broken view, or
    # of a virtual table whose module is missing.
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
# Queries that return at most three recorded revisions. The SQLite query returns text as hexadecimal digits, because the
# driver could not decode bytes that are not valid UTF-8. It returns null for a value that is not text.
_REVISION_QUERIES = {
    "sqlite": """
        SELECT CASE typeof(version_num) WHEN 'text' THEN hex(substr(CAST(version_num AS BLOB), 1, 64)) END
        FROM {table} LIMIT 3
    """,
    "postgresql": "SELECT left(version_num::text, 64) FROM {table} LIMIT 3",
}


def postgresql_revision_check(revision: str) -> str:
    """Return a statement that selects one row if `revision` is the only recorded revision, and no row otherwise."""
    is_recorded = f"count(*) = 1 AND min(version_num::text) = '{revision}'"
    return f"SELECT FROM {VERSION_TABLE} HAVING {is_recorded}"


async def read_columns(fetch: Fetch, dialect: str, tables: Iterable[str]) -> tuple[Mapping[str, set[str]], set[str]]:
    """Return the columns of those tables in `tables` that exist, and the names of all tables in the current schema."""
    names = ", ".join(f"'{name}'" for name in tables)
    columns: dict[str, set[str]] = {}
    local_tables: set[str] = set()
    for name, column, is_local in await fetch(_COLUMNS_QUERIES[dialect].format(names=names)):
        if column is not None:
            columns.setdefault(name, set()).add(column)
        if is_local:
            local_tables.add(name)
    return columns, local_tables


async def read_revisions(fetch: Fetch, dialect: str, table: str) -> Sequence[str | None]:
    """Return at most three of the revisions that are recorded in `table`. A value that is not text is None."""
    values = [row[0] for row in await fetch(_REVISION_QUERIES[dialect].format(table=table))]
    if dialect == "sqlite":
        return [None if value is None else bytes.fromhex(value).decode(errors="replace") for value in values]
    return values
