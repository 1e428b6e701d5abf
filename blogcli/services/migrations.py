"""The database's own life: revisions applied, undone, compared, written."""

import io
import warnings
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ..database.revisions import head_revision, migrations_home, verify_revision
from ..database.sessions import WRITE_OPTIONS
from ..errors import UsageError
from ..models import Base
from ..models.base import is_of_the_models
from ..repositories import server
from ..schemas.migrations import DatabaseStatus, Problem, Revision
from ..search.indexing import differing_ids

Told = Callable[[int, int], None]


async def upgrade(
    engine: AsyncEngine, revision: str = "head", *, dry_run: bool = False, told: Told | None = None
) -> list[Revision]:
    """Bring the database up to a revision; the revisions that were applied, in order.

    A second run at the same time waits for the first, as long as busy_timeout says. Where a migration has to go through
    all posts, `told` learns how many of how many it has done. Raises UsageError for an unknown revision.
    """
    return await _moved(engine, lambda config: command.upgrade(config, revision), dry_run=dry_run, told=told)


async def downgrade(engine: AsyncEngine, revision: str, *, dry_run: bool = False) -> list[Revision]:
    """Take the database back to a revision; the revisions that were undone, the newest first."""
    return await _moved(engine, lambda config: command.downgrade(config, revision), dry_run=dry_run)


async def stamp(engine: AsyncEngine, revision: str, *, dry_run: bool = False) -> list[Revision]:
    """Record a revision without running anything; the revisions between the old one and it."""
    return await _moved(engine, lambda config: command.stamp(config, revision), dry_run=dry_run)


def upgrade_sql(dialect: str, revision: str = "head") -> str:
    """The SQL of all migrations up to a revision, or of a range `A:B`, for `postgresql` or `sqlite`."""
    config = _config(dialect_name=dialect)
    _carry_out(lambda: command.upgrade(config, revision, sql=True))
    return _written(config)


async def history(engine: AsyncEngine) -> list[Revision]:
    """Every revision, the newest first."""
    async with engine.connect() as connection:
        current = await connection.run_sync(_current)
    return _revisions(current)


def heads() -> list[Revision]:
    """The newest revision; there is one, since the chain never forks."""
    return [revision for revision in _revisions(None) if revision.is_head]


async def current(engine: AsyncEngine) -> list[Revision]:
    """The revision that the database is at; empty for a database without tables."""
    return [revision for revision in await history(engine) if revision.is_current]


async def write_revision(engine: AsyncEngine, message: str, *, autogenerate: bool) -> Path:
    """A file for a migration to come, filled from the models if asked; its path."""
    config = _config()
    found: list[Path] = []

    def write(connection: Connection) -> None:
        config.attributes["connection"] = connection
        script = command.revision(config, message=message, autogenerate=autogenerate)
        found.append(Path(script.path))  # type: ignore[union-attr]

    async with engine.connect() as connection:
        await connection.run_sync(lambda sync: _carry_out(lambda: write(sync)))
    return found[0]


async def check(engine: AsyncEngine) -> list[Problem]:
    """What is wrong with the database: not at the head, tables unlike the models, damage, broken references."""
    async with engine.connect() as connection:
        return await connection.run_sync(_problems)


async def status(engine: AsyncEngine, *, name: str, source: str) -> DatabaseStatus:
    """Return the state of the database called `name`, whose URL came from `source`."""
    async with engine.connect() as connection:
        counts = await server.table_counts(connection)
        return DatabaseStatus(
            database=name,
            source=source,
            revision=await connection.run_sync(_current),
            head=head_revision(),
            users=counts.get("users"),
            posts=counts.get("posts"),
            tags=counts.get("tags"),
            size=await server.size(connection),
            server=await server.version(connection),
            round_trip=await server.round_trip(connection),
        )


async def _moved(
    engine: AsyncEngine, move: Callable[[Config], None], *, dry_run: bool, told: Told | None = None
) -> list[Revision]:
    def run(connection: Connection) -> list[Revision]:
        # Before the look at where it stands: another run may be on its way.
        server.lock_for_migrations(connection)
        found = _current(connection)
        if found is not None and found > head_revision():
            verify_revision(found)
        before = _numbers(found)
        config = _config(connection=connection, told=told)
        _carry_out(lambda: move(config))
        after = _numbers(_current(connection))
        between = [revision for revision in _revisions(None) if revision.revision in before ^ after]
        return between[::-1] if after > before else between

    async with engine.execution_options(**WRITE_OPTIONS).begin() as connection:
        moved = await connection.run_sync(run)
        if dry_run:
            await connection.rollback()
        return moved


def _problems(connection: Connection) -> list[Problem]:
    problems: list[Problem] = []
    head, found = ScriptDirectory.from_config(_config()).get_current_head(), _current(connection)
    if found != head:
        return [Problem(code="revision", text=f"The database is at revision {found or 'none'}, not at {head}")]
    problems += [Problem(code="schema", text=f"Differs from the models: {diff}") for diff in _differences(connection)]
    wrong = "The index of the search is wrong about post {}; run `blogcli db reindex`"
    problems += [Problem(code="search", text=wrong.format(id_)) for id_ in differing_ids(connection)]
    if connection.dialect.name == "sqlite":
        missing = server.lost_in_copies(connection)
        problems += [Problem(code="schema", text=f"Differs from the models: no {name}") for name in missing]
        damage = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        problems += [Problem(code="integrity", text=line) for line in damage]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        problems += [Problem(code="reference", text=f"{row[0]} row {row[1]} refers to no {row[2]}") for row in broken]
    return problems


def _differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_of_the_models})
    with warnings.catch_warnings():
        # SQLite's indexes on expressions, which are looked for by name.
        warnings.filterwarnings("ignore", ".*expression-based index")
        return list(compare_metadata(context, Base.metadata))


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


def _numbers(current: str | None) -> set[str]:
    known = [revision.revision for revision in _revisions(None)]
    return {revision for revision in known if current is not None and revision <= current}


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(**attributes: object) -> Config:
    config = Config(str(migrations_home() / "alembic.ini"), stdout=io.StringIO(), output_buffer=io.StringIO())
    config.attributes.update(attributes)
    return config


def _written(config: Config) -> str:
    buffer = config.output_buffer
    return buffer.getvalue() if isinstance(buffer, io.StringIO) else ""


def _carry_out(action: Callable[[], object]) -> None:
    try:
        action()
    except CommandError as error:
        raise UsageError(f"Migrations: {error}", hint="`blogcli db history` lists the revisions.") from error
