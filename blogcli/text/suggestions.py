"""Suggest a known name if the user has probably mistyped a name."""

from collections.abc import Iterable
from itertools import islice

# To find a suggestion in a short time, names with more than _MAX_LENGTH characters are not compared, and only the first
# _MAX_KNOWN known names are compared.
_MAX_LENGTH = 100
_MAX_KNOWN = 5_000
# The minimum similarity of a suggestion, from 0 to 1. Names that differ in one or two letters are usually more similar.
_SIMILARITY = 0.7


def suggest_name(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most similar to `name`, or None if no known name is similar. Case is ignored."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a suggestion needs the module

    if len(name) > _MAX_LENGTH:
        return None
    folded = {other.casefold(): other for other in islice(known, _MAX_KNOWN) if len(other) <= _MAX_LENGTH}
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=_SIMILARITY)
    return folded[matches[0]] if matches else None


def suggest_email(address: str, known: Iterable[str]) -> str | None:
    """Return the known e-mail address that is most similar to `address`, or None if no address is similar.

    `address` may consist only of the part before the @. The parts before and after the @ are compared separately,
    because two addresses in the same domain have most letters in common even if they belong to different persons.
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
