"""Suggest a known name for a name that was probably mistyped."""

from collections.abc import Iterable
from itertools import islice

# Names that are longer than _MAX_LENGTH, and known names after the first _MAX_KNOWN, are not compared, so that a
# suggestion takes little time.
_MAX_LENGTH = 100
_MAX_KNOWN = 5_000
# The minimum similarity of a suggestion, from 0 to 1. Names that differ in one or two letters are usually more similar.
_SIMILARITY = 0.7


def suggest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to `name`, or None if no name is similar. Case is ignored."""
    from difflib import get_close_matches  # noqa: PLC0415 - only an unknown name needs it

    if len(name) > _MAX_LENGTH:
        return None
    folded = {other.casefold(): other for other in islice(known, _MAX_KNOWN) if len(other) <= _MAX_LENGTH}
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=_SIMILARITY)
    return folded[matches[0]] if matches else None


def suggest_email(address: str, known: Iterable[str]) -> str | None:
    """Return the known e-mail address that is most similar to `address`, or None if no address is similar.

    `address` may be only the part before the @. The parts before and after the @ are compared separately, because
    different addresses in the same domain have most letters in common.
    """
    local, _, domain = address.partition("@")
    parts = [other.rpartition("@") for other in islice(known, _MAX_KNOWN) if "@" in other]
    similar_local = suggest_name(local, (known_local for known_local, _, _ in parts))
    addresses = {
        known_domain: f"{known_local}@{known_domain}"
        for known_local, _, known_domain in parts
        if known_local == similar_local
    }
    similar_domain = suggest_name(domain, addresses) if domain else next(iter(addresses), None)
    return addresses[similar_domain] if similar_domain else None
