"""The Alembic environment. It runs migrations on a given or a new connection, or writes the SQL of migrations."""

import asyncio
from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from blogcli.database import open_migration_engine
from blogcli.database.journal import record_migration
from blogcli.database.recorded_revision import LEGACY_REVISIONS, fetch_recorded_revision
from blogcli.database.revisions import next_revision
from blogcli.database.sessions import WRITE_OPTIONS
from blogcli.errors import BlogError
from blogcli.models.base import is_in_models
from blogcli.models.indexes import metadata
from blogcli.repositories.db.schema_checks import broken_references
from blogcli.repositories.db.server import lock_for_migrations, run_statements
from blogcli.repositories.db.version_table import LEGACY_TABLE_MIGRATION, VERSION_TABLE
from blogcli.settings import Overrides, load_settings


def number_revision(
    _context: MigrationContext, _revision: str | Iterable[str | None], directives: list[MigrationScript]
) -> None:
    """Set the id of the new revision to the next free number."""
    directives[0].rev_id = next_revision()


OPTIONS: dict[str, Any] = {
    "version_table": VERSION_TABLE,
    "target_metadata": metadata,
    "compare_type": True,
    "include_name": is_in_models,
    # Batch operations alter a table by copying it, because SQLite does not support most forms of ALTER TABLE.
    "render_as_batch": True,
    # SQLite can roll back DDL, like PostgreSQL, if the transaction begins with an explicit BEGIN.
    "transactional_ddl": True,
    "process_revision_directives": number_revision,
}


def run_on(connection: Connection) -> None:
    """Run the requested migrations on a connection. If another process is running migrations, wait until it ends."""
    lock_for_migrations(connection)
    context.configure(connection=connection, **OPTIONS)
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        refuse_broken_references(connection)


def refuse_broken_references(connection: Connection) -> None:
    """Raise BlogError if a row refers to a missing row.

    Such references are checked before the commit, because SQLite does not enforce foreign keys during migrations.
    """
    broken = broken_references(connection)
    if broken:
        tables = ", ".join(sorted({reference.table for reference in broken}))
        raise BlogError(f"The migration would leave {len(broken)} rows with broken references in {tables}")


async def run_on_new_engine() -> None:
    """Run the requested migrations on the configured database.

    This function is called if a user runs `alembic` directly instead of `blogcli db`.
    """
    async with (
        open_migration_engine(load_settings(Overrides())) as engine,
        engine.execution_options(**WRITE_OPTIONS).begin() as connection,
    ):
        if (await fetch_recorded_revision(connection)).is_legacy:
            await connection.run_sync(run_statements, LEGACY_TABLE_MIGRATION)
        await connection.run_sync(record_migration, run_on)


def run_offline() -> None:
    """Write the SQL statements of the requested migrations instead of executing them."""
    dialect = context.config.attributes.get("dialect_name", "postgresql")
    context.configure(dialect_name=dialect, literal_binds=True, **OPTIONS)
    write = context.get_context().impl.static_output
    if dialect == "sqlite":
        # Migrations drop and recreate tables. If foreign keys were enforced, dropping a table could delete the rows
        # that refer to it. The statement comes before the transaction, because SQLite ignores it inside a transaction.
        write("PRAGMA foreign_keys = OFF;")
    with context.begin_transaction():
        if context.get_starting_revision_argument() in LEGACY_REVISIONS:
            count = len(LEGACY_TABLE_MIGRATION)
            write(f"-- Omit the next {count} statements if the table {VERSION_TABLE} exists.")
            for statement in LEGACY_TABLE_MIGRATION:
                write(f"{statement};")
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
elif (given := context.config.attributes.get("connection")) is not None:
    run_on(given)
else:
    asyncio.run(run_on_new_engine())
