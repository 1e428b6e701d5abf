"""Hash and verify passwords with Argon2id.

The parameters of Argon2id are those that RFC 9106 recommends for systems with little memory. A separate thread computes
the hash, so that the event loop is not blocked.
"""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from ..errors import InvalidError
from ..text.limits import require_storable

MIN_LENGTH = 8
MAX_LENGTH = 1_024


async def hash_password(password: str) -> str:
    """Return the hash of a password.

    Raises InvalidError if the password is too short or too long, or contains NUL characters or lone surrogates.
    """
    try:
        require_storable(password)
    except ValueError as error:
        raise InvalidError(f"Password: {error}") from None
    check_length(password)
    return await asyncio.to_thread(PasswordHasher().hash, password)


def check_length(password: str) -> None:
    """Raise InvalidError if a password is too short or too long."""
    if len(password) < MIN_LENGTH:
        raise InvalidError(f"The password is too short: use at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH:
        raise InvalidError(f"The password is too long: use at most {MAX_LENGTH:,} characters")


async def verify_password(hashed: str, password: str) -> bool:
    """Return whether a password matches a hash.

    An account without a password has an unusable hash, which no password matches.
    """
    try:
        return await asyncio.to_thread(PasswordHasher().verify, hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def generate_password() -> str:
    """Return a random password with 128 bits of entropy."""
    return secrets.token_urlsafe(16)
