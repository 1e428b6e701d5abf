"""Revisions of the database: applied, undone, recorded, listed and written."""

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

from ...database.recorded_revision import RecordedRevision, fetch_recorded_revision
from ...database.revisions import head_revision, is_checkout, migrations_home, verify_revision
from ...database.sessions import WRITE_OPTIONS, to_the_end
from ...errors import ConfigurationError, UsageError
from ...repositories.db import server
from ...repositories.db.version_table import LEGACY_TABLE_MIGRATION
from ...schemas.db import DatabaseStatus, Revision
from .revisions import place_of, resolve_range, resolve_revision

Told = Callable[[int, int], None]

_CLONE = "Clone the repository, and run `blogcli db revision` there."


async def upgrade(
    engine: AsyncEngine, revision: str = "head", *, dry_run: bool = False, told: Told | None = None
) -> list[Revision]:
    """Bring the database up to a revision; return the revisions that were applied, in order.

    A second run at the same time waits for the first, as long as busy_timeout says. Where a migration has to go through
    all posts, `told` learns how many of how many it has done. Raises UsageError for an unknown revision, and for one
    that the database is past.
    """
    async with _migration(engine, dry_run=dry_run) as migration:
        migration.record.require()
        target = migration.resolve(revision)
        if migration.place_of(target) < migration.place:
            raise UsageError(
                f"The database is at revision {migration.record.revision}, which comes after {target or 'base'}",
                hint=f"To take it back, run `blogcli db downgrade {target or 'base'}`.",
            )
        return await migration.move(command.upgrade, target, told=told)


async def downgrade(engine: AsyncEngine, revision: str, *, dry_run: bool = False) -> list[Revision]:
    """Take the database back to a revision; return the revisions that were undone, the newest first.

    Raises UsageError for an unknown revision, and for one that the database has not reached.
    """
    async with _migration(engine, dry_run=dry_run) as migration:
        migration.record.require()
        target = migration.resolve(revision)
        if migration.place_of(target) > migration.place:
            raise UsageError(
                f"The database is at revision {migration.record.revision or 'base'}, which comes before {target}",
                hint=f"To bring it there, run `blogcli db upgrade {target}`.",
            )
        return await migration.move(command.downgrade, target)


async def stamp(engine: AsyncEngine, revision: str, *, dry_run: bool = False) -> list[Revision]:
    """Record a revision without running anything; return the revisions between the old one and it.

    Raises UsageError for an unknown revision, and ConfigurationError where the database lacks its tables.
    """
    async with _migration(engine, dry_run=dry_run) as migration:
        target = migration.resolve(revision)
        if target is not None and not migration.record.has_tables:
            raise ConfigurationError(
                f"The database does not have the tables of revision {target}", hint="Run `blogcli db upgrade`."
            )
        if target == head_revision():
            await migration.connection.run_sync(_refuse_missing_columns)
        return await migration.move(command.stamp, target)


def upgrade_sql(dialect: str, revision: str = "head") -> str:
    """Return the SQL of all migrations up to a revision, or of a range `A:B`, for `postgresql` or `sqlite`."""
    config = _config(dialect_name=dialect)
    start, end = resolve_range(revision, [step.revision for step in reversed(_revisions(None))])
    if start == end:
        return ""
    command.upgrade(config, f"{start}:{end}" if start else f"{end}", sql=True)
    return _written(config)


async def history(engine: AsyncEngine) -> list[Revision]:
    """Return every revision, the newest first."""
    async with engine.connect() as connection:
        return _revisions((await fetch_recorded_revision(connection)).revision)


def heads() -> list[Revision]:
    """The newest revision; there is one, since the chain never forks."""
    return [revision for revision in _revisions(None) if revision.is_head]


async def current(engine: AsyncEngine) -> list[Revision]:
    """The revision that the database is at; empty for a database without tables."""
    return [revision for revision in await history(engine) if revision.is_current]


async def write_revision(engine: AsyncEngine, message: str, *, autogenerate: bool) -> Path:
    """Write the file of a migration to come, filled from the models if asked; return its path.

    Raises UsageError outside a checkout, and for a message that cannot stand in the file.
    """
    if not is_checkout():
        raise UsageError("New migrations are written in a checkout of blogcli, not in an installed copy", hint=_CLONE)
    if not re.search(r"\w", message) or not message.isprintable() or '"""' in message or "\\" in message:
        raise UsageError("A message is one line of words, without backslashes or triple quotes")
    async with engine.connect() as connection:
        record = await fetch_recorded_revision(connection)
        if autogenerate:
            record.verify()
        return await connection.run_sync(partial(_write, message=message, autogenerate=autogenerate))


def _write(connection: Connection, *, message: str, autogenerate: bool) -> Path:
    try:
        with server.quiet_reflection():
            script = command.revision(_config(connection=connection), message=message, autogenerate=autogenerate)
    except CommandError as error:
        raise UsageError(f"Migrations: {error}") from error
    return Path(script.path)  # type: ignore[union-attr]


async def status(engine: AsyncEngine, *, name: str, source: str) -> DatabaseStatus:
    """Return the state of the database called `name`, whose URL came from `source`."""
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
    """A transaction that excludes other migrations, with what the database records at its start."""

    def __init__(self, connection: AsyncConnection, record: RecordedRevision) -> None:
        self.connection = connection
        self.record = record
        self._revisions = _revisions(record.revision)
        self._chain = [revision.revision for revision in reversed(self._revisions)]
        if record.revision is not None and record.revision not in self._chain:
            verify_revision(record.revision)

    @property
    def place(self) -> int:
        """The place in the chain of the revision that the database is at."""
        return self.place_of(self.record.revision)

    def place_of(self, revision: str | None) -> int:
        """Return the place of a revision in the chain, counted from 1; 0 for none."""
        return place_of(revision, self._chain)

    def resolve(self, text: str) -> str | None:
        """Return the revision that `text` names; UsageError for what names none."""
        return resolve_revision(text, self._chain, self.record.revision)

    async def move(
        self, move: Callable[[Config, str], object], target: str | None, *, told: Told | None = None
    ) -> list[Revision]:
        """Run a command of Alembic; return the revisions between the recorded one and the target, as they are done."""
        first, last = sorted((self.place, self.place_of(target)))
        if first == last:
            return []
        if self.record.is_legacy:
            await self.connection.run_sync(server.run_statements, LEGACY_TABLE_MIGRATION)
        await self.connection.run_sync(lambda sync: move(_config(connection=sync, told=told), target or "base"))
        between = [revision for revision in self._revisions if first < self.place_of(revision.revision) <= last]
        return between if last == self.place else between[::-1]


@asynccontextmanager
async def _migration(engine: AsyncEngine, *, dry_run: bool) -> AsyncIterator[_Migration]:
    """Begin a transaction for a migration, which is rolled back at the end of a dry run."""
    connection = await engine.execution_options(**WRITE_OPTIONS).connect()
    try:
        await connection.run_sync(server.lock_for_migrations)
        yield _Migration(connection, await fetch_recorded_revision(connection))
        await to_the_end(connection.rollback() if dry_run else connection.commit())
    finally:
        await to_the_end(connection.close())


def _refuse_missing_columns(connection: Connection) -> None:
    missing = server.missing_columns(connection)
    if missing:
        raise ConfigurationError(
            f"The database does not have what the newest revision has: {', '.join(missing)}",
            hint="Record an older revision, then run `blogcli db upgrade`.",
        )


def _revisions(current: str | None) -> list[Revision]:
    scripts = ScriptDirectory.from_config(_config())
    return [
        Revision(
            revision=script.revision,
            down_revision=script.down_revision if isinstance(script.down_revision, str) else None,
            message=script.doc.rstrip("."),
            is_head=script.is_head,
            is_current=script.revision == current,
        )
        for script in scripts.walk_revisions()
    ]


def _config(**attributes: object) -> Config:
    # Quiet, because Alembic prints the names of the files that it writes on stdout.
    config = Config(
        str(migrations_home() / "alembic.ini"),
        stdout=io.StringIO(),
        output_buffer=io.StringIO(),
        cmd_opts=Namespace(quiet=True),
    )
    config.attributes.update(attributes)
    return config


def _written(config: Config) -> str:
    buffer = config.output_buffer
    return buffer.getvalue() if isinstance(buffer, io.StringIO) else ""
