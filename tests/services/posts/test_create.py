"""Tests of the service that creates posts."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.errors import ConflictError, InvalidError, NotFoundError
from blogcli.schemas.inputs.posts import PostCreate, PostUpdate
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.records import PostDetail
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.create import create_post
from blogcli.services.posts.query import count_posts
from blogcli.services.posts.trash import trash_posts
from blogcli.services.posts.update import update_posts
from tests.factories import make_user, store
from tests.snapshots import session_snapshot

PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)
DRAFT, SCHEDULED, PUBLISHED, _ = PostStatus


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store(session, make_user(email="anna@example.org"))


async def create(blog: SessionFactory, **values: Any) -> PostDetail:
    new = PostCreate(**{"title": "Hello, World"} | values)
    (post,) = (await create_post(blog, new, author="anna@example.org")).changed
    return post


async def test_create_post_stores_all_values(blog: SessionFactory) -> None:
    post = await create(blog, content="two words", tags=["b", "A", "B"], excerpt="e", extra={"k": [1, None]})
    assert (post.slug, post.status, post.published_at, post.words) == ("hello-world", DRAFT, None, 2)
    assert (post.tags, post.excerpt, post.extra, post.version) == (["A", "b"], "e", {"k": [1, None]}, 1)
    assert post.created_at == post.updated_at


async def test_create_post_numbers_slug_of_repeated_title(blog: SessionFactory) -> None:
    assert [(await create(blog)).slug for _ in range(3)] == ["hello-world", "hello-world-2", "hello-world-3"]


async def test_create_post_refuses_requested_slug_in_use(blog: SessionFactory) -> None:
    post = await create(blog, slug="mine")
    with pytest.raises(ConflictError, match=f"'mine' is taken by post {post.id}"):
        await create(blog, slug="mine")


async def test_slug_of_trashed_post_is_refused_with_hint(blog: SessionFactory) -> None:
    post = await create(blog, slug="mine")
    other = await create(blog)
    await trash_posts(blog, PostSelection(references=["mine"]), options=BulkOptions())
    update = update_posts(
        blog, PostSelection(references=[f"id:{other.id}"]), PostUpdate(slug="mine"), options=BulkOptions()
    )
    for attempt in (create(blog, slug="mine"), update):
        with pytest.raises(ConflictError, match=f"taken by post {post.id}, which is in the trash") as raised:
            await attempt
        assert f"blogcli post delete {post.id} --purge" in (raised.value.hint or "")


async def test_create_post_with_equal_titles_concurrently(blog: SessionFactory) -> None:
    posts = await asyncio.gather(*(create(blog, tags=["new"]) for _ in range(2)))
    assert sorted(post.slug for post in posts) == ["hello-world", "hello-world-2"]
    assert await count_posts(blog, PostSelection(tags=["new"])) == 2


@pytest.mark.parametrize(
    ("status", "date", "expected"),
    [
        (DRAFT, FUTURE, DRAFT),
        (SCHEDULED, FUTURE, SCHEDULED),
        (SCHEDULED, PAST, SCHEDULED),
        (PUBLISHED, PAST, PUBLISHED),
        (PUBLISHED, FUTURE, SCHEDULED),
    ],
)
async def test_create_post_with_future_date_schedules_published_post(
    blog: SessionFactory, status: PostStatus, date: datetime, expected: PostStatus
) -> None:
    post = await create(blog, status=status, published_at=date)
    assert (post.status, post.published_at) == (expected, date)


async def test_create_published_post_without_date_uses_current_time(blog: SessionFactory) -> None:
    start = datetime.now(UTC)
    post = await create(blog, status=PUBLISHED)
    assert post.published_at is not None
    assert start <= post.published_at <= datetime.now(UTC)


async def test_create_scheduled_post_without_date_is_refused(blog: SessionFactory) -> None:
    with pytest.raises(InvalidError, match="needs a date"):
        await create(blog, status=SCHEDULED, tags=["new"])
    with pytest.raises(NotFoundError):
        await count_posts(blog, PostSelection(tags=["new"]))


async def test_create_post_by_unknown_author_is_refused(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="No such user: x"):
        await create_post(blog, PostCreate(title="t"), author="x")
