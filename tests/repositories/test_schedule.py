"""Tests of the queries for the events of the schedule."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.repositories.posts.rows import PostColumns
from blogcli.repositories.schedule import ScheduleRepository
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot
from tests.statements import plan_of

DRAFT, SCHEDULED, PUBLISHED, _ = PostStatus


def june(day: int) -> datetime:
    return datetime(2090, 6, day, tzinfo=UTC)


NOW = june(10)
POSTS: list[dict[str, Any]] = [
    {"status": SCHEDULED, "published_at": june(13)},
    {"status": SCHEDULED, "published_at": june(9), "expires_at": june(14)},
    {"status": PUBLISHED, "published_at": june(1), "expires_at": june(12)},
    # These posts expire before they would be published.
    {"status": SCHEDULED, "published_at": june(8), "expires_at": june(9)},
    {"status": SCHEDULED, "published_at": june(20), "expires_at": june(11)},
    {"status": PUBLISHED, "published_at": june(1)},
    {"status": DRAFT, "published_at": june(15)},
    {"status": SCHEDULED, "published_at": june(13), "expires_at": june(15), "trashed_at": june(2)},
    {"status": SCHEDULED, "published_at": june(13)},
]
EVENTS = [
    (2, "publish"), (4, "unpublish"), (5, "unpublish"), (3, "unpublish"), (1, "publish"), (9, "publish"),
    (2, "unpublish"),
]  # fmt: skip


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        for number, values in enumerate(POSTS, 1):
            await store(session, make_post(id=number, author=author, **values))


async def next_events(session: AsyncSession, *, limit: int = 0) -> list[tuple[int, str]]:
    batches = ScheduleRepository(session).stream(NOW, columns=PostColumns(["id"]), on_fault=pytest.fail, limit=limit)
    return [(post["id"], kind) async for batch in batches for kind, post in batch]


@pytest.mark.parametrize("limit", range(len(EVENTS) + 2))
async def test_events_are_sorted_by_time(blog: SessionFactory, limit: int) -> None:
    async with blog() as session:
        assert await next_events(session, limit=limit) == (EVENTS[:limit] if limit else EVENTS)


async def test_count_is_number_of_events(blog: SessionFactory) -> None:
    async with blog() as session:
        assert await ScheduleRepository(session).count(NOW) == len(EVENTS)


async def test_database_without_posts_has_no_events(sessions: SessionFactory) -> None:
    async with sessions() as session:
        assert await next_events(session, limit=10) == []
        assert await ScheduleRepository(session).count(NOW) == 0


async def test_next_events_are_read_from_indexes(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        posts = [make_post(author=author, status=PUBLISHED, published_at=NOW) for _ in range(500)]
        for number, post in enumerate(posts[::20]):
            post.status = SCHEDULED if number % 2 else PUBLISHED
            post.expires_at = june(number % 28 + 1)
        await store(session, *posts)
        await session.execute(text("ANALYZE"))
    async with sessions() as session:
        if (await session.connection()).dialect.name == "postgresql":
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await plan_of(session, next_events, limit=10)
    assert "ix_posts_status_date" in plan, plan
    assert "ix_posts_expires_at" in plan, plan
