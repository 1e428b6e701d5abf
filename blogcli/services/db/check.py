"""Check a database for faults."""

from collections.abc import Iterator

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from ...database.recorded_revision import fetch_recorded_revision
from ...database.revisions import head_revision
from ...models.base import is_in_models
from ...models.indexes import metadata
from ...repositories import invalid_values
from ...repositories.db import schema_checks, server
from ...repositories.db.version_table import VERSION_TABLE
from ...repositories.journal.trigger_checks import altered_journal_objects
from ...schemas.db import Problem
from ...search.documents import IndexedText
from ...search.indexing import find_differing_ids

_UPGRADE = "Run `blogcli db upgrade`"
_REINDEX = "Run `blogcli db reindex`"
_CORRECT = "Correct the value with SQL, or delete the row"
_RESTORE = "Restore a backup"
_RESTORE_TABLE = "Restore the table to the state that the migrations create"


async def check(engine: AsyncEngine) -> list[Problem]:
    """Return the problems of a database, each with a way to repair it.

    If the database is not at the newest revision, only this problem is returned. If tables or columns are missing, only
    differences between the tables and the models are returned. Otherwise, the check compares the tables with the models
    and the search index with the posts. The check also finds missing or altered constraints, triggers,
    functions and id sequences, damaged pages, broken references, and values that blogcli cannot have written.
    """
    async with engine.connect() as connection:
        record = await fetch_recorded_revision(connection)
        if record.is_unfinished_copy:
            text = "The database contains an unfinished copy of a blog"
            return [Problem(code="revision", text=text, repair="Repeat the `blogcli db copy` to finish it")]
        if record.revision != head_revision():
            text = f"The database is at revision {record.revision or 'none'}, not at {head_revision()}"
            return [Problem(code="revision", text=text, repair=_UPGRADE)]
        missing = await connection.run_sync(server.missing_columns)
        if missing:
            # The other checks read the missing columns, so these checks cannot run.
            return await connection.run_sync(lambda sync: list(_report_missing_columns(sync, missing)))
        await invalid_values.read_any_text(connection)
        return await connection.run_sync(lambda sync: list(_find_problems(sync)))


def _report_missing_columns(connection: Connection, missing: list[str]) -> Iterator[Problem]:
    for name in missing:
        yield Problem(code="schema", text=f"Missing: {name}", repair=_RESTORE)
    for difference in _compare_with_models(connection):
        if not isinstance(difference, tuple) or difference[0] not in ("add_table", "add_column"):
            yield Problem(code="schema", text=f"Differs from the models: {difference}", repair=_RESTORE_TABLE)
    if connection.dialect.name == "sqlite":
        yield from _find_missing_indexes(connection)


def _find_problems(connection: Connection) -> Iterator[Problem]:
    # The check of the search index ends the transaction. This check comes first, so that all other checks run in the
    # same transaction and read the same snapshot of the database.
    is_broken = schema_checks.is_search_index_broken(connection)
    yield from _find_schema_problems(connection)
    if connection.dialect.name == "sqlite":
        yield from _find_damage(connection)
    for line in invalid_values.find_invalid_values(connection):
        yield Problem(code="value", text=line, repair=_CORRECT)
    yield from _find_search_problems(connection, is_broken=is_broken)


def _find_schema_problems(connection: Connection) -> Iterator[Problem]:
    for difference in _compare_with_models(connection):
        yield Problem(code="schema", text=f"Differs from the models: {difference}", repair=_RESTORE_TABLE)
    for text, repair in schema_checks.altered_constraints(connection):
        yield Problem(code="constraint", text=text, repair=repair)
    for text, repair in schema_checks.altered_computed_columns(connection):
        yield Problem(code="schema", text=text, repair=repair)
    for text, repair in schema_checks.altered_triggers(connection):
        yield Problem(code="trigger", text=text, repair=repair)
    for text, repair in altered_journal_objects(connection):
        yield Problem(code="trigger", text=text, repair=repair)
    for text, repair in schema_checks.lagging_sequences(connection):
        yield Problem(code="sequence", text=text, repair=repair)


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


def _find_search_problems(connection: Connection, *, is_broken: bool) -> Iterator[Problem]:
    invalid_contents: list[str] = []

    def check_content(post: IndexedText) -> None:
        problem = invalid_values.check_content(post[0], post[2])
        if problem:
            invalid_contents.append(problem)

    differing: list[int] = []
    try:
        differing += find_differing_ids(connection, on_text=check_content)
    except DBAPIError:
        is_broken = True
    for line in invalid_contents:
        yield Problem(code="value", text=line, repair=_CORRECT)
    if is_broken:
        yield Problem(code="search", text="The search index is broken", repair=_REINDEX)
    for id_ in differing:
        yield Problem(code="search", text=f"The search index is wrong for post {id_}", repair=_REINDEX)


def _compare_with_models(connection: Connection) -> list[object]:
    options = {"compare_type": True, "include_name": is_in_models, "version_table": VERSION_TABLE}
    context = MigrationContext.configure(connection, opts=options)
    with server.quiet_reflection():
        return list(compare_metadata(context, metadata))
