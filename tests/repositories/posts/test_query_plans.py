"""Tests that queries use the intended indexes on both databases."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory
from blogcli.enums import PostSort, PostStatus
from blogcli.repositories.posts.filters import PostFilters, PostOrder
from blogcli.repositories.posts.query import PostQueryRepository
from blogcli.repositories.posts.repository import PostRepository
from blogcli.repositories.stats import StatsRepository
from blogcli.services.posts.summaries import SUMMARY
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot
from tests.statements import plan_of

NOW = datetime(2024, 5, 31, tzinfo=UTC)
BY_DATE = PostOrder(PostSort.DATE)


async def page(session: AsyncSession, **filters: Any) -> None:
    await PostQueryRepository(session, columns=SUMMARY).page(PostFilters(**filters), BY_DATE, limit=20)


async def newest(session: AsyncSession, **filters: Any) -> None:
    await PostQueryRepository(session, columns=SUMMARY).ids(PostFilters(**filters), BY_DATE, limit=20)


async def due(session: AsyncSession) -> None:
    await PostRepository(session).due_ids(NOW)


async def overview(session: AsyncSession) -> None:
    filters = PostFilters(statuses=list(PostStatus))
    await StatsRepository(session).summarize_posts(filters, last_month=NOW, this_month=NOW, next_month=NOW)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        authors = [make_user() for _ in range(10)]
        tags = [make_tag() for _ in range(20)]
        await store(
            session,
            *(
                make_post(
                    author=authors[number % 10],
                    tags=[tags[number % 20]],
                    status=PostStatus.SCHEDULED if number % 50 == 0 else PostStatus.PUBLISHED,
                    published_at=NOW.replace(microsecond=number),
                )
                for number in range(500)
            ),
        )
        await session.execute(text("ANALYZE"))


@pytest.mark.parametrize(
    ("index", "query", "values"),
    [
        ("ix_posts_date", page, {}),
        ("ix_posts_date", page, {"since": NOW}),
        ("ix_posts_author_id_date", page, {"author_ids": [3]}),
        ("ix_posts_status_date", page, {"statuses": [PostStatus.SCHEDULED]}),
        ("ix_posts_status_date", due, {}),
        ("ix_posts_expires_at", due, {}),
        ("ix_posts_status_date", newest, {"due_by": NOW}),
        ("ix_posts_expires_at", newest, {"due_by": NOW}),
        ("ix_post_tags_tag_id_post_id", page, {"tag_ids": [3]}),
    ],
)
async def test_query_uses_index(blog: SessionFactory, index: str, query: Any, values: dict[str, Any]) -> None:
    async with blog() as session:
        if (await session.connection()).dialect.name == "postgresql":
            # Without this setting, PostgreSQL would always prefer a sequential scan for such a small table.
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await plan_of(session, query, **values)
        assert index in plan, plan


@pytest.mark.parametrize("values", [{}, {"author_ids": [3]}, {"statuses": [PostStatus.PUBLISHED]}])
async def test_newest_posts_are_read_without_sorting(blog: SessionFactory, values: dict[str, Any]) -> None:
    async with blog() as session:
        if (await session.connection()).dialect.name == "postgresql":
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = (await plan_of(session, newest, **values)).lower()
        assert "sort" not in plan, plan
        assert "temp b-tree" not in plan, plan


async def test_overview_reads_indexes_of_status_and_trash(blog: SessionFactory) -> None:
    async with blog() as session:
        if (await session.connection()).dialect.name == "postgresql":
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            await session.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = await plan_of(session, overview)
        assert "ix_posts_status_date" in plan, plan
        assert "ix_posts_trashed" in plan, plan
        assert "Seq Scan" not in plan, plan
        assert not re.search(r"SCAN posts$", plan, re.MULTILINE), plan
