"""Tests of the services that move posts to the trash, restore them, and purge them."""

from collections.abc import Awaitable, Callable

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostSort, PostStatus
from blogcli.errors import ConflictError, NotFoundError
from blogcli.schemas.base import Changes
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.records import PostSummary
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.query import count_posts, find_missing_posts, show_posts
from blogcli.services.posts.trash import purge_posts, restore_posts, trash_posts
from blogcli.services.tags import list_tags
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

OPTIONS = BulkOptions()
A = PostSelection(references=["a"])


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user()
        tag = make_tag("red")
        await store(session, *(make_post(author=author, slug=slug, tags=[tag], status="published") for slug in "abc"))


async def test_restore_posts_restores_status_and_tags(blog: SessionFactory) -> None:
    (before,) = await show_posts(blog, ["a"])
    trashed = await trash_posts(blog, A, options=OPTIONS)
    assert [post.status for post in trashed.changed] == [PostStatus.TRASHED]
    assert await count_posts(blog, PostSelection()) == 2
    assert (await trash_posts(blog, A, options=OPTIONS)).unchanged == 1
    await restore_posts(blog, A, options=OPTIONS)
    (after,) = await show_posts(blog, ["a"])
    assert (after.status, after.trashed_at, after.tags) == (before.status, None, before.tags)
    assert (await restore_posts(blog, A, options=OPTIONS)).unchanged == 1


async def test_purge_posts_keeps_tags(blog: SessionFactory) -> None:
    purged = await purge_posts(blog, PostSelection(references=["a", "b"]), options=OPTIONS)
    assert [post.slug for post in purged.changed] == ["a", "b"]
    assert await find_missing_posts(blog, ["a", "b", "c"]) == ["a", "b"]
    assert [(tag.name, tag.posts) for tag in (await list_tags(blog)).items] == [("red", 1)]


async def test_purge_posts_that_is_refused_deletes_nothing(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="x"):
        await purge_posts(blog, PostSelection(references=["a", "x"]), options=OPTIONS)
    with pytest.raises(ConflictError, match="More than 2"):
        await purge_posts(blog, PostSelection(), options=BulkOptions(max_affected=2))
    assert await count_posts(blog, PostSelection()) == 3


@pytest.mark.parametrize("change", [trash_posts, purge_posts])
async def test_change_returns_at_most_max_records(
    blog: SessionFactory, change: Callable[..., Awaitable[Changes[PostSummary]]]
) -> None:
    everything = PostSelection(sort=PostSort.SLUG, descending=False)
    all_changes = await change(blog, everything, options=BulkOptions(dry_run=True))
    changes = await change(blog, everything, options=BulkOptions(max_records=2))
    assert [post.slug for post in changes.changed] == ["a", "b"]
    assert changes.ids == all_changes.ids == changes.withdrawn == [post.id for post in all_changes.changed]
    assert changes.unchanged == 0
