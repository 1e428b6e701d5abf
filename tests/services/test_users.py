"""Tests of the use cases for users."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blogcli.database import SessionFactory
from blogcli.errors import ConflictError, InvalidError, NotFoundError, UsageError
from blogcli.repositories import users as user_repository
from blogcli.repositories.posts import repository as post_repository
from blogcli.schemas.inputs.users import UserCreate, UserUpdate
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services import users
from blogcli.services.posts.query import list_posts
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot

NOW = datetime(2024, 5, 31, tzinfo=UTC)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    """Create the user Anna, who has a post and a trashed post, and the user Bert, who has no posts."""
    async with sessions.begin() as session:
        anna = make_user(email="anna@example.org", full_name="Anna")
        await store(session, make_post(author=anna), make_post(author=anna, trashed_at=NOW))
        await store(session, make_user(email="bert@example.org"))


async def list_emails(blog: SessionFactory, **options: Any) -> list[str]:
    return [user.email for user in (await users.list_users(blog, **options)).items]


async def test_create_user_refuses_existing(blog: SessionFactory) -> None:
    new = UserCreate(email="New@Example.org")
    changes = await users.create_user(blog, new, password=None)
    assert [(user.email, user.posts) for user in changes.changed] == [("new@example.org", 0)]
    with pytest.raises(ConflictError, match=r"User new@\S+ exists"):
        await users.create_user(blog, new, password=None)
    assert (await users.create_user(blog, new, password=None, if_not_exists=True)).unchanged == 1


async def test_create_user_with_bad_password_adds_no_user(blog: SessionFactory) -> None:
    with pytest.raises(InvalidError):
        await users.create_user(blog, UserCreate(email="new@example.org"), password="short")  # noqa: S106 - the test does not use a real password
    assert "new@example.org" not in await list_emails(blog)


async def test_list_users_with_total(blog: SessionFactory) -> None:
    page = await users.list_users(blog, limit=1)
    assert ([(user.email, user.posts) for user in page.items], page.total) == ([("anna@example.org", 1)], 2)
    assert await list_emails(blog, needle="BERT") == ["bert@example.org"]
    assert await list_emails(blog, is_active=False) == []


async def test_show_users_names_all_missing(blog: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="No such users: x, 99"):
        await users.show_users(blog, ["x", "anna@example.org", "99"])
    summaries = await users.show_users(blog, ["x", "anna@example.org"], ignore_missing=True)
    assert [user.posts for user in summaries] == [1]
    assert await users.find_missing_users(blog, ["x", "bert@example.org"]) == ["x"]


async def test_update_user_changes_only_set_fields(blog: SessionFactory) -> None:
    changes = await users.update_user(blog, "anna@example.org", UserUpdate(email="ann@example.org"))
    assert [(user.email, user.full_name, user.posts) for user in changes.changed] == [("ann@example.org", "Anna", 1)]
    assert (await users.update_user(blog, "ann@example.org", UserUpdate(full_name="Anna"))).unchanged == 1
    with pytest.raises(ConflictError, match=r"User \S+ exists"):
        await users.update_user(blog, "ann@example.org", UserUpdate(email="BERT@example.org"))


async def test_set_active_deactivates_and_activates(blog: SessionFactory) -> None:
    both = ["anna@example.org", "bert@example.org"]
    await users.set_active(blog, both[:1], active=False)
    changes = await users.set_active(blog, both, active=False)
    assert ([user.email for user in changes.changed], changes.unchanged) == (both[1:], 1)
    assert await list_emails(blog, is_active=False) == both


async def test_delete_users_refuses_user_with_posts(blog: SessionFactory) -> None:
    with pytest.raises(ConflictError, match=r"anna@.*1.*trash"):
        await users.delete_users(blog, ["bert@example.org", "anna@example.org"])
    assert len(await list_emails(blog)) == 2
    await users.delete_users(blog, ["bert@example.org"])
    assert await list_emails(blog) == ["anna@example.org"]


@pytest.mark.parametrize("chunk", [1, 1_000])
async def test_delete_users_reassigns_or_purges_posts(
    blog: SessionFactory, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    for module in (user_repository, post_repository):
        monkeypatch.setattr(module, "CHUNK", chunk)
    with pytest.raises(UsageError, match="cannot take over"):
        await users.delete_users(blog, ["anna@example.org"], reassign_to="anna@example.org")
    deletion = await users.delete_users(blog, ["anna@example.org"], reassign_to="bert@example.org")
    assert [(user.email, user.posts) for user in deletion.changed] == [("anna@example.org", 1)]
    assert [post.author for post in (await list_posts(blog, PostSelection())).items] == ["bert@example.org"]
    await users.delete_users(blog, ["bert@example.org"], purge_posts=True)
    assert await list_emails(blog) == []
