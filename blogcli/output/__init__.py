"""How it looks: data on stdout, everything else on stderr. Rich and YAML are imported on first use."""

from typing import TYPE_CHECKING

from ..doors import module_door

if TYPE_CHECKING:
    from . import progress, tables, yaml

__all__ = ["progress", "tables", "yaml"]
__getattr__ = module_door(__name__, __all__)
