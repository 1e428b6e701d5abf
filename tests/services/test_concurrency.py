"""Tests that concurrent commands lose no changes. The commands read rows again after they have locked the rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory
from blogcli.enums import PostSort, PostStatus
from blogcli.errors import ConflictError, NotFoundError
from blogcli.models import Post, Tag, User, post_tags
from blogcli.repositories.imports import ImportRepository
from blogcli.schemas.inputs.posts import PostCreate, PostUpdate, TagChanges
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.create import create_post
from blogcli.services.posts.edit import get_edit_base, post_to_edit, save_edit
from blogcli.services.posts.publish import publish_due, publish_posts, schedule_posts, unpublish_posts
from blogcli.services.posts.trash import purge_posts, restore_posts, trash_posts
from blogcli.services.posts.update import update_posts
from blogcli.services.tags import delete_tags, merge_tags, prune_tags
from blogcli.services.users import delete_users
from tests.factories import make_post, make_tag, make_user, store
from tests.services.interleaving import Step, beside
from tests.snapshots import session_snapshot

PAST = datetime(2024, 5, 31, tzinfo=UTC)
FUTURE = datetime(2999, 1, 1, tzinfo=UTC)
ANN, BOB = "ann@example.org", "bob@example.org"
OPTIONS = BulkOptions()


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    """Create the users Ann and Bob, five drafts by Ann with the tag `ready`, and the tags `other` and `unused`."""
    async with sessions.begin() as session:
        ann = make_user(email=ANN)
        ready = make_tag("ready")
        await store(session, ann, ready, make_user(email=BOB), make_tag("other"), make_tag("unused"))
        for number in range(1, 6):
            await store(session, make_post(author=ann, tags=[ready], slug=f"post-{number}"))


def lock_posts(*ids: int) -> Step:
    return lambda session: session.execute(select(Post.id).where(Post.id.in_(ids)).with_for_update())


def change_post(id_: int, **values: Any) -> Step:
    return lambda session: session.execute(
        update(Post).where(Post.id == id_).values(version=Post.version + 1, **values)
    )


def tag_id(name: str) -> Any:
    return select(Tag.id).where(Tag.name == name).scalar_subquery()


def link(post_id: int, name: str) -> Step:
    return lambda session: session.execute(insert(post_tags).values(post_id=post_id, tag_id=tag_id(name)))


def unlink(post_id: int, name: str) -> Step:
    links = (post_tags.c.post_id == post_id, post_tags.c.tag_id == tag_id(name))
    return lambda session: session.execute(delete(post_tags).where(*links))


def all_of(*steps: Step) -> Step:
    async def run(session: AsyncSession) -> None:
        for step in steps:
            await step(session)

    return run


async def nothing(_: AsyncSession) -> None:
    """Do nothing. Tests pass this function as `change` if `lock` already makes the changes of the other transaction."""


async def rows(sessions: SessionFactory, *columns: Any) -> Sequence[Any]:
    async with sessions() as session:
        return [tuple(row) for row in await session.execute(select(*columns).order_by(columns[0]))]


async def tags_of(sessions: SessionFactory, post_id: int) -> list[str]:
    async with sessions() as session:
        names = select(Tag.name).join(post_tags).where(post_tags.c.post_id == post_id).order_by(Tag.name)
        return list(await session.scalars(names))


async def test_publish_due_skips_posts_no_longer_due(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        due = {"status": PostStatus.SCHEDULED, "published_at": PAST}
        await session.execute(update(Post).where(Post.id <= 4).values(due))
    changes = await beside(
        blog,
        publish_due(blog, options=OPTIONS),
        lock=lock_posts(1, 2, 3, 4),
        change=all_of(
            change_post(1, status=PostStatus.DRAFT),
            change_post(2, published_at=FUTURE),
            change_post(3, trashed_at=PAST),
        ),
    )
    assert ([post.id for post in changes.changed], changes.unchanged) == ([4], 0)
    assert await rows(blog, Post.id, Post.status) == [
        (1, "draft"), (2, "scheduled"), (3, "scheduled"), (4, "published"), (5, "draft"),
    ]  # fmt: skip


READY = PostSelection(tags=["ready"], sort=PostSort.ID, descending=False)


@pytest.mark.parametrize(
    "command",
    [
        publish_posts,
        partial(schedule_posts, at=FUTURE),
        trash_posts,
        purge_posts,
        lambda sessions, selection, options: update_posts(
            sessions, selection, PostUpdate(title="New"), options=options
        ),
        lambda sessions, selection, options: update_posts(
            sessions, selection, PostUpdate(), tags=TagChanges(set=["new"]), options=options
        ),
    ],
)
async def test_bulk_change_skips_posts_no_longer_matching(blog: SessionFactory, command: Any) -> None:
    changes = await beside(
        blog,
        command(blog, READY, options=BulkOptions(max_affected=4)),
        lock=lock_posts(2),
        change=all_of(unlink(2, "ready"), change_post(2, title="Skipped")),
    )
    assert ([post.id for post in changes.changed], changes.unchanged) == ([1, 3, 4, 5], 0)
    posts = await rows(blog, Post.id, Post.title, Post.status, Post.trashed_at, Post.version)
    assert [post for post in posts if post[0] == 2] == [(2, "Skipped", "draft", None, 2)]
    assert await tags_of(blog, 2) == []


async def test_bulk_change_with_limit_does_not_replace_changed_post(blog: SessionFactory) -> None:
    selection = replace(READY, statuses=[PostStatus.DRAFT], limit=2)
    changes = await beside(
        blog,
        publish_posts(blog, selection, options=OPTIONS),
        lock=lock_posts(1),
        change=change_post(1, status=PostStatus.PUBLISHED, published_at=PAST),
    )
    # On PostgreSQL, posts 1 and 2 are selected before post 1 is changed. On SQLite, posts 2 and 3 are selected after
    # post 1 is changed.
    assert [post.id for post in changes.changed] in ([2], [2, 3])


async def test_purge_skips_restored_posts(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        await session.execute(update(Post).values(trashed_at=PAST))
    trashed = PostSelection(statuses=[PostStatus.TRASHED])
    restore = all_of(*(change_post(id_, trashed_at=None) for id_ in (1, 2, 3)))
    changes = await beside(blog, purge_posts(blog, trashed, options=OPTIONS), lock=lock_posts(1, 2, 3), change=restore)
    assert {post.id for post in changes.changed} == {4, 5}
    assert await rows(blog, Post.id) == [(1,), (2,), (3,)]


async def test_restore_skips_purged_posts(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        await session.execute(update(Post).values(trashed_at=PAST))
    trashed = PostSelection(statuses=[PostStatus.TRASHED])
    changes = await beside(
        blog,
        restore_posts(blog, trashed, options=OPTIONS),
        lock=lock_posts(1),
        change=lambda session: session.execute(delete(Post).where(Post.id <= 3)),
    )
    assert ({post.id for post in changes.changed}, changes.unchanged) == ({4, 5}, 0)


async def test_named_post_purged_concurrently_is_missing(blog: SessionFactory) -> None:
    def purge(session: AsyncSession) -> Any:
        return session.execute(delete(Post).where(Post.id == 2))

    named = PostSelection(references=["1", "post-2"])
    with pytest.raises(NotFoundError, match="No such post: post-2"):
        await beside(blog, publish_posts(blog, named, options=OPTIONS), lock=lock_posts(2), change=purge)
    assert (1, "draft") in await rows(blog, Post.id, Post.status)
    changes = await publish_posts(blog, named, options=BulkOptions(ignore_missing=True))
    assert ([post.id for post in changes.changed], changes.missing) == ([1], ["post-2"])


async def test_bulk_change_skips_reassigned_posts(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        await session.execute(update(Post).values(status=PostStatus.PUBLISHED, published_at=PAST))
    bob = select(User.id).where(User.email == BOB).scalar_subquery()
    changes = await beside(
        blog,
        unpublish_posts(blog, PostSelection(authors=[ANN]), options=OPTIONS),
        lock=lock_posts(5),
        change=change_post(5, author_id=bob),
    )
    assert {post.id for post in changes.changed} == {1, 2, 3, 4}
    assert {post.author for post in changes.changed} == {ANN}


async def test_edit_survives_concurrent_reassignment(blog: SessionFactory) -> None:
    bob = select(User.id).where(User.email == BOB).scalar_subquery()
    post = await post_to_edit(blog, "id:1")
    update = PostUpdate(content="typed for an hour")
    edit = save_edit(blog, 1, update, tags=TagChanges(), base=get_edit_base(post))
    with pytest.raises(ConflictError, match="changed by another command"):
        await beside(blog, edit, lock=lock_posts(1), change=change_post(1, author_id=bob))


# Tags


async def test_merge_includes_post_tagged_concurrently(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        await unlink(5, "ready")(session)
    await beside(blog, merge_tags(blog, ["ready"], "other"), lock=link(5, "ready"), change=nothing)
    assert [await tags_of(blog, id_) for id_ in (1, 5)] == [["other"], ["other"]]
    await beside(blog, merge_tags(blog, ["other"], "unused"), lock=link(5, "unused"), change=nothing)
    assert [await tags_of(blog, id_) for id_ in (1, 5)] == [["unused"], ["unused"]]


async def test_prune_skips_tag_assigned_concurrently(blog: SessionFactory) -> None:
    changes = await beside(blog, prune_tags(blog), lock=link(1, "unused"), change=nothing)
    assert [tag.name for tag in changes.changed] == ["other"]
    assert await tags_of(blog, 1) == ["ready", "unused"]


async def test_delete_tag_counts_post_tagged_concurrently(blog: SessionFactory) -> None:
    changes = await beside(blog, delete_tags(blog, ["other"]), lock=link(1, "other"), change=nothing)
    assert [(tag.name, tag.posts) for tag in changes.changed] == [("other", 1)]
    assert (await rows(blog, Post.id, Post.version))[0] == (1, 2)


@pytest.mark.parametrize("changes", [TagChanges(add=["unused"]), TagChanges(set=["unused"])])
async def test_tagging_recreates_tag_deleted_concurrently(blog: SessionFactory, changes: TagChanges) -> None:
    def remove(session: AsyncSession) -> Any:
        return session.execute(delete(Tag).where(Tag.name == "unused"))

    one = PostSelection(references=["1"])
    await beside(
        blog, update_posts(blog, one, PostUpdate(), tags=changes, options=OPTIONS), lock=remove, change=nothing
    )
    assert "unused" in await tags_of(blog, 1)


async def test_removing_tag_deleted_concurrently_is_missing(blog: SessionFactory) -> None:
    def remove(session: AsyncSession) -> Any:
        return session.execute(delete(Tag).where(Tag.name == "ready"))

    command = update_posts(
        blog, PostSelection(references=["1"]), PostUpdate(), tags=TagChanges(remove=["ready"]), options=OPTIONS
    )
    with pytest.raises(NotFoundError, match="No such tag: ready"):
        await beside(blog, command, lock=remove, change=nothing)


# Users


async def make_post_by(session: AsyncSession, email: str) -> None:
    author = (await session.scalars(select(User).where(User.email == email))).one()
    await store(session, make_post(author=author, slug="meanwhile"))


async def test_delete_user_refuses_post_written_concurrently(blog: SessionFactory) -> None:
    write = partial(make_post_by, email=BOB)
    with pytest.raises(ConflictError, match="has posts: 1"):
        await beside(blog, delete_users(blog, [BOB]), lock=write, change=nothing)


@pytest.mark.parametrize(("options", "author"), [({"reassign_to": ANN}, ANN), ({"purge_posts": True}, None)])
async def test_delete_user_includes_post_written_concurrently(
    blog: SessionFactory, options: dict[str, Any], author: str | None
) -> None:
    await beside(blog, delete_users(blog, [BOB], **options), lock=partial(make_post_by, email=BOB), change=nothing)
    async with blog() as session:
        owner = await session.scalar(select(User.email).join(Post).where(Post.slug == "meanwhile"))
        user_count = await session.scalar(select(func.count()).select_from(User))
    assert (owner, user_count) == (author, 1)


async def test_author_deleted_concurrently_is_missing(blog: SessionFactory) -> None:
    def remove(session: AsyncSession) -> Any:
        return session.execute(delete(User).where(User.email == BOB))

    for command in (
        create_post(blog, PostCreate(title="x", content=""), author=BOB),
        update_posts(blog, PostSelection(references=["1"]), PostUpdate(), author=BOB, options=OPTIONS),
    ):
        with pytest.raises(NotFoundError, match=f"No such user: {BOB}"):
            await beside(blog, command, lock=remove, change=nothing)
        async with blog.begin() as session:
            await store(session, make_user(email=BOB))


# Imports


async def test_publish_due_does_not_mark_imported_post_as_edited(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        uuid = await session.scalar(select(Post.uuid).where(Post.id == 1))
        assert uuid
        updated_at = await session.scalar(select(Post.updated_at).where(Post.id == 1))
        assert updated_at
        await ImportRepository(session).record_imports([(1, "digest", 1, updated_at)])

    async def look_up() -> bool:
        async with blog.begin() as session:
            await session.connection()
            return (await ImportRepository(session).existing_posts([uuid], lock=True))[uuid].is_edited

    async def publish(session: AsyncSession) -> None:
        unedited = await ImportRepository(session).unedited_ids([1])
        await change_post(1, status=PostStatus.PUBLISHED)(session)
        await ImportRepository(session).mark_source_change(unedited)

    assert not await beside(blog, look_up(), lock=lock_posts(1), change=publish)
