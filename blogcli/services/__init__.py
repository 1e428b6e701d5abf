"""What happens: one function is one use case is one transaction. A module is imported on first use."""

from typing import TYPE_CHECKING

from ..doors import module_door

if TYPE_CHECKING:
    from . import (
        checking,
        completion,
        documents,
        editing,
        exporting,
        importing,
        migrations,
        passwords,
        posts,
        publishing,
        searching,
        seeding,
        stats,
        tags,
        trash,
        users,
        writing,
    )

__all__ = [
    "checking",
    "completion",
    "documents",
    "editing",
    "exporting",
    "importing",
    "migrations",
    "passwords",
    "posts",
    "publishing",
    "searching",
    "seeding",
    "stats",
    "tags",
    "trash",
    "users",
    "writing",
]
__getattr__ = module_door(__name__, __all__)
