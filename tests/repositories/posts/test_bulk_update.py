"""Tests of writing the changed columns of many posts at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.models import Post
from blogcli.repositories.posts.bulk_update import update_changed_columns
from blogcli.repositories.posts.repository import PostRepository
from tests.factories import store_posts

NOW = datetime(2024, 5, 31, tzinfo=UTC)


async def load_stored_posts(sessions: SessionFactory, ids: list[int]) -> list[Post]:
    async with sessions() as session:
        return await PostRepository(session).get_details(ids)


async def store_old_posts(sessions: SessionFactory, count: int) -> list[int]:
    async with sessions.begin() as session:
        posts = await store_posts(session, count, content="one two", extra={"a": 1}, created_at=NOW)
        return [post.id for post in posts]


async def test_update_writes_different_columns_of_each_post(sessions: SessionFactory) -> None:
    ids = await store_old_posts(sessions, 4)
    async with sessions.begin() as session:
        first, second, third, fourth = await PostRepository(session).get_details(ids)
        first.status = PostStatus.PUBLISHED
        first.published_at = NOW
        second.status = PostStatus.PUBLISHED
        third.write("one")
        third.extra = {"b": [2]}
        fourth.title = str(fourth.title)
        await update_changed_columns(session, [first, second, third, fourth])
    posts = await load_stored_posts(sessions, ids)
    assert [(post.status, post.published_at) for post in posts] == [
        (PostStatus.PUBLISHED, NOW),
        (PostStatus.PUBLISHED, None),
        (PostStatus.DRAFT, None),
        (PostStatus.DRAFT, None),
    ]
    assert [(post.content, post.words, post.extra) for post in posts[1:3]] == [
        ("one two", 2, {"a": 1}),
        ("one", 1, {"b": [2]}),
    ]


async def test_update_increments_version_and_sets_updated_at_of_changed_posts(sessions: SessionFactory) -> None:
    ids = await store_old_posts(sessions, 2)
    async with sessions.begin() as session:
        changed, unchanged = await PostRepository(session).get_details(ids)
        changed.excerpt = "Short"
        await update_changed_columns(session, [changed, unchanged])
        assert changed.version == 2
        updated_at = changed.updated_at
    posts = await load_stored_posts(sessions, ids)
    assert [(post.version, post.updated_at) for post in posts] == [(2, updated_at), (1, NOW)]
    assert updated_at > NOW


async def test_update_keeps_updated_at_that_was_set(sessions: SessionFactory) -> None:
    ids = await store_old_posts(sessions, 1)
    async with sessions.begin() as session:
        (post,) = await PostRepository(session).get_details(ids)
        post.excerpt = "Short"
        post.updated_at = NOW.replace(year=2020)
        await update_changed_columns(session, [post])
    (post,) = await load_stored_posts(sessions, ids)
    assert (post.version, post.updated_at) == (2, NOW.replace(year=2020))


async def test_flush_after_update_writes_no_columns(sessions: SessionFactory) -> None:
    ids = await store_old_posts(sessions, 2)
    async with sessions.begin() as session:
        posts = await PostRepository(session).get_details(ids)
        for post in posts:
            post.excerpt = "Short"
        statements: list[str] = []

        def record_statement(*arguments: Any) -> None:
            statements.append(arguments[2])

        connection = (await session.connection()).sync_connection
        event.listen(connection, "before_cursor_execute", record_statement)
        await update_changed_columns(session, posts)
        await session.flush()
    assert len(statements) == 1


@pytest.mark.parametrize("is_reverted", [True, False])
async def test_update_of_reverted_post_writes_nothing(sessions: SessionFactory, is_reverted: bool) -> None:
    ids = await store_old_posts(sessions, 1)
    async with sessions.begin() as session:
        (post,) = await PostRepository(session).get_details(ids)
        title = post.title
        post.title = "Another"
        if is_reverted:
            post.title = title
        await update_changed_columns(session, [post])
    (post,) = await load_stored_posts(sessions, ids)
    assert post.version == (1 if is_reverted else 2)
