"""Transactions: they end as a whole, see one moment where that is asked for, and wait as long as they are told."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction

from blogcli.database import SessionFactory, open_database
from blogcli.errors import TryAgainError
from blogcli.models import Tag
from blogcli.repositories.archive import ArchiveRepository
from blogcli.repositories.imports import ImportRepository
from tests.databases import settings_for


@pytest.mark.parametrize(("owner", "name"), [(AsyncSessionTransaction, "commit"), (AsyncSession, "close")])
async def test_what_is_ended_while_it_commits_has_done_its_work(
    sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    begun, work = asyncio.Event(), getattr(owner, name)

    async def slowly(self: object) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        await work(self)

    async def make_tag() -> str:
        async with sessions.begin() as session:
            session.add(Tag(key="a", name="a"))
        return "done"

    monkeypatch.setattr(owner, name, slowly)
    task = asyncio.ensure_future(make_tag())
    await begun.wait()
    task.cancel()
    assert await task == "done"
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Tag)) == 1


async def test_an_export_sees_one_moment(sessions: SessionFactory) -> None:
    async with sessions() as session:
        archive = ArchiveRepository(session)
        await archive.see_one_moment()
        assert await archive.tag_names() == []
        async with sessions.begin() as other:
            other.add(Tag(key="a", name="a"))
        assert await archive.tag_names() == []


async def test_an_import_waits_for_another_as_long_as_it_is_told(database_url: str) -> None:
    settings = settings_for(database_url, BLOGCLI_BUSY_TIMEOUT="0.2")

    async def bring() -> None:
        async with open_database(settings) as sessions, sessions.begin() as session:
            await ImportRepository(session).exclude_others()
            await session.connection()

    async with open_database(settings) as sessions, sessions.begin() as first:
        await ImportRepository(first).exclude_others()
        await first.connection()
        with pytest.raises(TryAgainError):
            await bring()
