"""Tests of setting and checking the passwords of users."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Literal

import pytest
from argon2 import PasswordHasher

from blogcli.database import SessionFactory
from blogcli.errors import NotFoundError
from blogcli.models import User
from blogcli.repositories.users import UserRepository
from blogcli.services.passwords import Hasher
from blogcli.services.user_passwords import check_password, set_password
from blogcli.setting_types import Argon2Costs
from tests.factories import make_user, store
from tests.snapshots import session_snapshot

ANNA, BERT = "anna@example.org", "bert@example.org"
PASSWORD = "correct horse"  # noqa: S105 - the test does not use a real password
CHEAP = Argon2Costs(time_cost=1, memory_cost=8, parallelism=1)


class RecordingHasher(PasswordHasher):
    """A hasher of argon2-cffi that records the parameters of each hash that it verifies."""

    def __init__(self, costs: Argon2Costs) -> None:
        super().__init__(**costs._asdict())
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the base class names the parameter
        self.verified.append(str(hash).rsplit("$", 2)[0])
        return super().verify(hash, password)


class CountingHasher(Hasher):
    """A hasher that records the parameters of each hash that it verifies, and counts the hashes that it makes."""

    def __init__(self, costs: Argon2Costs = CHEAP) -> None:
        super().__init__(costs)
        self.made = 0
        self._hasher = self._recorder = RecordingHasher(costs)

    @property
    def verified(self) -> list[str]:
        return self._recorder.verified

    async def hash(self, password: str) -> str:
        self.made += 1
        return await super().hash(password)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    """Create the user Anna, who has a password, and the user Bert, who has none."""
    async with sessions.begin() as session:
        await store(session, make_user(email=ANNA), make_user(email=BERT))
    await set_password(sessions, ANNA, PASSWORD, hasher=Hasher(CHEAP))


async def get_user(sessions: SessionFactory, email: str) -> User:
    async with sessions() as session:
        user = await UserRepository(session).get_by_email(email)
        assert user is not None
        return user


async def test_check_password_accepts_only_current_password(blog: SessionFactory) -> None:
    hasher = Hasher(CHEAP)
    assert await check_password(blog, ANNA.upper(), PASSWORD, hasher=hasher)
    assert not await check_password(blog, ANNA, "wrong horse", hasher=hasher)
    assert not await check_password(blog, BERT, "!", hasher=hasher)
    await set_password(blog, ANNA, "battery staple", hasher=hasher)
    assert not await check_password(blog, ANNA, PASSWORD, hasher=hasher)
    assert await check_password(blog, ANNA, "battery staple", hasher=hasher)


@pytest.mark.parametrize("reference", [ANNA, BERT, "nobody@example.org", "99"])
async def test_check_password_verifies_one_hash_for_each_user(blog: SessionFactory, reference: str) -> None:
    hasher = CountingHasher()
    with nullcontext() if reference in (ANNA, BERT) else pytest.raises(NotFoundError) as caught:
        assert not await check_password(blog, reference, "wrong horse", hasher=hasher)
    assert caught is None or (caught.value.message, caught.value.hint) == (f"No such user: {reference}", None)
    assert (hasher.verified, hasher.made) == (["$argon2id$v=19$m=8,t=1,p=1"], 0)


async def test_check_password_replaces_outdated_hash(blog: SessionFactory) -> None:
    before = await get_user(blog, ANNA)
    hasher = CountingHasher(CHEAP._replace(time_cost=2))
    assert not await check_password(blog, ANNA, "wrong horse", hasher=hasher)
    assert (await get_user(blog, ANNA)).hashed_password == before.hashed_password
    for made in (1, 1):
        assert await check_password(blog, ANNA, PASSWORD, hasher=hasher)
        assert hasher.made == made
    after = await get_user(blog, ANNA)
    assert after.hashed_password.startswith("$argon2id$v=19$m=8,t=2,p=1$")
    assert (after.updated_at, after.is_active) == (before.updated_at, before.is_active)
    assert await check_password(blog, ANNA, PASSWORD, hasher=Hasher(CHEAP))


class SlowHasher(Hasher):
    """A hasher that another command overtakes: before it makes a hash, it calls `overtake`."""

    def __init__(self, costs: Argon2Costs, overtake: Callable[[], Awaitable[object]]) -> None:
        super().__init__(costs)
        self._overtake = overtake

    async def hash(self, password: str) -> str:
        await self._overtake()
        return await super().hash(password)


async def test_check_password_keeps_password_that_another_command_sets(blog: SessionFactory) -> None:
    hasher = SlowHasher(
        CHEAP._replace(time_cost=2), lambda: set_password(blog, ANNA, "battery staple", hasher=Hasher(CHEAP))
    )
    assert await check_password(blog, ANNA, PASSWORD, hasher=hasher)
    assert await check_password(blog, ANNA, "battery staple", hasher=Hasher(CHEAP))
    assert not await check_password(blog, ANNA, PASSWORD, hasher=Hasher(CHEAP))
