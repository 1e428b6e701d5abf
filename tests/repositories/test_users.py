"""Tests of the queries and changes of users."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from blogcli.database import SessionFactory
from blogcli.enums import UserSort
from blogcli.models import Post, User
from blogcli.repositories.users import UserRepository
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot

NOW = datetime(2024, 5, 31, tzinfo=UTC)


@session_snapshot
async def people(sessions: SessionFactory) -> None:
    """Create three users: Anna with two posts and one trashed post, Bert with one post, and Çelik, who is inactive."""
    async with sessions.begin() as session:
        anna = make_user(id=1, email="anna@example.org", full_name="Zoë Anna", created_at=NOW)
        bert = make_user(id=2, email="b.ert@example.org", created_at=NOW + timedelta(days=1))
        celik = make_user(id=3, email="b-elik@example.org", full_name="Çelik 100%", is_active=False, created_at=NOW)
        posts = [make_post(author=anna), make_post(author=anna), make_post(author=bert)]
        await store(session, anna, bert, celik, *posts, make_post(author=anna, trashed_at=NOW))


def ids(users: Sequence[tuple[User, int]]) -> list[int]:
    return [user.id for user, _ in users]


@pytest.mark.parametrize("email", ["anna@example.org", "ANNA@Example.ORG", " anna@example.org "])
async def test_get_by_email_in_any_case(people: SessionFactory, email: str) -> None:
    async with people() as session:
        user = await UserRepository(session).get_by_email(email)
        assert user is not None
        assert user.id == 1


async def test_get_by_email_of_unknown_address(people: SessionFactory) -> None:
    async with people() as session:
        assert await UserRepository(session).get_by_email("nobody@example.org") is None


async def test_resolve_users_without_duplicates(people: SessionFactory) -> None:
    async with people() as session:
        references = ["B.ERT@example.org", "id:1", "2", "anna@example.org", "9", "x", "9" * 30, "x"]
        users, missing = await UserRepository(session).resolve(references)
        assert [user.id for user in users] == [2, 1]
        assert missing == ["9", "x", "9" * 30]


async def test_list_with_posts_excludes_trash(people: SessionFactory) -> None:
    async with people() as session:
        users = UserRepository(session)
        assert [(user.id, posts) for user, posts in await users.list_with_posts()] == [(1, 2), (2, 1), (3, 0)]
        assert sorted(await users.count_posts([1, 2, 3])) == [(1, 2), (2, 1)]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (UserSort.ID, [1, 2, 3]),
        (UserSort.EMAIL, [1, 3, 2]),
        (UserSort.FULL_NAME, [2, 1, 3]),
        (UserSort.IS_ACTIVE, [3, 1, 2]),
        (UserSort.POSTS, [3, 2, 1]),
        (UserSort.CREATED_AT, [1, 3, 2]),
    ],
)
async def test_list_with_posts_is_sorted_equally(people: SessionFactory, sort: UserSort, expected: list[int]) -> None:
    async with people() as session:
        users = UserRepository(session)
        assert ids(await users.list_with_posts(sort=sort)) == expected
        assert ids(await users.list_with_posts(sort=sort, descending=True)) == expected[::-1]
        assert ids(await users.list_with_posts(sort=sort, offset=1, limit=1)) == expected[1:2]


@pytest.mark.parametrize(
    ("is_active", "needle", "expected"),
    [
        (True, None, [1, 2]),
        (False, None, [3]),
        (None, "ZOË", [1]),
        (None, "0%", [3]),
        (None, "_", []),
        (None, ".ORG", [1, 2, 3]),
        (True, "B", [2]),
    ],
)
async def test_list_with_posts_filters_and_counts(
    people: SessionFactory, *, is_active: bool | None, needle: str | None, expected: list[int]
) -> None:
    async with people() as session:
        users = UserRepository(session)
        assert ids(await users.list_with_posts(is_active=is_active, needle=needle)) == expected
        assert await users.count_matching(is_active=is_active, needle=needle) == len(expected)


async def test_reassign_posts_moves_and_marks_posts(people: SessionFactory) -> None:
    async with people.begin() as session:
        before = {post.id: post.updated_at for post in await session.scalars(select(Post))}
    async with people.begin() as session:
        await UserRepository(session).reassign_posts(1, 3)
    async with people() as session:
        posts = list(await session.scalars(select(Post).where(Post.author_id == 3)))
        assert len(posts) == 3
        assert all(post.version == 2 and post.updated_at > before[post.id] for post in posts)
        assert await session.scalar(select(Post.version).where(Post.author_id == 2)) == 1
