"""Passwords: Argon2id with the parameters of RFC 9106 for little memory, worked out off the event loop."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ..errors import InvalidError
from ..schemas.base import Schema, Text

MIN_LENGTH, MAX_LENGTH = 8, 1_024


class _Password(Schema):
    password: Text


async def hash_password(password: str) -> str:
    """Return the hash to store; InvalidError for a password that is too short, too long or not storable."""
    _Password.checked(password=password)
    check_length(password)
    return await asyncio.to_thread(PasswordHasher().hash, password)


def check_length(password: str) -> None:
    """Raise InvalidError for a password that is too short or too long."""
    if len(password) < MIN_LENGTH:
        raise InvalidError(f"The password is too short: use at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH:
        raise InvalidError(f"The password is too long: use at most {MAX_LENGTH:,} characters")


async def verify_password(hashed: str, password: str) -> bool:
    """Whether the password is the one that was hashed; never for an account without a usable password."""
    try:
        return await asyncio.to_thread(PasswordHasher().verify, hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def generate_password() -> str:
    """A password of 128 random bits."""
    return secrets.token_urlsafe(16)
