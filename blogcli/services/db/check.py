"""Check a database for faults."""

from collections.abc import Callable, Iterator

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ...database.recorded_revision import fetch_recorded_revision
from ...errors import ConfigurationError
from ...models.base import is_in_models
from ...models.indexes import metadata
from ...repositories import invalid_values
from ...repositories.db import schema_checks, server
from ...repositories.db.faults import Fault
from ...repositories.db.version_table import VERSION_TABLE
from ...repositories.journal.trigger_checks import altered_journal_objects
from ...schemas.db import Problem
from .content_problems import find_content_problems
from .journal_problems import find_journal_problems

_RESTORE = "Restore a backup"
_RESTORE_TABLE = "Restore the table to the state that the migrations create"

# The checks of objects of the schema by the code of their problems, in the order in which the objects are repaired.
SCHEMA_CHECKS: tuple[tuple[str, Callable[[Connection], Iterator[Fault]]], ...] = (
    ("constraint", schema_checks.altered_constraints),
    ("schema", schema_checks.altered_computed_columns),
    ("trigger", schema_checks.altered_search_triggers),
    ("trigger", schema_checks.altered_references),
    ("trigger", altered_journal_objects),
    ("sequence", schema_checks.lagging_sequences),
)


async def check(engine: AsyncEngine, *, full: bool = False) -> list[Problem]:
    """Return the problems of a database, each with a way to repair it.

    If the database is not at the newest revision, only this problem is returned. If tables or columns are missing, only
    differences between the tables and the models are returned. Otherwise, the check compares the tables with the models
    and the search index and the word counts with the posts. The check also finds missing or altered constraints,
    triggers, functions and id sequences, damaged pages, broken references, contradictions in the journal, and values
    that blogcli cannot have written.

    Posts are recognized as unchanged by their digests. If `full` is true, the text of every post is analyzed instead.
    """
    async with engine.connect() as connection:
        record = await fetch_recorded_revision(connection)
        try:
            record.verify()
        except ConfigurationError as error:
            return [Problem(code="revision", text=error.message, repair=(error.hint or "").removesuffix("."))]
        missing = await connection.run_sync(server.missing_columns)
        if missing:
            # The other checks read the missing columns, so these checks cannot run.
            return await connection.run_sync(lambda sync: list(_report_missing_columns(sync, missing)))
        await invalid_values.read_any_text(connection)
        return await connection.run_sync(lambda sync: list(_find_problems(sync, full=full)))


def _report_missing_columns(connection: Connection, missing: list[str]) -> Iterator[Problem]:
    for name in missing:
        yield Problem(code="schema", text=f"Missing: {name}", repair=_RESTORE)
    for difference in _compare_with_models(connection):
        if not isinstance(difference, tuple) or difference[0] not in ("add_table", "add_column"):
            yield Problem(code="schema", text=f"Differs from the models: {difference}", repair=_RESTORE_TABLE)
    if connection.dialect.name == "sqlite":
        yield from _find_missing_indexes(connection)


def _find_problems(connection: Connection, *, full: bool) -> Iterator[Problem]:
    # A full check of the search index ends the transaction. This check comes first, so that all other checks run in the
    # same transaction and read the same snapshot of the database.
    is_broken = schema_checks.is_search_index_broken(connection, full=full)
    server.begin_snapshot(connection)
    yield from _find_schema_problems(connection)
    if connection.dialect.name == "sqlite":
        yield from _find_damage(connection)
    yield from find_content_problems(connection, is_broken=is_broken, full=full)
    yield from find_journal_problems(connection)


def _find_schema_problems(connection: Connection) -> Iterator[Problem]:
    for difference in _compare_with_models(connection):
        yield Problem(code="schema", text=f"Differs from the models: {difference}", repair=_RESTORE_TABLE)
    for code, find_faults in SCHEMA_CHECKS:
        for fault in find_faults(connection):
            yield Problem(code=code, text=fault.text, repair=fault.repair, repairable=bool(fault.statements))


def _find_damage(connection: Connection) -> Iterator[Problem]:
    yield from _find_missing_indexes(connection)
    for line in schema_checks.integrity_errors(connection):
        yield Problem(code="integrity", text=line, repair=_RESTORE)
    for table, row, referenced_table in schema_checks.broken_references(connection):
        text = f"Row {row} of {table} refers to a missing row of {referenced_table}"
        yield Problem(code="reference", text=text, repair="Delete the row")


def _find_missing_indexes(connection: Connection) -> Iterator[Problem]:
    for name in schema_checks.missing_indexes(connection):
        yield Problem(code="schema", text=f"Differs from the models: no {name}", repair=_RESTORE_TABLE)


def _compare_with_models(connection: Connection) -> list[object]:
    options = {"compare_type": True, "include_name": is_in_models, "version_table": VERSION_TABLE}
    context = MigrationContext.configure(connection, opts=options)
    with server.quiet_reflection():
        return list(compare_metadata(context, metadata))
