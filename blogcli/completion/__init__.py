"""What a shell can offer while a command line is typed: quickly, silently, and without SQLAlchemy."""

from typing import TYPE_CHECKING

from ..doors import module_door

if TYPE_CHECKING:
    from . import cache, known, shells

__all__ = ["cache", "known", "shells"]
__getattr__ = module_door(__name__, __all__)
