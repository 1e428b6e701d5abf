"""The result of an import."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """The numbers of posts by outcome, of unreadable records, and of created users and tags."""

    created: int
    updated: int
    unchanged: int
    skipped: int
    failed: int
    users: int
    tags: int
