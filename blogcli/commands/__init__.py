"""What the user types: parse, call one service, show. A module is imported when its noun is used."""

from typing import TYPE_CHECKING

from ..doors import module_door

if TYPE_CHECKING:
    from . import (
        candidates,
        completion,
        composing,
        db,
        editing,
        exporting,
        hooks,
        importing,
        passwords,
        posts,
        publishing,
        searching,
        stats,
        tags,
        user_deletion,
        users,
    )

__all__ = [
    "candidates",
    "completion",
    "composing",
    "db",
    "editing",
    "exporting",
    "hooks",
    "importing",
    "passwords",
    "posts",
    "publishing",
    "searching",
    "stats",
    "tags",
    "user_deletion",
    "users",
]
__getattr__ = module_door(__name__, __all__)
