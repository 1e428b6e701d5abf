"""Everything that can be wrong with a database, looked for."""

from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ...database.recorded_revision import fetch_recorded_revision
from ...database.revisions import head_revision
from ...models.base import is_of_the_models
from ...models.indexes import metadata
from ...repositories import invalid_values
from ...repositories.db import schema_checks, server
from ...repositories.db.version_table import VERSION_TABLE
from ...schemas.db import Problem
from ...search.documents import Text
from ...search.indexing import differing_ids

_UPGRADE = "Run `blogcli db upgrade`"
_REINDEX = "Run `blogcli db reindex`"
_CORRECT = "Correct the value with SQL, or delete the row"
_RESTORE = "Restore a backup"
_FOLLOW = "Bring the table back to what the migrations make of it"


async def check(engine: AsyncEngine) -> list[Problem]:
    """Return what is wrong with the database, each with how to repair it.

    Looked for are: another revision, tables unlike the models, constraints, triggers and counters of ids that are
    missing or altered, damage, broken references, values that blogcli cannot have written, and an index of the search
    that is broken or differs from the posts.
    """
    async with engine.connect() as connection:
        found, head = (await fetch_recorded_revision(connection)).revision, head_revision()
        if found != head:
            text = f"The database is at revision {found or 'none'}, not at {head}"
            return [Problem(code="revision", text=text, repair=_UPGRADE)]
        missing = await connection.run_sync(server.missing_columns)
        if missing:
            # What reads these columns cannot be asked.
            return await connection.run_sync(lambda sync: list(_missing_problems(sync, missing)))
        await invalid_values.read_any_text(connection)
        return await connection.run_sync(lambda sync: list(_problems(sync)))


def _missing_problems(connection: Connection, missing: list[str]) -> Iterator[Problem]:
    for name in missing:
        yield Problem(code="schema", text=f"Missing: {name}", repair=_RESTORE)
    for difference in _differences(connection):
        if not isinstance(difference, tuple) or difference[0] not in ("add_table", "add_column"):
            yield Problem(code="schema", text=f"Differs from the models: {difference}", repair=_FOLLOW)
    if connection.dialect.name == "sqlite":
        yield from _lost_indexes(connection)


def _problems(connection: Connection) -> Iterator[Problem]:
    # First, because it ends the transaction, and all that is read afterwards is of one moment.
    is_broken = schema_checks.is_search_index_broken(connection)
    yield from _schema_problems(connection)
    if connection.dialect.name == "sqlite":
        yield from _damage(connection)
    for line in invalid_values.odd_values(connection):
        yield Problem(code="value", text=line, repair=_CORRECT)
    yield from _search_problems(connection, is_broken=is_broken)


def _schema_problems(connection: Connection) -> Iterator[Problem]:
    for difference in _differences(connection):
        yield Problem(code="schema", text=f"Differs from the models: {difference}", repair=_FOLLOW)
    for text, repair in schema_checks.altered_constraints(connection):
        yield Problem(code="constraint", text=text, repair=repair)
    for text, repair in schema_checks.altered_triggers(connection):
        yield Problem(code="trigger", text=text, repair=repair)
    for text, repair in schema_checks.lagging_sequences(connection):
        yield Problem(code="sequence", text=text, repair=repair)


def _damage(connection: Connection) -> Iterator[Problem]:
    yield from _lost_indexes(connection)
    for line in schema_checks.integrity_errors(connection):
        yield Problem(code="integrity", text=line, repair=_RESTORE)
    for table, row, referred in schema_checks.broken_references(connection):
        yield Problem(code="reference", text=f"{table} row {row} refers to no {referred}", repair="Delete the row")


def _lost_indexes(connection: Connection) -> Iterator[Problem]:
    for name in schema_checks.lost_indexes(connection):
        yield Problem(code="schema", text=f"Differs from the models: no {name}", repair=_FOLLOW)


def _search_problems(connection: Connection, *, is_broken: bool) -> Iterator[Problem]:
    faults: list[str] = []

    def look_at(post: Text) -> None:
        fault = invalid_values.content_fault(post[0], post[2])
        if fault:
            faults.append(fault)

    differing: list[int] = []
    try:
        differing += differing_ids(connection, on_text=look_at)
    except DBAPIError:
        is_broken = True
    for fault in faults:
        yield Problem(code="value", text=fault, repair=_CORRECT)
    if is_broken:
        yield Problem(code="search", text="The index of the search is broken", repair=_REINDEX)
    for id_ in differing:
        yield Problem(code="search", text=f"The index of the search is wrong about post {id_}", repair=_REINDEX)


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "include_name": is_of_the_models, "version_table": VERSION_TABLE}
    context = MigrationContext.configure(connection, opts=options)
    with server.quiet_reflection():
        return list(compare_metadata(context, metadata))
