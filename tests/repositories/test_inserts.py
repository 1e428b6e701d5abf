"""Tests of inserts of many rows."""

from blogcli.database import SessionFactory
from blogcli.models import Tag
from blogcli.repositories.inserts import insert_rows

TAGS = Tag.metadata.tables["tags"]


async def test_rows_inserted_by_first_statement_are_rolled_back(sessions: SessionFactory) -> None:
    async with sessions.begin(dry_run=True) as session:
        await insert_rows(session, TAGS, [{"id": 7, "name": "C", "key": "c"}])
    async with sessions() as session:
        assert await session.get(Tag, 7) is None
