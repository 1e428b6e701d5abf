"""Tests of the queries and changes of tags."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from blogcli.database import SessionFactory
from blogcli.enums import TagSort
from blogcli.models import Post, Tag, post_tags
from blogcli.repositories.tags import TagRepository
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

NOW = datetime(2024, 5, 31, tzinfo=UTC)


@session_snapshot
async def tagged(sessions: SessionFactory) -> None:
    """Create post 1 with tag 1, post 2 with tags 1 and 2, trashed post 3 with tags 1 and 3, and tag 4 without posts."""
    async with sessions.begin() as session:
        red, blue, grey, unused = (Tag.named(name) for name in ("Red", "blue", "Ärger", "10"))
        for tag in (red, blue, grey, unused):
            await store(session, tag)
        author = make_user()
        await store(session, make_post(author=author, tags=[red]))
        await store(session, make_post(author=author, tags=[red, blue]))
        await store(session, make_post(author=author, tags=[red, grey], trashed_at=NOW))


async def test_resolve_tags_by_name_and_id(tagged: SessionFactory) -> None:
    async with tagged() as session:
        references = ["ＢＬＵＥ", " red ", "id:2", "10", "ÄRGER", "4", "id:99", "x", "x"]
        tags, missing = await TagRepository(session).resolve(references)
        assert [tag.id for tag in tags] == [2, 1, 4, 3]
        assert missing == ["4", "id:99", "x"]


async def test_get_or_create_creates_missing_tags(tagged: SessionFactory) -> None:
    async with tagged.begin() as session:
        tags = await TagRepository(session).get_or_create(["New", "RED", "NEW", "other"])
        assert [tag.name for tag in tags] == ["New", "Red", "other"]
        assert await TagRepository(session).count() == 6
        assert await TagRepository(session).get_or_create([]) == []


async def test_get_or_create_concurrently_creates_tag_once(sessions: SessionFactory) -> None:
    async def create(names: list[str]) -> list[int]:
        async with sessions.begin() as session:
            return [tag.id for tag in await TagRepository(session).get_or_create(names)]

    first, second = await asyncio.gather(create(["same", "one"]), create(["same", "two"]))
    assert first[0] == second[0]
    async with sessions() as session:
        assert await TagRepository(session).count() == 3


async def test_count_posts_excludes_trash(tagged: SessionFactory) -> None:
    async with tagged() as session:
        tags = TagRepository(session)
        listed = await tags.list_with_posts(sort=TagSort.ID)
        assert [posts for _, posts in listed] == [2, 1, 0, 0]
        assert sorted(await tags.count_posts([1, 2, 3, 4])) == [(1, 2), (2, 1)]


@pytest.mark.parametrize(
    ("sort", "ascending", "descending"),
    [
        (TagSort.ID, [1, 2, 3, 4], [4, 3, 2, 1]),
        (TagSort.NAME, [4, 2, 1, 3], [3, 1, 2, 4]),
        (TagSort.POSTS, [3, 4, 2, 1], [1, 2, 4, 3]),
    ],
)
async def test_list_with_posts_sorts_by_every_field(
    tagged: SessionFactory, sort: TagSort, ascending: list[int], descending: list[int]
) -> None:
    async with tagged() as session:
        tags = TagRepository(session)
        assert [tag.id for tag, _ in await tags.list_with_posts(sort=sort)] == ascending
        assert [tag.id for tag, _ in await tags.list_with_posts(sort=sort, descending=True)] == descending
        assert [tag.id for tag, _ in await tags.list_with_posts(sort=sort, offset=1, limit=2)] == ascending[1:3]


async def test_list_unused_excludes_tags_of_trashed_posts(tagged: SessionFactory) -> None:
    async with tagged() as session:
        assert [tag.name for tag in await TagRepository(session).list_unused()] == ["10"]


async def test_move_posts_creates_no_duplicate_links(tagged: SessionFactory) -> None:
    async with tagged.begin() as session:
        await TagRepository(session).move_posts([1, 3], 2)
        links = await session.scalars(select(post_tags.c.post_id).where(post_tags.c.tag_id == 2))
        assert sorted(links) == [1, 2, 3]


async def test_touch_posts_marks_only_posts_of_tags(tagged: SessionFactory) -> None:
    async with tagged.begin() as session:
        before = {post.id: post.updated_at for post in await session.scalars(select(Post))}
    async with tagged.begin() as session:
        await TagRepository(session).touch_posts([2, 3])
    async with tagged() as session:
        after = {post.id: post for post in await session.scalars(select(Post))}
        assert {id_: post.version for id_, post in after.items()} == {1: 1, 2: 2, 3: 2}
        assert [id_ for id_, post in after.items() if post.updated_at > before[id_]] == [2, 3]


async def test_delete_many_keeps_posts(tagged: SessionFactory) -> None:
    async with tagged.begin() as session:
        await TagRepository(session).delete_many([1, 2])
    async with tagged() as session:
        assert (await session.scalars(select(Tag.id).order_by(Tag.id))).all() == [3, 4]
        assert await session.scalar(select(func.count()).select_from(post_tags)) == 1
        assert await session.scalar(select(func.count()).select_from(Post)) == 3


async def test_resolve_more_tags_than_chunk_size(sessions: SessionFactory) -> None:
    names = [f"tag {number}" for number in range(1_001)]
    async with sessions.begin() as session:
        tags = TagRepository(session)
        created = await tags.get_or_create(names)
        assert [tag.name for tag in created] == names
        assert (await tags.resolve(names))[0] == created
        await store(session, make_tag("remaining"))
        await tags.delete_many([tag.id for tag in created])
        assert await tags.count() == 1
