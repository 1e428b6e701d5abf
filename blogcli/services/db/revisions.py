"""Revisions as people name them, resolved to those of the chain."""

import re
from collections.abc import Sequence

from ...errors import UsageError

_RELATIVE = re.compile(r"[+-][0-9]{1,4}")
_HINT = "`blogcli db history` lists the revisions."


def resolve_revision(text: str, chain: Sequence[str], current: str | None) -> str | None:
    """Return the revision that `text` names: its id, `head`, `base` (None), or `+1` and `-1` from the current one.

    Raises UsageError for what names none.
    """
    if text == "base":
        return None
    if text in ("head", "heads"):
        return chain[-1]
    if text in chain:
        return text
    if not _RELATIVE.fullmatch(text):
        raise UsageError(f"No such revision: {text!r}", hint=_HINT)
    place = place_of(current, chain) + int(text)
    if not 0 <= place <= len(chain):
        raise UsageError(f"No revision lies {text} from {current or 'base'}", hint=_HINT)
    return chain[place - 1] if place else None


def resolve_range(text: str, chain: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the revisions of `FROM:TO`, or of `TO` alone, which starts from none; UsageError for what is no range."""
    start, colon, end = text.rpartition(":")
    if _RELATIVE.fullmatch(start) or _RELATIVE.fullmatch(end):
        raise UsageError(f"{text!r} starts from the database's revision, which --sql does not look up", hint=_HINT)
    first = resolve_revision(start, chain, None) if colon else None
    last = resolve_revision(end, chain, None)
    if place_of(last, chain) < place_of(first, chain):
        raise UsageError(f"Revision {last or 'base'} comes before {first}", hint=_HINT)
    return first, last


def place_of(revision: str | None, chain: Sequence[str]) -> int:
    """Return the place of a revision in the chain, counted from 1; 0 for none."""
    return chain.index(revision) + 1 if revision else 0
