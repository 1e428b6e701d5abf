"""Two commands at once, in an order that a test decides."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory

T = TypeVar("T")
Step = Callable[[AsyncSession], Awaitable[object]]

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
# Nothing here takes as long: a command that still does not wait for the lock never will.
_PATIENCE = 20


async def beside(sessions: SessionFactory, command: Awaitable[T], *, lock: Step, change: Step) -> T:
    """Run `command` while another transaction holds what `lock` locks; that transaction then changes and commits.

    The command has chosen its rows by then, except on SQLite, where it waits from its beginning.
    """
    async with sessions.begin() as other:
        await lock(other)
        task = asyncio.ensure_future(command)
        await _wait_until_blocked(sessions, other, task)
        await change(other)
    return await task


async def _wait_until_blocked(sessions: SessionFactory, other: AsyncSession, task: "asyncio.Future[T]") -> None:
    if other.get_bind().dialect.name == "sqlite":
        await asyncio.sleep(0.05)
        return
    async with asyncio.timeout(_PATIENCE), sessions() as observer:
        while not task.done() and not await observer.scalar(_WAITING):
            await observer.rollback()
            await asyncio.sleep(0.01)
    assert not task.done(), "the command did not wait for the lock"
