"""Suggest a known name for a name that was probably mistyped; pure."""

from collections.abc import Iterable
from itertools import islice

# Longer names are not compared, nor more of them: a suggestion must not take long.
_MAX_LENGTH = 100
_MAX_KNOWN = 5_000
# Of 1; by experience of names that differ in a letter or two.
_SIMILARITY = 0.7


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is spelled most like `name`, in any case, or None if none is similar."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a name that is unknown

    if len(name) > _MAX_LENGTH:
        return None
    folded = {other.casefold(): other for other in islice(known, _MAX_KNOWN) if len(other) <= _MAX_LENGTH}
    found = get_close_matches(name.casefold(), folded, n=1, cutoff=_SIMILARITY)
    return folded[found[0]] if found else None


def closest_email(address: str, known: Iterable[str]) -> str | None:
    """Return the known e-mail address most like `address`, of which the part before the @ may be all there is.

    Both parts must be similar: the addresses of one domain have most of their letters in common.
    """
    local, _, domain = address.partition("@")
    parts = [other.rpartition("@") for other in islice(known, _MAX_KNOWN) if "@" in other]
    similar = closest(local, (before for before, _, _ in parts))
    domains = {after: f"{before}@{after}" for before, _, after in parts if before == similar}
    found = closest(domain, domains) if domain else next(iter(domains), None)
    return domains[found] if found else None
