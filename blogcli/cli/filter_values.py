"""Parse the values of the options that filter and sort records."""

from datetime import MAXYEAR, MINYEAR, datetime
from enum import StrEnum
from typing import TypeVar

from ..enums import CheckRule, PostStatus, TextField
from ..errors import UsageError
from ..text.suggestions import suggest_name
from .prompts import split_list, split_lists

K = TypeVar("K", bound=StrEnum)

# The maximum number of ids in a value of --ids. Each id is a parameter of an SQL statement, and SQLite accepts at most
# 32,766 parameters in a statement.
_MAX_IDS = 10_000


def parse_sort(text: str, keys: type[K]) -> tuple[K, bool]:
    """Return the sort key that is named in the value of --sort, and whether a leading dash reverses the order.

    Raises UsageError if `keys` does not contain the sort key.
    """
    name = text.removeprefix("-")
    try:
        return keys(name), text.startswith("-")
    except ValueError:
        raise UsageError(f"Cannot sort by {name!r}", hint=f"Use one of the fields {', '.join(keys)}.") from None


def parse_text_fields(text: str, name: str = "--in") -> list[TextField]:
    """Return the fields that are listed in a value of the option `name`.

    Raises UsageError for an unknown field.
    """
    try:
        return [TextField(name) for name in split_list(text, name)]
    except ValueError:
        raise UsageError(
            f"Unknown field in {name}: {text!r}", hint=f"Use one of the fields {', '.join(TextField)}."
        ) from None


def parse_searched_fields(text: str | None, name: str, *, has_text: bool) -> list[TextField]:
    """Return the fields that --contains searches: those in the value of the option `name`, or the default fields.

    Raises UsageError for an unknown field, or if fields but no text to search for (`has_text`) is given.
    """
    if text is None:
        return [TextField.TITLE, TextField.CONTENT]
    if not has_text:
        raise UsageError(f"{name} needs --contains", hint="Give the text to search for with --contains TEXT.")
    return parse_text_fields(text, name)


def parse_status(name: str) -> PostStatus:
    """Return the status with the given name.

    Raises UsageError for an unknown name.
    """
    try:
        return PostStatus(name)
    except ValueError:
        raise UsageError(f"Unknown status: {name!r}", hint=f"Use one of {', '.join(PostStatus)}.") from None


def parse_rules(values: list[str] | None, option: str) -> list[CheckRule]:
    """Return the rules that are listed in the values of an option.

    Raises UsageError for an unknown rule.
    """
    rules: list[CheckRule] = []
    for name in split_lists(values, option):
        try:
            rules.append(CheckRule(name))
        except ValueError:
            similar = suggest_name(name, CheckRule)
            suggestion = f"Did you mean '{similar}'? " if similar else ""
            raise UsageError(
                f"Unknown rule: {name!r}", hint=f"{suggestion}Use one of {', '.join(CheckRule)}."
            ) from None
    return rules


def parse_ids(text: str) -> list[int]:
    """Return the ids in the value of --ids, such as `4,5,6`.

    Raises UsageError if an item is not an id, or if there are too many ids.
    """
    parts = split_list(text, "--ids")
    if not all(part.isascii() and part.isdecimal() and len(part) < 10 for part in parts):
        raise UsageError(f"Invalid value of --ids: {text!r}", hint="Separate ids by commas, as in 4,5,6.")
    if len(parts) > _MAX_IDS:
        raise UsageError(f"--ids accepts at most {_MAX_IDS:,} ids", hint="Read them with --from FILE.")
    return [int(part) for part in parts]


def reject_unlimited_time(since: datetime | None, until: datetime | None) -> None:
    """Raise UsageError if the period from --since to --until includes every date."""
    starts_first = since is None or since.year == MINYEAR
    ends_last = until is None or until.year == MAXYEAR
    if starts_first and ends_last:
        raise UsageError("--since and --until include every post", hint="Give --all to select every post.")
