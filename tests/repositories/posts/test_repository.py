"""Tests of resolving, loading, locking and deleting posts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.models import Post, post_tags
from blogcli.repositories.posts import texts
from blogcli.repositories.posts.repository import PostRepository
from tests.factories import make_post, make_tag, make_user, store, store_posts

NOW = datetime(2024, 5, 31, tzinfo=UTC)


async def test_resolve_posts_by_id_and_slug_without_duplicates(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        first, second = await store_posts(session, 2)
        (year,) = await store_posts(session, slug="2024")
        named = [f"id:{second.id}", str(first.id), first.slug, "slug:2024", f"slug:{second.slug}"]
        assert await PostRepository(session).resolve(named) == ([second.id, first.id, year.id], [])


async def test_resolve_returns_missing_references_once(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store_posts(session, slug="2024")
        missing = ["2024", "nothing", "id:99", "9" * 40, "2147483648", "slug:", "", "nothing"]
        assert await PostRepository(session).resolve(missing) == ([], missing[:-1])


async def test_resolve_more_posts_than_chunk_size_in_order(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        ids = [post.id for post in await store_posts(session, 1_001)][::-1]
        references = [str(id_) for id_ in ids]
        assert await PostRepository(session).resolve(references) == (ids, [])
        details = await PostRepository(session).get_details(ids)
        assert [post.id for post in details] == ids


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], "post"),
        (["post-2"], "post"),
        (["post"], "post-2"),
        (["post", "post-2", "post-4"], "post-3"),
        (["post", *(f"post-{number}" for number in range(2, 30))], "post-30"),
    ],
)
async def test_free_slug_is_first_unused(sessions: SessionFactory, taken: Sequence[str], free: str) -> None:
    async with sessions.begin() as session:
        author = make_user()
        await store(session, *(make_post(author=author, slug=slug) for slug in taken))
        assert await PostRepository(session).free_slug("post") == free


async def test_get_details_loads_all_fields_in_order_of_ids(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        first, second = await store_posts(session, 2, content="text", extra={"a": [1]}, tags=[make_tag("x")])
    async with sessions() as session:
        posts = await PostRepository(session).get_details([second.id, 99, first.id])
        assert [post.id for post in posts] == [second.id, first.id]
        assert (posts[0].content, posts[0].extra, posts[0].tag_names) == ("text", {"a": [1]}, ["x"])


async def test_load_batches_keeps_order_and_expunges_previous_batch(
    sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "CHUNK", 2)
    async with sessions.begin() as session:
        ids = [post.id for post in await store_posts(session, 5)][::-1]
    async with sessions.begin() as session:
        batches = []
        posts = PostRepository(session)
        async for batch in posts.load_batches(ids, with_content=True):
            batches.append([post.id for post in batch])
            assert sum(isinstance(row, Post) for row in session) <= 2
            for post in batch:
                post.title = f"Changed {post.id}"
            await posts.save(batch)
        assert batches == [ids[:2], ids[2:4], ids[4:]]
    async with sessions() as session:
        titles = await session.scalars(select(Post.title).order_by(Post.id.desc()))
        assert titles.all() == [f"Changed {id_}" for id_ in ids]


async def test_load_batches_loads_content_only_if_with_content(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        ids = [post.id for post in await store_posts(session, content="text")]
    for with_content in (True, False):
        async with sessions.begin() as session:
            async for (post,) in PostRepository(session).load_batches(ids, with_content=with_content):
                assert ("content" in post.__dict__) is with_content


async def test_due_ids_returns_only_scheduled_posts_that_are_due(sessions: SessionFactory) -> None:
    scheduled = PostStatus.SCHEDULED
    async with sessions.begin() as session:
        hour = timedelta(hours=1)
        (late,) = await store_posts(session, status=scheduled, published_at=NOW)
        (early,) = await store_posts(session, status=scheduled, published_at=NOW - hour)
        await store_posts(session, status=scheduled, published_at=NOW + hour)
        await store_posts(session, status=scheduled, published_at=NOW - hour, trashed_at=NOW)
        await store_posts(session, published_at=NOW - hour)
        assert await PostRepository(session).due_ids(NOW) == [early.id, late.id]


async def test_purge_deletes_links_to_tags(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        remaining, purged = await store_posts(session, 2, tags=[make_tag()])
        await PostRepository(session).purge([purged.id])
    async with sessions() as session:
        assert (await session.scalars(select(Post.id))).all() == [remaining.id]
        assert (await session.scalars(select(post_tags.c.post_id))).all() == [remaining.id]


async def test_posts_of_author_are_counted_and_purged(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        first, _ = await store_posts(session, 2)
        await store(session, make_post(author=first.author, trashed_at=NOW))
        await store_posts(session)
        posts = PostRepository(session)
        assert await posts.count_by_author(first.author_id) == (2, 1)
        await posts.purge_by_author(first.author_id)
        assert await posts.count_by_author(first.author_id) == (0, 0)
        assert await session.scalar(select(func.count()).select_from(Post)) == 1


async def test_get_slug_owner_returns_post_or_none(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        (post,) = await store_posts(session, slug="hello")
        assert await PostRepository(session).get_slug_owner("hello") == (post.id, False)
        assert await PostRepository(session).get_slug_owner("other") is None
