"""Results that wrap records. Services return records, which are frozen dataclasses, and never ORM objects.

Records are not validated, because their values come from the database. So commands that only read do not import
pydantic, which validates the data in `inputs`.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[T]):
    """A page of records, the number of all records if they were counted, and the cursor of the next page."""

    items: list[T]
    total: int | None
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class Changes(Generic[T]):
    """The records that a command changed, in order, and the number of those that it left unchanged.

    `missing` contains the references that were skipped because nothing has that name. `existing` contains the records
    that were not created because they exist. `published`, `withdrawn` and `emptied` are the ids of the posts that
    became public, that are no longer public, and that have lost their text.
    """

    changed: list[T]
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    existing: list[T] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
