"""Tests of the services that publish, unpublish and schedule posts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from blogcli.database import SessionFactory, open_database
from blogcli.enums import PostSort, PostStatus
from blogcli.errors import ConflictError, NotFoundError, TryAgainError, UsageError
from blogcli.repositories.posts.repository import PostRepository
from blogcli.schemas.base import Changes
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.records import PostSummary
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.publish import publish_due, publish_posts, schedule_posts, unpublish_posts
from blogcli.services.posts.query import show_posts
from tests.databases import settings_for
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot

NOW = datetime(2024, 5, 31, tzinfo=UTC)
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)
DRAFT, SCHEDULED, PUBLISHED, _ = PostStatus
OPTIONS = BulkOptions()


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        await store(
            session,
            make_post(author=author, slug="draft"),
            make_post(author=author, slug="due", status=SCHEDULED, published_at=NOW),
            make_post(author=author, slug="later", status=SCHEDULED, published_at=NOW + timedelta(hours=1)),
            make_post(author=author, slug="public", status=PUBLISHED, published_at=NOW),
            make_post(author=author, slug="trashed", status=SCHEDULED, published_at=NOW, trashed_at=NOW),
        )


def select(*slugs: str) -> PostSelection:
    return PostSelection(references=list(slugs))


async def statuses(blog: SessionFactory, *slugs: str) -> list[PostStatus]:
    return [post.status for post in await show_posts(blog, slugs)]


async def test_publish_posts_skips_published_posts(blog: SessionFactory) -> None:
    changes = await publish_posts(blog, select("draft", "public"), options=OPTIONS)
    assert ([post.slug for post in changes.changed], changes.unchanged) == (["draft"], 1)
    assert await statuses(blog, "draft", "public") == [PUBLISHED, PUBLISHED]
    assert (await publish_posts(blog, select("draft"), options=OPTIONS)).unchanged == 1


async def test_unpublish_posts_removes_only_future_dates(blog: SessionFactory) -> None:
    changes = await unpublish_posts(blog, select("public", "later", "draft"), options=OPTIONS)
    assert [(post.slug, post.published_at) for post in changes.changed] == [("public", NOW), ("later", None)]


async def test_schedule_posts_refuses_time_in_past(blog: SessionFactory) -> None:
    changes = await schedule_posts(blog, select("draft"), at=FUTURE, options=OPTIONS)
    assert [(post.status, post.published_at) for post in changes.changed] == [(SCHEDULED, FUTURE)]
    with pytest.raises(UsageError, match="is in the past"):
        await schedule_posts(blog, select("draft"), at=NOW, options=OPTIONS)


async def test_change_with_trashed_post_changes_nothing(blog: SessionFactory) -> None:
    both = select("draft", "trashed")
    for attempt in (
        publish_posts(blog, both, options=OPTIONS),
        unpublish_posts(blog, both, options=OPTIONS),
        schedule_posts(blog, both, at=FUTURE, options=OPTIONS),
    ):
        with pytest.raises(ConflictError, match="in the trash"):
            await attempt
    assert await statuses(blog, "draft") == [DRAFT]


async def test_publish_due_keeps_scheduled_dates(blog: SessionFactory) -> None:
    changes = await publish_due(blog, now=NOW, options=OPTIONS)
    assert [(post.slug, post.published_at) for post in changes.changed] == [("due", NOW)]
    assert (await publish_due(blog, now=NOW, options=OPTIONS)).changed == []
    assert [post.slug for post in (await publish_due(blog, options=OPTIONS)).changed] == ["later"]


async def test_publish_posts_with_missing_reference_changes_nothing(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="No such posts: x, y"):
        await publish_posts(blog, select("draft", "x", "y"), options=OPTIONS)
    assert await statuses(blog, "draft") == [DRAFT]
    changes = await publish_posts(blog, select("draft", "x", "y"), options=BulkOptions(ignore_missing=True))
    assert (len(changes.changed), changes.missing) == (1, ["x", "y"])


async def test_publish_posts_above_max_affected_changes_nothing(blog: SessionFactory) -> None:
    not_trashed = PostSelection(sort=PostSort.ID, descending=False)
    with pytest.raises(ConflictError, match="More than 2"):
        await publish_posts(blog, not_trashed, options=BulkOptions(max_affected=2))
    assert await statuses(blog, "draft", "due") == [DRAFT, SCHEDULED]
    changes = await publish_posts(blog, not_trashed, options=BulkOptions(max_affected=3))
    assert [post.slug for post in changes.changed] == ["draft", "due", "later"]


async def test_publish_posts_applies_limit_and_offset(blog: SessionFactory) -> None:
    second = PostSelection(sort=PostSort.SLUG, descending=False, offset=1, limit=1)
    assert [post.slug for post in (await publish_posts(blog, second, options=OPTIONS)).changed] == ["due"]


async def test_publish_due_fails_while_another_run_has_lock(sessions: SessionFactory, database_url: str) -> None:
    is_sqlite = not database_url.startswith("postgresql")
    # On SQLite, a run waits for the lock that all commands share. On PostgreSQL, it does not wait.
    settings = settings_for(database_url, BLOGCLI_BUSY_TIMEOUT="0.05" if is_sqlite else "3600")

    async def run() -> Changes[PostSummary]:
        async with open_database(settings) as others:
            return await publish_due(others, options=OPTIONS)

    async with sessions.begin() as other:
        await other.connection()
        assert await PostRepository(other).try_publish_lock()
        with pytest.raises(TryAgainError, match="is locked" if is_sqlite else "Another run of `post publish-due`"):
            await run()
    assert (await run()).changed == []


@pytest.mark.parametrize("engine_name", ["postgresql"])
async def test_publish_lock_belongs_to_one_schema(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await session.execute(text("CREATE SCHEMA other"))
        await session.execute(text("CREATE TABLE other.posts (id integer)"))
    async with sessions.begin() as first, sessions.begin() as second:
        assert await PostRepository(first).try_publish_lock()
        assert not await PostRepository(second).try_publish_lock()
        await second.execute(text("SET LOCAL search_path = other"))
        assert await PostRepository(second).try_publish_lock()
