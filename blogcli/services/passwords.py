"""Hash and verify passwords with Argon2id.

A separate thread computes the hash, so that the event loop is not blocked.
"""

import asyncio
import secrets
from base64 import b64encode

from argon2 import Parameters, PasswordHasher, extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError

from ..errors import BlogError, InvalidError
from ..setting_types import DEFAULT_ARGON2_COSTS, MAX_ARGON2_COSTS, Argon2Costs
from ..text.limits import require_storable

MIN_LENGTH = 8
MAX_LENGTH = 1_024


class Hasher:
    """Computes and verifies hashes of passwords with the parameters of Argon2id in the settings."""

    def __init__(self, costs: Argon2Costs) -> None:
        self._hasher = PasswordHasher(**costs._asdict())
        self._costs = costs

    async def hash(self, password: str) -> str:
        """Return the hash of a password.

        Raises InvalidError if the password is too short or too long, or contains NUL characters or lone surrogates.
        Raises BlogError if there is not enough memory.
        """
        try:
            require_storable(password)
        except ValueError as error:
            raise InvalidError(f"Password: {error}") from None
        check_length(password)
        try:
            return await asyncio.to_thread(self._hasher.hash, password)
        except Argon2Error as error:
            raise BlogError(f"Cannot hash the password: {error}", hint="Reduce argon2_memory_cost.") from None

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Return whether a password matches a hash.

        `hashed` is None for an unknown user. The hash of an account without a password is unusable, and no password
        matches it. In both cases, a password is still verified with another hash, so that the time of a check does not
        reveal which accounts exist and have a password.
        """
        usable_hash = hashed if hashed and _is_usable(hashed) else self._make_unmatched_hash()
        try:
            return await asyncio.to_thread(self._hasher.verify, usable_hash, password)
        except (Argon2Error, InvalidHashError, UnicodeEncodeError):
            return False

    def is_outdated(self, hashed: str) -> bool:
        """Return whether a valid hash has other parameters than the settings."""
        return self._hasher.check_needs_rehash(hashed)

    def _make_unmatched_hash(self) -> str:
        """Return a hash that no password matches. Its verification takes as long as that of the hash of a password."""
        lengths = (self._hasher.salt_len, self._hasher.hash_len)
        salt, digest = (b64encode(bytes(length)).decode().rstrip("=") for length in lengths)
        parameters = f"m={self._costs.memory_cost},t={self._costs.time_cost},p={self._costs.parallelism}"
        return f"$argon2id$v=19${parameters}${salt}${digest}"


# The hasher with the default parameters.
DEFAULT_HASHER = Hasher(DEFAULT_ARGON2_COSTS)


def check_length(password: str) -> None:
    """Raise InvalidError if a password is too short or too long."""
    if len(password) < MIN_LENGTH:
        raise InvalidError(f"The password is too short: use at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH:
        raise InvalidError(f"The password is too long: use at most {MAX_LENGTH:,} characters")


def generate_password() -> str:
    """Return a random password with 128 bits of entropy."""
    return secrets.token_urlsafe(16)


def _is_usable(hashed: str) -> bool:
    """Return whether a hash is valid and its parameters are not higher than the settings may be.

    An import can bring a hash whose parameters would occupy the machine for years.
    """
    try:
        parameters: Parameters = extract_parameters(hashed)
    except InvalidHashError:
        return False
    costs = (parameters.time_cost, parameters.memory_cost, parameters.parallelism)
    return all(cost <= maximum for cost, maximum in zip(costs, MAX_ARGON2_COSTS, strict=True))
