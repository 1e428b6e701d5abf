"""Passwords hashed, checked, generated."""

import argon2
import pytest

from blogcli.errors import InvalidError
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.services import passwords
from blogcli.services.passwords import generate_password, hash_password, verify_password


async def test_a_hash_knows_its_password_and_no_other() -> None:
    hashed = await hash_password("pässwörd 你好")
    assert hashed.startswith("$argon2id$")
    assert await verify_password(hashed, "pässwörd 你好")
    assert not await verify_password(hashed, "passwörd 你好")


async def test_a_hash_takes_the_memory_and_time_of_rfc_9106(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "PasswordHasher", argon2.PasswordHasher)
    assert (await hash_password("correct horse")).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


async def test_the_same_password_has_another_hash_each_time() -> None:
    assert await hash_password("correct horse") != await hash_password("correct horse")


@pytest.mark.parametrize("hashed", [UNUSABLE_PASSWORD, "", "$argon2id$v=19$broken"])
async def test_no_password_opens_an_account_without_one(hashed: str) -> None:
    assert not await verify_password(hashed, UNUSABLE_PASSWORD)
    assert not await verify_password(hashed, "")


@pytest.mark.parametrize(
    ("password", "message"),
    [("", "too short: use at least 8 "), ("1234567", "too short"), ("x" * 1_025, "too long: use at most 1,024 ")],
)
async def test_a_password_that_is_too_short_or_too_long_is_refused(password: str, message: str) -> None:
    with pytest.raises(InvalidError, match=message):
        await hash_password(password)


@pytest.mark.parametrize("password", ["secret\0secret", "secret\ud800secret"])
async def test_a_password_that_is_no_text_is_refused_and_not_shown(password: str) -> None:
    with pytest.raises(InvalidError, match="Password: holds") as raised:
        await hash_password(password)
    assert "secret" not in str(raised.value)


async def test_passwords_at_the_bounds_are_taken() -> None:
    for password in ("12345678", "x" * 1_024):
        assert await verify_password(await hash_password(password), password)


def test_generated_passwords_are_long_and_differ() -> None:
    passwords = {generate_password() for _ in range(100)}
    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {22}
