"""What the user types: parse, call one service, show. A module is imported when its noun is used (PEP 562)."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import db, editing, posts, publishing, stats, tags, users

_MODULES = ("db", "editing", "posts", "publishing", "stats", "tags", "users")
__all__ = [*_MODULES]  # noqa: PLE0604 - every item is a string


def __getattr__(name: str) -> ModuleType:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f".{name}", __name__)
