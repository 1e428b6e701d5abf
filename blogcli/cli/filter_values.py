"""The values of options that filter and sort, parsed."""

from enum import StrEnum
from typing import TypeVar

from ..enums import PostStatus, TextField
from ..errors import UsageError
from .prompts import split_list

K = TypeVar("K", bound=StrEnum)

# SQLite takes 32,766 parameters a statement.
_MOST_IDS = 10_000


def sorting(text: str, keys: type[K]) -> tuple[K, bool]:
    """Return the sort key and whether the order is reversed; raises UsageError that names the valid ones."""
    name = text.removeprefix("-")
    try:
        return keys(name), text.startswith("-")
    except ValueError:
        raise UsageError(f"Cannot sort by {name!r}", hint=f"Fields: {', '.join(keys)}.") from None


def text_fields_in(text: str) -> list[TextField]:
    """Return the fields that --in names; raises UsageError for one that does not exist."""
    try:
        return [TextField(name) for name in split_list(text, "--in")]
    except ValueError:
        raise UsageError(f"Unknown field in --in: {text!r}", hint=f"Fields: {', '.join(TextField)}.") from None


def status_named(name: str) -> PostStatus:
    """Return the status of that name; raises UsageError if there is none."""
    try:
        return PostStatus(name)
    except ValueError:
        raise UsageError(f"Unknown status: {name!r}", hint=f"One of {', '.join(PostStatus)}.") from None


def ids_in(text: str) -> list[int]:
    """Return the ids in `4,5,6`; raises UsageError for text that is no id, and for too many."""
    parts = split_list(text, "--ids")
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise UsageError(f"--ids takes numbers as 4,5,6, not {text!r}")
    if len(parts) > _MOST_IDS:
        raise UsageError(f"--ids takes {_MOST_IDS:,} ids at the most", hint="Read them with --from FILE.")
    return [int(part) for part in parts]
