"""Apply, revert, record, list and create migrations of the database."""

import io
import re
from functools import partial
from pathlib import Path

from alembic import command
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ...database.recorded_revision import fetch_recorded_revision
from ...database.revisions import head_revision, is_checkout
from ...errors import ConfigurationError, UsageError
from ...reporter import Reporter
from ...repositories.db import server
from ...schemas.db import DatabaseStatus, MigrationRevision
from .migration import begin_migration, list_revisions, make_config
from .revisions import resolve_range

_CLONE_HINT = "Clone the repository, and run `blogcli db revision` there."


async def upgrade(
    engine: AsyncEngine, revision: str = "head", *, dry_run: bool = False, on_progress: Reporter | None = None
) -> list[MigrationRevision]:
    """Upgrade the database to a revision, and return the applied revisions in order.

    If another migration is running, the upgrade waits until that migration ends, but not longer than the setting
    busy_timeout. Migrations that index all posts call `on_progress`. Raises UsageError if the revision is unknown or
    older than the current revision.
    """
    async with begin_migration(engine, dry_run=dry_run) as migration:
        migration.record.require()
        target = migration.resolve(revision)
        if migration.find_position(target) < migration.position:
            raise UsageError(
                f"The database is at revision {migration.record.revision}, which comes after {target or 'base'}",
                hint=f"Run `blogcli db downgrade {target or 'base'}` to downgrade it.",
            )
        return await migration.move(command.upgrade, target, on_progress=on_progress)


async def downgrade(engine: AsyncEngine, revision: str, *, dry_run: bool = False) -> list[MigrationRevision]:
    """Downgrade the database to a revision, and return the reverted revisions, newest first.

    Raises UsageError if the revision is unknown or newer than the current revision.
    """
    async with begin_migration(engine, dry_run=dry_run) as migration:
        migration.record.require()
        target = migration.resolve(revision)
        if migration.find_position(target) > migration.position:
            raise UsageError(
                f"The database is at revision {migration.record.revision or 'base'}, which comes before {target}",
                hint=f"Run `blogcli db upgrade {target}` to upgrade it.",
            )
        return await migration.move(command.downgrade, target)


async def stamp(engine: AsyncEngine, revision: str, *, dry_run: bool = False) -> list[MigrationRevision]:
    """Record a revision without running migrations, and return the revisions whose migrations were skipped, in order.

    Of the previous revision and `revision`, only the newer one is included. Raises UsageError if `revision` is unknown.
    Unless `revision` is `base`, raises ConfigurationError if the database has no blogcli tables, or if `revision` is
    the newest revision and any table or column of the current schema is missing.
    """
    async with begin_migration(engine, dry_run=dry_run) as migration:
        target = migration.resolve(revision)
        if target is not None and not migration.record.has_tables:
            raise ConfigurationError(
                f"The database does not have the tables of revision {target}", hint="Run `blogcli db upgrade`."
            )
        if target == head_revision():
            await migration.connection.run_sync(_refuse_missing_columns)
        return await migration.move(command.stamp, target)


def upgrade_sql(dialect: str, revision: str = "head") -> str:
    """Return the SQL of all migrations up to a revision or in a range `FROM:TO`, in a dialect such as `sqlite`."""
    config = make_config(dialect_name=dialect)
    config.output_buffer = output = io.StringIO()
    start, end = resolve_range(revision, [step.revision for step in reversed(list_revisions(None))])
    if start == end:
        return ""
    command.upgrade(config, f"{start}:{end}" if start else f"{end}", sql=True)
    return output.getvalue()


async def history(engine: AsyncEngine) -> list[MigrationRevision]:
    """Return all revisions, newest first."""
    async with engine.connect() as connection:
        return list_revisions((await fetch_recorded_revision(connection)).revision)


def heads() -> list[MigrationRevision]:
    """Return the newest revision, which is the only head because the migrations form one chain."""
    return [revision for revision in list_revisions(None) if revision.is_head]


async def current(engine: AsyncEngine) -> list[MigrationRevision]:
    """Return the current revision of the database, or an empty list if the database records no revision."""
    return [revision for revision in await history(engine) if revision.is_current]


async def write_revision(engine: AsyncEngine, message: str, *, autogenerate: bool) -> Path:
    """Write the file of a new migration and return its path.

    If `autogenerate` is true, the migration contains the differences between the database and the models. Raises
    UsageError if blogcli does not run from a checkout, if `message` is invalid, or if Alembic cannot write the file.
    """
    if not is_checkout():
        raise UsageError(
            "Migrations can be written only in a checkout of blogcli, not in an installed copy", hint=_CLONE_HINT
        )
    if not re.search(r"\w", message) or not message.isprintable() or '"""' in message or "\\" in message:
        raise UsageError("A message must be one line with words, without backslashes and triple quotes")
    async with engine.connect() as connection:
        record = await fetch_recorded_revision(connection)
        if autogenerate:
            record.verify()
        return await connection.run_sync(partial(_write_revision_file, message=message, autogenerate=autogenerate))


def _write_revision_file(connection: Connection, *, message: str, autogenerate: bool) -> Path:
    try:
        with server.quiet_reflection():
            script = command.revision(make_config(connection=connection), message=message, autogenerate=autogenerate)
    except CommandError as error:
        raise UsageError(f"Cannot write the migration: {error}") from error
    return Path(script.path)  # type: ignore[union-attr]  # Alembic returns a single script, because there is one head


async def status(engine: AsyncEngine, *, name: str, source: str) -> DatabaseStatus:
    """Return the state of the database. `name` is the name to display, and `source` is the origin of the URL."""
    async with engine.connect() as connection:
        record = await fetch_recorded_revision(connection)
        counts = await server.table_counts(connection)
        return DatabaseStatus(
            database=name,
            source=source,
            revision=record.revision,
            head=head_revision(),
            users=counts.get("users"),
            posts=counts.get("posts"),
            tags=counts.get("tags"),
            size=await server.size(connection),
            server=await server.version(connection),
            round_trip=await server.round_trip(connection),
        )


def _refuse_missing_columns(connection: Connection) -> None:
    missing = server.missing_columns(connection)
    if missing:
        raise ConfigurationError(
            f"The database lacks tables or columns of the newest revision: {', '.join(missing)}",
            hint="Record an older revision, then run `blogcli db upgrade`.",
        )
