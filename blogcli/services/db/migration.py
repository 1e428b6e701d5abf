"""Run Alembic commands in a transaction that excludes other migrations, and list the revisions."""

import io
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ...database.journal import record_migration
from ...database.recorded_revision import RecordedRevision, fetch_recorded_revision
from ...database.revisions import head_revision, is_newer, migrations_home, revision_chain, verify_revision
from ...database.sessions import WRITE_OPTIONS, run_to_completion
from ...errors import ConfigurationError
from ...reporter import Reporter
from ...repositories.db import server
from ...repositories.db.version_table import LEGACY_TABLE_MIGRATION
from ...schemas.db import MigrationRevision
from .revisions import find_position, resolve_revision


class Migration:
    """A transaction that excludes other migrations, and the recorded revision."""

    def __init__(self, connection: AsyncConnection, record: RecordedRevision) -> None:
        self.connection = connection
        self.record = record
        self._revisions = list_revisions(record.revision)
        self._chain = [revision.revision for revision in reversed(self._revisions)]
        if record.is_unfinished_copy:
            record.require()
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
        start = self.position
        first, last = sorted((start, self.find_position(target)))
        if first == last:
            return []
        if self.record.is_legacy:
            await self.connection.run_sync(server.run_statements, LEGACY_TABLE_MIGRATION)
        await self.connection.run_sync(
            record_migration,
            lambda sync: run_command(make_config(connection=sync, on_progress=on_progress), target or "base"),
        )
        self.record = RecordedRevision(target, has_tables=target is not None)
        revisions = [revision for revision in self._revisions if first < self.find_position(revision.revision) <= last]
        return revisions if last == start else revisions[::-1]


@asynccontextmanager
async def begin_migration(engine: AsyncEngine, *, dry_run: bool) -> AsyncIterator[Migration]:
    """Begin a transaction for migrations. The transaction is rolled back at the end of a dry run."""
    connection = await engine.execution_options(**WRITE_OPTIONS).connect()
    try:
        await connection.run_sync(server.lock_for_migrations)
        yield Migration(connection, await fetch_recorded_revision(connection))
        await run_to_completion(connection.rollback() if dry_run else connection.commit())
    finally:
        await run_to_completion(connection.close())


def require_known(revision: str) -> None:
    """Raise ConfigurationError unless the migrations contain the revision of a backup."""
    if revision in revision_chain():
        return
    state = "newer than" if is_newer(revision) else "unknown to"
    raise ConfigurationError(
        f"The backup is at revision {revision}, which is {state} this blogcli ({head_revision()})",
        hint="Install a newer blogcli.",
    )


def list_revisions(current: str | None) -> list[MigrationRevision]:
    """Return all revisions, newest first. `current` is the revision of the database, if there is one."""
    scripts = ScriptDirectory.from_config(make_config())
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


def make_config(**attributes: object) -> Config:
    """Return the configuration of Alembic, with attributes for the script `env.py`."""
    # Without `quiet`, Alembic prints on stdout the names of the files that it writes.
    config = Config(
        str(migrations_home() / "alembic.ini"),
        stdout=io.StringIO(),
        output_buffer=io.StringIO(),
        cmd_opts=Namespace(quiet=True),
    )
    config.attributes.update(attributes)
    return config
