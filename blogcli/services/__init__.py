"""What happens: one function is one use case is one transaction. A service module is imported on first use (PEP 562)."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import documents, editing, migrations, passwords, posts, publishing, seeding, stats, tags, trash, users, writing

_MODULES = ("documents", "editing", "migrations", "passwords", "posts", "publishing", "seeding", "stats", "tags", "trash", "users", "writing")
__all__ = [*_MODULES]  # noqa: PLE0604 - every item is a string


def __getattr__(name: str) -> ModuleType:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f".{name}", __name__)
