"""Results that contain records. Services return records and never ORM objects. Records are frozen dataclasses.

Records are not validated, because their values come from the database. Pydantic validates only the data in `inputs`, so
commands that only read do not import pydantic.
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
    """The records that a command changed, in order, and the number of records that it left unchanged.

    `all_ids` contains the ids of all changed records if `changed` contains only the first changed records. `missing`
    contains the references that were skipped because they name no record. `existing` contains the records that were not
    created because they already exist. `published` contains the ids of posts that became public, and `withdrawn` the
    ids of posts that ceased to be public. `emptied` contains the ids of posts whose text no longer contains words.
    `notes` are sentences that explain the changes to the user.
    """

    changed: list[T]
    unchanged: int = 0
    missing: list[str] = field(default_factory=list)
    existing: list[T] = field(default_factory=list)
    published: list[int] = field(default_factory=list)
    withdrawn: list[int] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    all_ids: list[int] | None = None

    @property
    def ids(self) -> list[int]:
        """The ids of all changed records, in order."""
        return [record.id for record in self.changed] if self.all_ids is None else self.all_ids  # type: ignore[attr-defined]  # every record has an id
