"""Repair what is derived from other content, or defined by the program: triggers, counters and derived values."""

from functools import partial

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ...database import SessionFactory
from ...database.sessions import WRITE_OPTIONS
from ...repositories.db import repairs
from ...repositories.posts.search import SearchRepository
from .check import SCHEMA_CHECKS


async def repair_objects(engine: AsyncEngine) -> None:
    """Restore triggers, functions and id sequences, and the numbers of changes in the journal.

    The journal does not record this, because no content changes.
    """
    async with engine.execution_options(**WRITE_OPTIONS).begin() as connection:
        await connection.run_sync(_repair_objects)


def _repair_objects(connection: Connection) -> None:
    repairs.run_repairs(connection, [find_faults for _, find_faults in SCHEMA_CHECKS])
    repairs.correct_counts(connection)


async def repair_values(sessions: SessionFactory, *, full: bool = False) -> None:
    """Correct the numbers of words of posts and the keys of tags, which the journal records as one operation.

    If `full` is false, only the words of posts whose digests do not match are counted.
    """
    async with sessions.begin() as session:
        await session.run_sync(repairs.correct_tag_keys)
        ids = None if full else await SearchRepository(session).find_unverified()
        await session.run_sync(partial(repairs.correct_words, ids=ids))
