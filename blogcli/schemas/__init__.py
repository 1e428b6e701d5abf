"""What crosses the boundary: pydantic input and output, each imported on first use (PEP 562)."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .base import Changes, Page, Schema
    from .migrations import DatabaseStatus, Problem, Revision
    from .posts import PostCreate, PostDetail, PostSummary, PostUpdate, TagChanges
    from .seeding import Seeded
    from .selection import PostSelection, Terms
    from .stats import Overview, PostCount
    from .tags import TagCreate, TagSummary
    from .users import UserCreate, UserSummary, UserUpdate

_HOMES = {
    "base": ("Changes", "Page", "Schema"),
    "migrations": ("DatabaseStatus", "Problem", "Revision"),
    "posts": ("PostCreate", "PostDetail", "PostSummary", "PostUpdate", "TagChanges"),
    "seeding": ("Seeded",),
    "selection": ("PostSelection", "Terms"),
    "stats": ("Overview", "PostCount"),
    "tags": ("TagCreate", "TagSummary"),
    "users": ("UserCreate", "UserSummary", "UserUpdate"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}
__all__ = [*_HOME_OF]  # noqa: PLE0604 - every key is a string


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
