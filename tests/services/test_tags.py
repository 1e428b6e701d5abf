"""Tests of the use cases for tags."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.errors import ConflictError, NotFoundError, UsageError
from blogcli.models import Post
from blogcli.repositories import tags as repository
from blogcli.schemas.inputs.tags import TagCreate
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services import tags
from blogcli.services.posts.query import list_posts
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

NOW = datetime(2024, 5, 31, tzinfo=UTC)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    """Create a post tagged Red, a post tagged Red and Blue, a trashed post tagged Grey, and an unused tag None."""
    async with sessions.begin() as session:
        author = make_user()
        red, blue, grey = make_tag("Red"), make_tag("Blue"), make_tag("Grey")
        await store(session, make_post(author=author, tags=[red]), make_post(author=author, tags=[red, blue]))
        await store(session, make_post(author=author, tags=[grey], trashed_at=NOW), make_tag("None"))


async def count_by_tag(blog: SessionFactory) -> dict[str, int]:
    return {tag.name: tag.posts for tag in (await tags.list_tags(blog)).items}


async def tags_of_posts(blog: SessionFactory) -> list[list[str]]:
    all_posts = PostSelection(descending=False, statuses=list(PostStatus))
    return sorted(post.tags for post in (await list_posts(blog, all_posts)).items)


async def test_list_tags_by_name(blog: SessionFactory) -> None:
    assert list((await count_by_tag(blog)).items()) == [("Blue", 1), ("Grey", 0), ("None", 0), ("Red", 2)]
    page = await tags.list_tags(blog, limit=1, offset=1)
    assert ([tag.name for tag in page.items], page.total) == (["Grey"], 4)


async def test_create_tags_refuses_existing(blog: SessionFactory) -> None:
    changes = await tags.create_tags(blog, [TagCreate(name=" New  one ")])
    assert [tag.name for tag in changes.changed] == ["New one"]
    with pytest.raises(ConflictError, match="Red"):
        await tags.create_tags(blog, [TagCreate(name="other"), TagCreate(name="RED")])
    assert "other" not in await count_by_tag(blog)


async def test_show_tags_names_all_missing(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="No such tags: x, y"):
        await tags.show_tags(blog, ["x", "red", "y"])
    assert [tag.posts for tag in await tags.show_tags(blog, ["x", "red"], ignore_missing=True)] == [2]


async def test_rename_tag(blog: SessionFactory) -> None:
    assert [tag.name for tag in (await tags.rename_tag(blog, "red", TagCreate(name="RED"))).changed] == ["RED"]
    assert (await tags.rename_tag(blog, "red", TagCreate(name="RED"))).unchanged == 1
    with pytest.raises(ConflictError, match="Another tag has the name 'blue'"):
        await tags.rename_tag(blog, "red", TagCreate(name="blue"))
    assert await tags_of_posts(blog) == [["Blue", "RED"], ["Grey"], ["RED"]]


async def test_merge_tags_moves_posts(blog: SessionFactory) -> None:
    changes = await tags.merge_tags(blog, ["red", "grey"], "blue")
    assert [(tag.name, tag.posts) for tag in changes.changed] == [("Blue", 2)]
    assert await tags_of_posts(blog) == [["Blue"], ["Blue"], ["Blue"]]
    assert await count_by_tag(blog) == {"Blue": 2, "None": 0}


async def test_merge_and_delete_tags_change_posts_in_chunks(
    blog: SessionFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "CHUNK", 1)
    await tags.merge_tags(blog, ["red", "grey"], "blue")
    assert await tags_of_posts(blog) == [["Blue"], ["Blue"], ["Blue"]]
    async with blog() as session:
        assert list(await session.scalars(select(Post.version))) == [2, 2, 2]
    await tags.delete_tags(blog, ["blue"])
    assert await tags_of_posts(blog) == [[], [], []]


async def test_merge_tags_refuses_same_tag(blog: SessionFactory) -> None:
    with pytest.raises(UsageError, match="itself"):
        await tags.merge_tags(blog, ["blue", "RED"], "red")
    assert len(await count_by_tag(blog)) == 4


async def test_delete_tags_keeps_posts(blog: SessionFactory) -> None:
    changes = await tags.delete_tags(blog, ["red", "x"], ignore_missing=True)
    assert ([(tag.name, tag.posts) for tag in changes.changed], changes.missing) == ([("Red", 2)], ["x"])
    assert await tags_of_posts(blog) == [[], ["Blue"], ["Grey"]]
    with pytest.raises(NotFoundError):
        await tags.delete_tags(blog, ["blue", "x"])


async def test_prune_tags_deletes_only_unused(blog: SessionFactory) -> None:
    assert [tag.name for tag in (await tags.prune_tags(blog)).changed] == ["None"]
    assert list(await count_by_tag(blog)) == ["Blue", "Grey", "Red"]
