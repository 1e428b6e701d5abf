"""Run two commands at the same time in an order that a test decides."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory

T = TypeVar("T")
Step = Callable[[AsyncSession], Awaitable[object]]

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")
# All operations take less time: a command that does not wait for the lock by then never waits for it.
_TIMEOUT = 20


async def beside(sessions: SessionFactory, command: Awaitable[T], *, lock: Step, change: Step) -> T:
    """Run `command` while another transaction holds the locks of `lock`, and then let it make a change and commit.

    Before the change, the command has selected its rows, except on SQLite, where it waits before it begins.
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
