"""Tests of the services that update and edit posts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.errors import ConflictError, NotFoundError, UsageError
from blogcli.schemas.base import Changes
from blogcli.schemas.inputs.posts import PostUpdate, TagChanges
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.records import PostDetail, PostSummary
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.edit import get_edit_base, post_to_edit, save_edit
from blogcli.services.posts.query import show_posts
from blogcli.services.posts.update import update_posts
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

PAST = datetime(2020, 1, 1, tzinfo=UTC)
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user(email="anna@example.org")
        tags = [make_tag("red"), make_tag("blue")]
        await store(session, make_user(email="bert@example.org"))
        for slug in ("a", "b"):
            await store(session, make_post(author=author, slug=slug, tags=tags, content="old text", excerpt="e"))
        await store(session, make_post(author=author, slug="trashed", trashed_at=PAST))


async def update(
    blog: SessionFactory, *slugs: str, author: str | None = None, tags: TagChanges | None = None, **values: Any
) -> Changes[PostSummary]:
    selection = PostSelection(references=list(slugs))
    return await update_posts(blog, selection, PostUpdate(**values), author=author, tags=tags, options=BulkOptions())


async def show(blog: SessionFactory, slug: str) -> PostDetail:
    return (await show_posts(blog, [slug]))[0]


async def test_update_posts_changes_only_set_fields(blog: SessionFactory) -> None:
    before = await show(blog, "a")
    changes = await update(blog, "a", title="New", content="three new words")
    after = await show(blog, "a")
    assert (after.title, after.content, after.words, after.excerpt) == ("New", "three new words", 3, "e")
    assert (after.version, after.tags) == (before.version + 1, before.tags)
    assert [post.title for post in changes.changed] == ["New"]
    assert changes.changed[0].updated_at == after.updated_at > before.updated_at


async def test_update_posts_with_equal_values_changes_nothing(blog: SessionFactory) -> None:
    before = await show(blog, "a")
    equal_tags = TagChanges(set=["BLUE", "red"])
    changes = await update(
        blog, "a", title=before.title, content="old text", slug="a", author="anna@example.org", tags=equal_tags
    )
    assert (changes.changed, changes.unchanged) == ([], 1)
    assert await show(blog, "a") == before


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (TagChanges(set=["green"]), ["green"]),
        (TagChanges(set=[]), []),
        (TagChanges(add=["green", "RED"]), ["blue", "green", "red"]),
        (TagChanges(remove=["RED"]), ["blue"]),
        (TagChanges(set=["green", "red"], add=["x"], remove=["red"]), ["green", "x"]),
    ],
)
async def test_update_posts_sets_adds_and_removes_tags(
    blog: SessionFactory, changes: TagChanges, expected: list[str]
) -> None:
    result = await update(blog, "a", "b", tags=changes)
    assert [post.tags for post in result.changed] == [expected, expected]
    assert [(await show(blog, slug)).tags for slug in ("a", "b")] == [expected, expected]


async def test_update_posts_with_unknown_author_or_tag_changes_nothing(blog: SessionFactory) -> None:
    before = await show(blog, "a")
    for options in ({"author": "x"}, {"tags": TagChanges(remove=["x"])}):
        with pytest.raises(NotFoundError, match="x"):
            await update(blog, "a", title="New", **options)
    assert await show(blog, "a") == before


async def test_update_posts_changes_author(blog: SessionFactory) -> None:
    changes = await update(blog, "a", "b", author="bert@example.org")
    assert [post.author for post in changes.changed] == ["bert@example.org"] * 2


async def test_update_posts_refuses_slug_in_use_or_for_several_posts(blog: SessionFactory) -> None:
    with pytest.raises(ConflictError, match="taken"):
        await update(blog, "a", slug="b")
    with pytest.raises(UsageError, match="one post only"):
        await update(blog, "a", "b", slug="c")
    assert [post.slug for post in (await update(blog, "a", slug="c")).changed] == ["c"]


async def test_update_posts_with_trashed_post_changes_nothing(blog: SessionFactory) -> None:
    with pytest.raises(ConflictError, match="in the trash"):
        await update(blog, "a", "trashed", title="New")
    assert (await show(blog, "a")).version == 1


@pytest.mark.parametrize(("date", "status"), [(PAST, PostStatus.PUBLISHED), (FUTURE, PostStatus.SCHEDULED)])
async def test_update_posts_schedules_published_post_only_if_date_is_in_future(
    blog: SessionFactory, date: datetime, status: PostStatus
) -> None:
    async with blog.begin() as session:
        await store(session, make_post(author=make_user(), slug="p", status="published", published_at=PAST))
    await update(blog, "p", published_at=date)
    assert ((await show(blog, "p")).status, (await show(blog, "p")).published_at) == (status, date)


async def test_save_edit_changes_content_and_tags(blog: SessionFactory) -> None:
    post = await show(blog, "a")
    changes = await save_edit(
        blog, post.id, PostUpdate(content="new"), tags=TagChanges(set=["x"]), base=get_edit_base(post)
    )
    assert [changed.tags for changed in changes.changed] == [["x"]]
    assert (await show(blog, "a")).content == "new"


async def test_save_edit_of_changed_post_is_refused(blog: SessionFactory) -> None:
    post = await show(blog, "a")
    await update(blog, "a", title="Meanwhile")
    with pytest.raises(ConflictError, match="was changed"):
        await save_edit(blog, post.id, PostUpdate(title="Late"), tags=TagChanges(), base=get_edit_base(post))
    assert (await show(blog, "a")).title == "Meanwhile"


async def test_save_edit_of_post_that_has_same_version_again_is_refused(blog: SessionFactory) -> None:
    post = await show(blog, "a")
    await update(blog, "a", title="Meanwhile")
    async with blog.begin() as session:
        # This is the state after an undo of the first change and another change.
        await session.execute(text("UPDATE posts SET version = version - 1 WHERE slug = 'a'"))
    assert (await show(blog, "a")).version == post.version
    with pytest.raises(ConflictError, match="was changed"):
        await save_edit(blog, post.id, PostUpdate(title="Late"), tags=TagChanges(), base=get_edit_base(post))
    with pytest.raises(ConflictError, match="was changed"):
        await post_to_edit(blog, "a", base=get_edit_base(post))
    assert (await show(blog, "a")).title == "Meanwhile"


async def test_save_edit_of_purged_post_is_refused(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="purged"):
        await save_edit(blog, 99, PostUpdate(title="Late"), tags=TagChanges(), base="1")
