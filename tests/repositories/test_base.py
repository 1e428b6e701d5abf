"""Tests of the operations that several repositories share."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from blogcli.database import SessionFactory
from blogcli.errors import NotFoundError
from blogcli.models import Tag, User
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.repositories.base import assign
from blogcli.repositories.tags import TagRepository
from blogcli.repositories.users import UserRepository
from blogcli.schemas.inputs.users import UserCreate, UserUpdate
from tests.factories import make_tag, make_user, store


def names(tags: Sequence[Tag]) -> list[str]:
    return [tag.name for tag in tags]


async def test_get_returns_row_by_id(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        tag = make_tag()
        await store(session, tag)
    async with sessions() as session:
        tags = TagRepository(session)
        stored = await tags.get(tag.id)
        assert stored is not None
        assert stored.name == tag.name
        assert await tags.get_one(tag.id) is stored


async def test_get_of_missing_row(sessions: SessionFactory) -> None:
    async with sessions() as session:
        assert await TagRepository(session).get(9) is None
        with pytest.raises(NotFoundError, match="No such user: 9"):
            await UserRepository(session).get_one(9)


@pytest.mark.parametrize(
    ("offset", "limit", "expected"),
    [(0, 0, "abcde"), (0, 2, "ab"), (2, 2, "cd"), (4, 2, "e"), (3, 0, "de"), (9, 0, "")],
)
async def test_list_with_offset_and_limit(sessions: SessionFactory, offset: int, limit: int, expected: str) -> None:
    async with sessions.begin() as session:
        await store(session, *map(make_tag, "abcde"))
        tags = TagRepository(session)
        assert "".join(names(await tags.list_(offset=offset, limit=limit))) == expected
        descending = select(Tag).order_by(Tag.name.desc())
        assert names(await tags.list_(descending, offset=1, limit=2)) == ["d", "c"]


async def test_count_ignores_order(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        tags = TagRepository(session)
        assert await tags.count() == 0
        await store(session, *map(make_tag, "abc"))
        assert await tags.count() == 3
        assert await tags.count(select(Tag).where(Tag.name > "a").order_by(Tag.name)) == 2


async def test_create_from_schema(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        new = UserCreate(email="Anna@Example.org", full_name="Anna", is_active=False)
        user = await UserRepository(session).create_from(new, hashed_password=UNUSABLE_PASSWORD)
        assert user.id > 0
    async with sessions() as session:
        stored = await session.get_one(User, user.id)
        assert (stored.email, stored.full_name, stored.is_active) == ("anna@example.org", "Anna", False)


async def test_update_from_sets_only_set_values(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        users = UserRepository(session)
        user = await users.add(make_user(email="a@example.org", full_name="Anna"))
        assert await users.update_from(user, UserUpdate(email="b@example.org"))
        assert (user.email, user.full_name) == ("b@example.org", "Anna")
        assert not await users.update_from(user, UserUpdate(email="b@example.org"))
        assert not await users.update_from(user, UserUpdate())
        assert await users.update_from(user, UserUpdate(full_name=None))
        assert user.full_name is None


def test_assign_sets_only_different_values() -> None:
    user = make_user(full_name="Anna")
    assert not assign(user, {"full_name": "Anna"})
    assert assign(user, {"full_name": "Bert", "email": user.email})
    assert user.full_name == "Bert"


async def test_delete_removes_row(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        tags = TagRepository(session)
        tag = await tags.add(make_tag())
        await tags.delete(tag)
        assert await tags.count() == 0
