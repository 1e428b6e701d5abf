"""Run two commands at the same time, in an order that the test determines."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory

T = TypeVar("T")
Step = Callable[[AsyncSession], Awaitable[object]]

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
# The maximum time, in seconds, to wait for a command to request the lock. No command needs so much time.
_TIMEOUT = 20


async def beside(sessions: SessionFactory, command: Awaitable[T], *, lock: Step, change: Step) -> T:
    """Run `command` while another transaction, which then runs `change` and commits, holds the locks of `lock`.

    The command selects its rows before the change. On SQLite, it waits for the lock before it selects rows.
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
