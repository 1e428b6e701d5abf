"""Everything that can be wrong with a database, looked for."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ..database.revisions import head_revision
from ..database.version_table import VERSION_TABLE, recorded_revision
from ..models import Base
from ..models.base import is_of_the_models
from ..repositories import server
from ..schemas.migrations import Problem
from ..search.indexing import differing_ids


async def check(engine: AsyncEngine) -> list[Problem]:
    """What is wrong with the database: not at the head, tables unlike the models, damage, broken references."""
    async with engine.connect() as connection:
        found, head = (await recorded_revision(connection)).revision, head_revision()
        if found != head:
            return [Problem(code="revision", text=f"The database is at revision {found or 'none'}, not at {head}")]
        return await connection.run_sync(_problems)


def _problems(connection: Connection) -> list[Problem]:
    problems: list[Problem] = []
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
    options = {"compare_type": True, "include_name": is_of_the_models, "version_table": VERSION_TABLE}
    context = MigrationContext.configure(connection, opts=options)
    with server.quiet_reflection():
        return list(compare_metadata(context, Base.metadata))
