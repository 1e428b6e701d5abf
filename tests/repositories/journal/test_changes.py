"""Tests of reading the changes of an operation."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory
from blogcli.models import Post, Tag, User, post_tags
from blogcli.models.journal import JournalOperation
from blogcli.repositories.journal.changes import RowChange, read_row_changes
from tests.factories import make_post, make_tag, make_user, store


async def newest_operation(session: AsyncSession) -> int:
    return await session.scalar(select(JournalOperation.id).order_by(JournalOperation.id.desc()).limit(1)) or 0


async def read_all(session: AsyncSession, operation_id: int, **options: Any) -> list[RowChange]:
    return [change async for change in read_row_changes(session, operation_id, **options)]


async def execute(sessions: SessionFactory, *statements: Any) -> int:
    """Run statements as one operation and return its id."""
    async with sessions.begin() as session:
        for statement in statements:
            await session.execute(statement)
    async with sessions() as session:
        return await newest_operation(session)


@pytest.fixture
async def post_id(sessions: SessionFactory) -> int:
    async with sessions.begin() as session:
        tag = make_tag("python")
        post = make_post(author=make_user(email="ann@example.org"), title="First", content="one", tags=[tag])
        await store(session, post)
        return post.id


async def test_insert_has_values_of_row(sessions: SessionFactory, post_id: int) -> None:
    async with sessions() as session:
        changes = await read_all(session, 1)
        stored_uuid = str(await session.scalar(select(Post.uuid)))
    by_table = {change.table: change for change in changes}
    post = by_table["posts"]
    assert (post.row_id, post.other_id, post.action, post.before) == (post_id, 0, "i", None)
    assert post.after is not None
    assert (post.after["title"], post.after["content"], post.after["extra"]) == ("First", "one", {})
    assert post.after["uuid"] == stored_uuid
    assert post.after["created_at"].endswith("Z")
    assert by_table["users"].after == {**(by_table["users"].after or {}), "is_active": True, "hashed_password": "***"}
    assert (by_table["post_tags"].other_id, by_table["post_tags"].after) == (1, {})


async def test_insert_has_original_values_after_later_changes(sessions: SessionFactory, post_id: int) -> None:
    await execute(sessions, update(Post).values(title="Second", extra={"a": 1}), update(Post).values(title="Third"))
    await execute(sessions, delete(Post))
    async with sessions() as session:
        (post,) = [change for change in await read_all(session, 1) if change.table == "posts"]
    assert post.after is not None
    assert (post.after["title"], post.after["content"], post.after["extra"]) == ("First", "one", {})
    assert len(post.after) == 16


async def test_update_has_values_before_and_after(sessions: SessionFactory, post_id: int) -> None:
    operation = await execute(
        sessions,
        update(Post).values(title="Second"),
        update(Post).values(title="Third", excerpt="Short"),
        update(Post).values(content="two"),
    )
    await execute(sessions, update(Post).values(title="Fourth"))
    async with sessions() as session:
        changes = await read_all(session, operation)
    values = [
        ({key: (change.before or {})[key] for key in change.before or {} if key != "updated_at"}, change.after)
        for change in changes
    ]
    assert [(before, {key: (after or {})[key] for key in before}) for before, after in values] == [
        ({"title": "First"}, {"title": "Second"}),
        ({"title": "Second", "excerpt": None}, {"title": "Third", "excerpt": "Short"}),
        ({"content": "one"}, {"content": "two"}),
    ]


async def test_delete_has_all_former_values(sessions: SessionFactory, post_id: int) -> None:
    operation = await execute(sessions, delete(Post))
    async with sessions() as session:
        post, link = sorted(await read_all(session, operation), key=lambda change: change.table, reverse=True)
    assert (post.after, link.after) == (None, None)
    assert post.before is not None
    assert (post.before["title"], post.before["extra"], post.before["trashed_at"]) == ("First", {}, None)
    assert len(post.before) == 16
    assert (link.table, link.row_id, link.other_id, link.before) == ("post_tags", post_id, 1, {})


async def test_password_is_masked(sessions: SessionFactory, post_id: int) -> None:
    operation = await execute(sessions, update(User).values({User.hashed_password: "secret"}))
    async with sessions() as session:
        (change,) = await read_all(session, operation)
    assert change.before is not None
    assert change.after is not None
    assert (change.before["hashed_password"], change.after["hashed_password"]) == ("***", "***")


async def test_changes_of_open_operation(sessions: SessionFactory, post_id: int) -> None:
    async with sessions.begin(dry_run=True) as session:
        await session.execute(update(Post).values(title="Second"))
        statement = "SELECT operation_id FROM journal_current"
        if session.get_bind().dialect.name == "postgresql":
            statement = "SELECT current_setting('blogcli.operation_id')"
        operation = int(await session.scalar(text(statement)) or 0)
        (change,) = await read_all(session, operation)
        await session.execute(update(Post).values(title="Third"))
    assert change.after is not None
    assert change.after["title"] == "Second"


async def test_changes_are_grouped_by_row_in_batches(sessions: SessionFactory, post_id: int) -> None:
    async with sessions.begin() as session:
        tags = [make_tag() for _ in range(300)]
        posts = [make_post(author=make_user(), tags=tags[:3], content="x" * number) for number in range(300)]
        await store(session, *posts, *tags)
    async with sessions() as session:
        changes = await read_all(session, 2)
        grouped = await read_all(session, 2, by_row=True)
        first = await read_all(session, 2, limit=5)
    assert len(changes) == 300 * 6
    assert [change.id for change in changes] == sorted(change.id for change in grouped)
    assert changes[:5] == first
    owners = [(change.table if change.table != "post_tags" else "posts", change.row_id) for change in grouped]
    order = {"users": 1, "posts": 2, "tags": 3}
    assert owners == sorted(owners, key=lambda owner: (order[owner[0]], owner[1]))
    assert all(change.after is not None for change in changes)


async def test_values_after_unrecorded_deletion_are_unknown(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store(session, make_tag("python"))
    await execute(sessions, delete(Tag))
    await execute(sessions, text("DELETE FROM journal_changes WHERE action = 'd'"))
    await execute(sessions, insert(Tag).values(id=1, name="Rust", key="rust"))
    async with sessions() as session:
        (change,) = await read_all(session, 1)
    assert change.after == {}


async def test_erased_values_are_unknown(sessions: SessionFactory, post_id: int) -> None:
    operation = await execute(sessions, update(Post).values(title="Second"))
    await execute(sessions, update(Post).values(title="Third"))
    await execute(sessions, text("UPDATE journal_changes SET was = NULL WHERE action = 'u'"), delete(post_tags))
    async with sessions() as session:
        (change,) = await read_all(session, operation)
        (created,) = [change for change in await read_all(session, 1) if change.table == "posts"]
    assert (change.before, change.after) == (None, {})
    assert created.after == {}


@pytest.mark.parametrize("engine_name", ["postgresql"], indirect=True)
async def test_infinity_is_last_instant(sessions: SessionFactory, post_id: int) -> None:
    operation = await execute(
        sessions,
        text("UPDATE posts SET published_at = 'infinity', expires_at = '-infinity'"),
        text("UPDATE posts SET published_at = NULL, expires_at = NULL"),
    )
    async with sessions() as session:
        first, second = await read_all(session, operation)
    infinities = {"published_at": "9999-12-31T23:59:59.999999Z", "expires_at": "0001-01-01T00:00:00Z"}
    assert first.after == infinities
    assert second.before == infinities
