"""What crosses the boundary: pydantic input and output, each imported on first use."""

from typing import TYPE_CHECKING

from ..doors import name_door

if TYPE_CHECKING:
    from .base import Changes, Page, Schema
    from .importing import Imported, ImportTerms
    from .migrations import DatabaseStatus, Problem, Revision
    from .posts import PostCreate, PostDetail, PostHit, PostSummary, PostUpdate, TagChanges
    from .searching import Reindexed
    from .seeding import Seeded
    from .selection import PostSelection, Terms
    from .stats import Overview, PostCount
    from .tags import TagCreate, TagSummary
    from .users import UserCreate, UserDeletion, UserSummary, UserUpdate

__all__ = [
    "Changes",
    "DatabaseStatus",
    "ImportTerms",
    "Imported",
    "Overview",
    "Page",
    "PostCount",
    "PostCreate",
    "PostDetail",
    "PostHit",
    "PostSelection",
    "PostSummary",
    "PostUpdate",
    "Problem",
    "Reindexed",
    "Revision",
    "Schema",
    "Seeded",
    "TagChanges",
    "TagCreate",
    "TagSummary",
    "Terms",
    "UserCreate",
    "UserDeletion",
    "UserSummary",
    "UserUpdate",
]
__getattr__ = name_door(
    __name__,
    {
        "Changes": "base",
        "Page": "base",
        "Schema": "base",
        "ImportTerms": "importing",
        "Imported": "importing",
        "DatabaseStatus": "migrations",
        "Problem": "migrations",
        "Revision": "migrations",
        "PostCreate": "posts",
        "PostDetail": "posts",
        "PostHit": "posts",
        "PostSummary": "posts",
        "PostUpdate": "posts",
        "TagChanges": "posts",
        "Reindexed": "searching",
        "Seeded": "seeding",
        "PostSelection": "selection",
        "Terms": "selection",
        "Overview": "stats",
        "PostCount": "stats",
        "TagCreate": "tags",
        "TagSummary": "tags",
        "UserCreate": "users",
        "UserDeletion": "users",
        "UserSummary": "users",
        "UserUpdate": "users",
    },
)
