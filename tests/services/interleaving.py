"""Run a command and another transaction at the same time, so that the test determines the order of their steps."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory

T = TypeVar("T")
Step = Callable[[AsyncSession], Awaitable[object]]

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
# The maximum time, in seconds, in which a command must begin to wait for a lock. No command needs this much time.
_TIMEOUT = 20


async def beside(sessions: SessionFactory, command: Awaitable[T], *, lock: Step, change: Step) -> T:
    """Run a command while another transaction holds the locks that `lock` acquires, and return the command's result.

    As soon as `command` waits for a lock, the other transaction runs `change` and commits. On PostgreSQL, `command` has
    already selected its rows at this time. On SQLite, `command` selects its rows only after the commit.
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
    async with asyncio.timeout(_TIMEOUT), sessions() as observer:
        while not task.done() and not await observer.scalar(_WAITING):
            await observer.rollback()
            await asyncio.sleep(0.01)
    assert not task.done(), "the command did not wait for the lock"
