"""Resolve the names by which users refer to revisions, such as `head` and `-1`."""

import re
from collections.abc import Sequence

from ...errors import UsageError

_RELATIVE = re.compile(r"[+-][0-9]{1,4}")
_HINT = "Run `blogcli db history` to list the revisions."


def resolve_revision(text: str, chain: Sequence[str], current: str | None) -> str | None:
    """Return the revision that `text` names, or None for `base`.

    `text` is a revision id, `head`, `base`, or a number of steps from the current revision such as `+1` or `-1`. Raises
    UsageError if `text` names no revision.
    """
    if text == "base":
        return None
    if text in ("head", "heads"):
        return chain[-1]
    if text in chain:
        return text
    if not _RELATIVE.fullmatch(text):
        raise UsageError(f"No such revision: {text!r}", hint=_HINT)
    position = find_position(current, chain) + int(text)
    if not 0 <= position <= len(chain):
        raise UsageError(f"No revision is {text} from {current or 'base'}", hint=_HINT)
    return chain[position - 1] if position else None


def resolve_range(text: str, chain: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the revisions FROM and TO of a range `FROM:TO`. If `text` contains only TO, the first revision is None.

    The revision of `base` is also None. Raises UsageError if `text` is not a range of revisions.
    """
    start, colon, end = text.rpartition(":")
    if _RELATIVE.fullmatch(start) or _RELATIVE.fullmatch(end):
        raise UsageError(f"{text!r} is relative to the revision of the database, which --sql does not read", hint=_HINT)
    first = resolve_revision(start, chain, None) if colon else None
    last = resolve_revision(end, chain, None)
    if find_position(last, chain) < find_position(first, chain):
        raise UsageError(f"Revision {last or 'base'} comes before {first}", hint=_HINT)
    return first, last


def find_position(revision: str | None, chain: Sequence[str]) -> int:
    """Return the position of a revision in the chain, counted from 1, or 0 for None."""
    return chain.index(revision) + 1 if revision else 0
