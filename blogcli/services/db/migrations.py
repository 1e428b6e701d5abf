"""Apply, revert, record, list and create migrations of the database."""

import io
import re
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...database.journal import record_migration
from ...database.recorded_revision import RecordedRevision, fetch_recorded_revision
from ...database.revisions import head_revision, is_checkout, migrations_home, verify_revision
from ...database.sessions import WRITE_OPTIONS, run_to_completion
from ...errors import ConfigurationError, UsageError
from ...reporter import Reporter
from ...repositories.db import server
from ...repositories.db.version_table import LEGACY_TABLE_MIGRATION
from ...schemas.db import DatabaseStatus, MigrationRevision
from .revisions import find_position, resolve_range, resolve_revision

_CLONE_HINT = "Clone the repository, and run `blogcli db revision` there."


async def upgrade(
    engine: AsyncEngine, revision: str = "head", *, dry_run: bool = False, on_progress: Reporter | None = None
) -> list[MigrationRevision]:
    """Upgrade the database to a revision, and return the applied revisions in order.

    If another migration is running, the upgrade waits until that migration ends, but not longer than the setting
    busy_timeout. Migrations that index all posts call `on_progress`. Raises UsageError if the revision is unknown or
    older than the current revision.
    """
    async with _begin_migration(engine, dry_run=dry_run) as migration:
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
    async with _begin_migration(engine, dry_run=dry_run) as migration:
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
    async with _begin_migration(engine, dry_run=dry_run) as migration:
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
    config = _make_config(dialect_name=dialect)
    config.output_buffer = output = io.StringIO()
    start, end = resolve_range(revision, [step.revision for step in reversed(_list_revisions(None))])
    if start == end:
        return ""
    command.upgrade(config, f"{start}:{end}" if start else f"{end}", sql=True)
    return output.getvalue()


async def history(engine: AsyncEngine) -> list[MigrationRevision]:
    """Return all revisions, newest first."""
    async with engine.connect() as connection:
        return _list_revisions((await fetch_recorded_revision(connection)).revision)


def heads() -> list[MigrationRevision]:
    """Return the newest revision, which is the only head because the migrations form one chain."""
    return [revision for revision in _list_revisions(None) if revision.is_head]


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
            script = command.revision(_make_config(connection=connection), message=message, autogenerate=autogenerate)
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


class _Migration:
    """A transaction that excludes other migrations, and the revision that was recorded when the transaction began."""

    def __init__(self, connection: AsyncConnection, record: RecordedRevision) -> None:
        self.connection = connection
        self.record = record
        self._revisions = _list_revisions(record.revision)
        self._chain = [revision.revision for revision in reversed(self._revisions)]
        if record.revision is not None and record.revision not in self._chain:
            verify_revision(record.revision)

    @property
    def position(self) -> int:
        """The position of the recorded revision in the chain, counted from 1, or 0 if no revision is recorded."""
        return self.find_position(self.record.revision)

    def find_position(self, revision: str | None) -> int:
        """Return the position of a revision in the chain, counted from 1, or 0 for None."""
        return find_position(revision, self._chain)

    def resolve(self, text: str) -> str | None:
        """Return the id of the revision that `text` names, or None for `base`.

        Raises UsageError if `text` names no revision.
        """
        return resolve_revision(text, self._chain, self.record.revision)

    async def move(
        self, run_command: Callable[[Config, str], object], target: str | None, *, on_progress: Reporter | None = None
    ) -> list[MigrationRevision]:
        """Run an Alembic command, and return the revisions that the command applies or reverts, in order."""
        first, last = sorted((self.position, self.find_position(target)))
        if first == last:
            return []
        if self.record.is_legacy:
            await self.connection.run_sync(server.run_statements, LEGACY_TABLE_MIGRATION)
        await self.connection.run_sync(
            record_migration,
            lambda sync: run_command(_make_config(connection=sync, on_progress=on_progress), target or "base"),
        )
        revisions = [revision for revision in self._revisions if first < self.find_position(revision.revision) <= last]
        return revisions if last == self.position else revisions[::-1]


@asynccontextmanager
async def _begin_migration(engine: AsyncEngine, *, dry_run: bool) -> AsyncIterator[_Migration]:
    """Begin a transaction for migrations. The transaction is rolled back at the end of a dry run."""
    connection = await engine.execution_options(**WRITE_OPTIONS).connect()
    try:
        await connection.run_sync(server.lock_for_migrations)
        yield _Migration(connection, await fetch_recorded_revision(connection))
        await run_to_completion(connection.rollback() if dry_run else connection.commit())
    finally:
        await run_to_completion(connection.close())


def _refuse_missing_columns(connection: Connection) -> None:
    missing = server.missing_columns(connection)
    if missing:
        raise ConfigurationError(
            f"The database lacks tables or columns of the newest revision: {', '.join(missing)}",
            hint="Record an older revision, then run `blogcli db upgrade`.",
        )


def _list_revisions(current: str | None) -> list[MigrationRevision]:
    scripts = ScriptDirectory.from_config(_make_config())
    return [
        MigrationRevision(
            revision=script.revision,
            down_revision=script.down_revision if isinstance(script.down_revision, str) else None,
            message=script.doc.rstrip("."),
            is_head=script.is_head,
            is_current=script.revision == current,
        )
        for script in scripts.walk_revisions()
    ]


def _make_config(**attributes: object) -> Config:
    # Without `quiet`, Alembic prints on stdout the names of the files that it writes.
    config = Config(
        str(migrations_home() / "alembic.ini"),
        stdout=io.StringIO(),
        output_buffer=io.StringIO(),
        cmd_opts=Namespace(quiet=True),
    )
    config.attributes.update(attributes)
    return config
