"""Posts changed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.errors import ConflictError, NotFoundError, UsageError
from blogcli.schemas.base import Changes
from blogcli.schemas.inputs.posts import PostUpdate, TagChanges
from blogcli.schemas.posts import PostDetail, PostSelection, PostSummary, Terms
from blogcli.services.posts.edit import save_edit
from blogcli.services.posts.query import show_posts
from blogcli.services.posts.update import update_posts
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

PAST, FUTURE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author, tags = make_user(email="anna@example.org"), [make_tag("red"), make_tag("blue")]
        await store(session, make_user(email="bert@example.org"))
        for slug in ("a", "b"):
            await store(session, make_post(author=author, slug=slug, tags=tags, content="old text", excerpt="e"))
        await store(session, make_post(author=author, slug="trashed", trashed_at=PAST))


async def update(
    blog: SessionFactory, *slugs: str, author: str | None = None, tags: TagChanges | None = None, **values: Any
) -> Changes[PostSummary]:
    selection = PostSelection(references=list(slugs))
    return await update_posts(blog, selection, PostUpdate(**values), author=author, tags=tags, terms=Terms())


async def shown(blog: SessionFactory, slug: str) -> PostDetail:
    return (await show_posts(blog, [slug]))[0]


async def test_only_what_is_set_changes(blog: SessionFactory) -> None:
    before = await shown(blog, "a")
    changes = await update(blog, "a", title="New", content="three new words")
    after = await shown(blog, "a")
    assert (after.title, after.content, after.words, after.excerpt) == ("New", "three new words", 3, "e")
    assert (after.version, after.tags) == (before.version + 1, before.tags)
    assert [post.title for post in changes.changed] == ["New"]
    assert changes.changed[0].updated_at == after.updated_at > before.updated_at


async def test_the_same_values_change_nothing(blog: SessionFactory) -> None:
    before = await shown(blog, "a")
    same = TagChanges(set=["BLUE", "red"])
    changes = await update(
        blog, "a", title=before.title, content="old text", slug="a", author="anna@example.org", tags=same
    )
    assert (changes.changed, changes.unchanged) == ([], 1)
    assert await shown(blog, "a") == before


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
async def test_tags_are_set_added_and_removed(blog: SessionFactory, changes: TagChanges, expected: list[str]) -> None:
    result = await update(blog, "a", "b", tags=changes)
    assert [post.tags for post in result.changed] == [expected, expected]
    assert [(await shown(blog, slug)).tags for slug in ("a", "b")] == [expected, expected]


async def test_an_author_or_a_tag_that_does_not_exist_changes_nothing(blog: SessionFactory) -> None:
    before = await shown(blog, "a")
    for options in ({"author": "x"}, {"tags": TagChanges(remove=["x"])}):
        with pytest.raises(NotFoundError, match="x"):
            await update(blog, "a", title="New", **options)
    assert await shown(blog, "a") == before


async def test_posts_change_hands(blog: SessionFactory) -> None:
    changes = await update(blog, "a", "b", author="bert@example.org")
    assert [post.author for post in changes.changed] == ["bert@example.org"] * 2


async def test_a_slug_belongs_to_one_post(blog: SessionFactory) -> None:
    with pytest.raises(ConflictError, match="taken"):
        await update(blog, "a", slug="b")
    with pytest.raises(UsageError, match="one post"):
        await update(blog, "a", "b", slug="c")
    assert [post.slug for post in (await update(blog, "a", slug="c")).changed] == ["c"]


async def test_a_trashed_post_stops_the_whole(blog: SessionFactory) -> None:
    with pytest.raises(ConflictError, match="in the trash"):
        await update(blog, "a", "trashed", title="New")
    assert (await shown(blog, "a")).version == 1


@pytest.mark.parametrize(("date", "status"), [(PAST, PostStatus.PUBLISHED), (FUTURE, PostStatus.SCHEDULED)])
async def test_a_published_post_waits_for_a_date_to_come(
    blog: SessionFactory, date: datetime, status: PostStatus
) -> None:
    async with blog.begin() as session:
        await store(session, make_post(author=make_user(), slug="p", status="published", published_at=PAST))
    await update(blog, "p", published_at=date)
    assert ((await shown(blog, "p")).status, (await shown(blog, "p")).published_at) == (status, date)


async def test_an_edit_is_saved(blog: SessionFactory) -> None:
    post = await shown(blog, "a")
    changes = await save_edit(
        blog, post.id, PostUpdate(content="new"), tags=TagChanges(set=["x"]), version=post.version
    )
    assert [changed.tags for changed in changes.changed] == [["x"]]
    assert (await shown(blog, "a")).content == "new"


async def test_an_edit_on_top_of_another_change_is_refused(blog: SessionFactory) -> None:
    post = await shown(blog, "a")
    await update(blog, "a", title="Meanwhile")
    with pytest.raises(ConflictError, match="was changed"):
        await save_edit(blog, post.id, PostUpdate(title="Late"), tags=TagChanges(), version=post.version)
    assert (await shown(blog, "a")).title == "Meanwhile"


async def test_an_edit_of_a_purged_post_is_refused(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="purged"):
        await save_edit(blog, 99, PostUpdate(title="Late"), tags=TagChanges(), version=1)
