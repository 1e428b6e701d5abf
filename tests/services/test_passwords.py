"""Tests of hashing, verifying and generating passwords."""

import pytest

from blogcli.errors import InvalidError
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.services.passwords import DEFAULT_HASHER, Hasher, generate_password
from blogcli.setting_types import Argon2Costs

CHEAP = Hasher(Argon2Costs(time_cost=1, memory_cost=8, parallelism=1))


async def test_verify_accepts_only_the_password() -> None:
    hashed = await CHEAP.hash("pässwörd 你好")
    assert hashed.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert await CHEAP.verify(hashed, "pässwörd 你好")
    assert not await CHEAP.verify(hashed, "passwörd 你好")


async def test_default_hasher_uses_parameters_of_rfc_9106() -> None:
    assert (await DEFAULT_HASHER.hash("correct horse")).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_hash_is_salted() -> None:
    assert await CHEAP.hash("correct horse") != await CHEAP.hash("correct horse")


UNUSABLE = {
    "no password": UNUSABLE_PASSWORD,
    "empty": "",
    "unknown user": None,
    "broken": "$argon2id$v=19$broken",
    "no ASCII": "$argon2id$v=19$m=8,t=1,p=1$é$é",
    # A computation with these parameters would take years, or more memory than any machine has.
    "too much time": "$argon2id$v=19$m=8,t=4294967295,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
    "too much memory": "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
    "too many threads": "$argon2id$v=19$m=80000,t=1,p=10000$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
}


@pytest.mark.parametrize("hashed", UNUSABLE.values(), ids=UNUSABLE.keys())
@pytest.mark.parametrize("password", [UNUSABLE_PASSWORD, "", "correct horse", "\ud800"])
async def test_verify_refuses_unusable_hash(hashed: str | None, password: str) -> None:
    assert not await CHEAP.verify(hashed, password)


@pytest.mark.parametrize(
    ("costs", "expected"),
    [(Argon2Costs(1, 8, 1), False), (Argon2Costs(2, 8, 1), True), (Argon2Costs(1, 16, 1), True)],
)
async def test_hash_with_other_parameters_is_outdated(costs: Argon2Costs, expected: bool) -> None:
    hashed = await CHEAP.hash("correct horse")
    assert Hasher(costs).is_outdated(hashed) is expected


@pytest.mark.parametrize(
    ("password", "message"),
    [("", "too short: use at least 8 "), ("1234567", "too short"), ("x" * 1_025, "too long: use at most 1,024 ")],
)
async def test_hash_refuses_bad_length(password: str, message: str) -> None:
    with pytest.raises(InvalidError, match=message):
        await CHEAP.hash(password)


@pytest.mark.parametrize("password", ["secret\0secret", "secret\ud800secret"])
async def test_hash_refuses_invalid_unicode(password: str) -> None:
    with pytest.raises(InvalidError, match="Password: contains") as raised:
        await CHEAP.hash(password)
    assert "secret" not in str(raised.value)


async def test_hash_accepts_length_limits() -> None:
    for password in ("12345678", "x" * 1_024):
        assert await CHEAP.verify(await CHEAP.hash(password), password)


def test_generate_password_is_long_and_random() -> None:
    passwords = {generate_password() for _ in range(100)}
    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {22}
