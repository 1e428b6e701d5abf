"""Print data on stdout and everything else on stderr. Modules that import Rich or YAML are imported on first use."""

from typing import TYPE_CHECKING

from ..doors import module_door

if TYPE_CHECKING:
    from . import markdown, pager, progress, tables, yaml

__all__ = ["markdown", "pager", "progress", "tables", "yaml"]
__getattr__ = module_door(__name__, __all__)
