"""The result of an import."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """The numbers of posts by outcome, the number of unreadable records, and the numbers of created users and tags."""

    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    users: int
    tags: int
