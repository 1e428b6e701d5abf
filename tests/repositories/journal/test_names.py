"""Tests of the names of rows that the journal mentions."""

from sqlalchemy import delete, text, update

from blogcli.database import SessionFactory
from blogcli.models import Post, Tag, User
from blogcli.repositories.journal.names import read_names
from tests.factories import make_post, make_tag, make_user, store


async def test_deleted_rows_have_their_last_names(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        post = make_post(author=make_user(email="ann@example.org"), slug="old", tags=[make_tag("Python")])
        await store(session, post, make_post(author=make_user(email="bob@example.org"), slug="kept"))
    for statement in (update(Post).where(Post.id == 1).values(slug="new"), delete(Post).where(Post.id == 1)):
        async with sessions.begin() as session:
            await session.execute(statement)
    async with sessions.begin() as session:
        await session.execute(delete(Tag))
        await session.execute(delete(User).where(User.id == 1))
    async with sessions() as session:
        assert await read_names(session, "posts", {1, 2, 3}) == {1: "new", 2: "kept"}
        assert await read_names(session, "users", {1, 2}) == {1: "ann@example.org", 2: "bob@example.org"}
        assert await read_names(session, "tags", {1}) == {1: "Python"}


async def test_row_with_erased_values_has_no_name(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store(session, make_tag("Python"))
    async with sessions.begin() as session:
        await session.execute(delete(Tag))
        await session.execute(text("UPDATE journal_changes SET was = NULL"))
    async with sessions() as session:
        assert await read_names(session, "tags", {1}) == {}
