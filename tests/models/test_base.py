"""Tests that instants, timestamps, versions and ids are stored correctly on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.exc import StaleDataError

from blogcli.database import SessionFactory
from blogcli.models import Post, User
from tests.factories import make_post, make_tag, make_user, store
from tests.statements import recorded_statements

INSTANTS = [
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(999, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
    datetime(1969, 12, 31, tzinfo=UTC),
    datetime(2024, 5, 31, 18, tzinfo=UTC),
    datetime(2024, 5, 31, 18, 0, 0, 1, tzinfo=UTC),
    datetime(2024, 5, 31, 18, 0, 0, 10, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]


async def new_post(sessions: SessionFactory) -> int:
    async with sessions.begin() as session:
        post = make_post(author=make_user(), tags=[make_tag(), make_tag()])
        await store(session, post)
        return post.id


async def read(sessions: SessionFactory, id_: int) -> Post:
    async with sessions() as session:
        return await session.get_one(Post, id_, options=[selectinload(Post.tags)])


async def test_instant_without_zone_is_refused(sessions: SessionFactory) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        async with sessions.begin() as session:
            await store(session, make_post(author=make_user(), published_at=datetime(2024, 5, 31)))  # noqa: DTZ001 - the test needs an instant without a time zone


async def test_instants_are_stored_exactly_and_in_order(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        await store(session, *(make_post(author=author, published_at=moment) for moment in reversed(INSTANTS)))
    async with sessions() as session:
        instants = (await session.scalars(select(Post.published_at).order_by(Post.published_at))).all()
    assert instants == INSTANTS
    assert {moment.tzinfo for moment in instants if moment} == {UTC}


async def test_instant_is_stored_in_utc(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        moment = datetime(2024, 6, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
        post = make_post(author=make_user(), published_at=moment)
        await store(session, post)
    stored = (await read(sessions, post.id)).published_at
    assert stored == moment
    assert stored.isoformat() == "2024-05-31T23:30:00+00:00"


async def test_new_row_has_equal_timestamps(sessions: SessionFactory) -> None:
    post = await read(sessions, await new_post(sessions))
    assert post.created_at == post.updated_at


async def test_server_now_has_format_of_instants(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await session.execute(text("INSERT INTO users (email, hashed_password, is_active) VALUES ('a@b.c', '!', true)"))
    async with sessions() as session:
        user = (await session.scalars(select(User))).one()
    assert abs(datetime.now(UTC) - user.created_at) < timedelta(minutes=5)
    assert user.created_at == user.updated_at


async def test_change_sets_updated_at_and_version(sessions: SessionFactory) -> None:
    before = await read(sessions, await new_post(sessions))
    async with sessions.begin() as session:
        (await session.get_one(Post, before.id)).title = "Another"
    after = await read(sessions, before.id)
    assert after.updated_at > before.updated_at
    assert after.created_at == before.created_at
    assert (before.version, after.version) == (1, 2)


async def test_setting_equal_value_changes_nothing(sessions: SessionFactory) -> None:
    before = await read(sessions, await new_post(sessions))
    async with sessions.begin() as session:
        post = await session.get_one(Post, before.id, options=[selectinload(Post.tags)])
        post.title = before.title
        post.set_tags(post.tags[::-1], datetime.now(UTC))
    after = await read(sessions, before.id)
    assert (after.updated_at, after.version) == (before.updated_at, before.version)


async def test_changing_tags_changes_version(sessions: SessionFactory) -> None:
    before = await read(sessions, await new_post(sessions))
    async with sessions.begin() as session:
        post = await session.get_one(Post, before.id, options=[selectinload(Post.tags)])
        post.set_tags(post.tags[:1], datetime.now(UTC))
    after = await read(sessions, before.id)
    assert after.updated_at > before.updated_at
    assert after.version == before.version + 1


async def test_concurrent_change_is_refused(sessions: SessionFactory) -> None:
    stale = await read(sessions, await new_post(sessions))
    async with sessions.begin() as session:
        (await session.get_one(Post, stale.id)).title = "First"
    async with sessions() as session:
        session.add(stale)
        stale.title = "Second"
        with pytest.raises(StaleDataError):
            await session.flush()


async def test_ids_are_never_reused(sessions: SessionFactory) -> None:
    first = await new_post(sessions)
    async with sessions.begin() as session:
        await session.execute(delete(Post))
    assert await new_post(sessions) > first


async def test_server_defaults_are_returned_without_query(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        post = make_post(author=make_user())
        await store(session, post)
        connection = (await session.connection()).sync_connection
        assert connection
        with recorded_statements(connection) as statements:
            assert (post.id, post.version) > (0, 0)
            assert post.created_at <= datetime.now(UTC)
            post.title = "Another"
            await session.flush()
            assert post.updated_at > post.created_at
        assert [statement.sql.split()[0] for statement in statements] == ["UPDATE"]
