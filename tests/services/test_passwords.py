"""Tests of hashing, verifying and generating passwords."""

import argon2
import pytest

from blogcli.errors import InvalidError
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.services import passwords
from blogcli.services.passwords import generate_password, hash_password, verify_password


async def test_verify_password_accepts_only_its_password() -> None:
    hashed = await hash_password("pässwörd 你好")
    assert hashed.startswith("$argon2id$")
    assert await verify_password(hashed, "pässwörd 你好")
    assert not await verify_password(hashed, "passwörd 你好")


async def test_hash_password_uses_parameters_of_rfc_9106(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PasswordHasher", argon2.PasswordHasher)
    assert (await hash_password("correct horse")).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_hash_password_is_salted() -> None:
    assert await hash_password("correct horse") != await hash_password("correct horse")


@pytest.mark.parametrize("hashed", [UNUSABLE_PASSWORD, "", "$argon2id$v=19$broken"])
async def test_verify_password_without_usable_hash(hashed: str) -> None:
    assert not await verify_password(hashed, UNUSABLE_PASSWORD)
    assert not await verify_password(hashed, "")


@pytest.mark.parametrize(
    ("password", "message"),
    [("", "too short: use at least 8 "), ("1234567", "too short"), ("x" * 1_025, "too long: use at most 1,024 ")],
)
async def test_hash_password_refuses_bad_length(password: str, message: str) -> None:
    with pytest.raises(InvalidError, match=message):
        await hash_password(password)


@pytest.mark.parametrize("password", ["secret\0secret", "secret\ud800secret"])
async def test_hash_password_refuses_invalid_unicode(password: str) -> None:
    with pytest.raises(InvalidError, match="Password: contains") as raised:
        await hash_password(password)
    assert "secret" not in str(raised.value)


async def test_hash_password_accepts_length_limits() -> None:
    for password in ("12345678", "x" * 1_024):
        assert await verify_password(await hash_password(password), password)


def test_generate_password_is_long_and_random() -> None:
    passwords = {generate_password() for _ in range(100)}
    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {22}
