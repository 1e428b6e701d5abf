"""How it looks: data on stdout, everything else on stderr. Rich and YAML are imported on first use (PEP 562)."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import tables, yaml

_MODULES = ("tables", "yaml")


def __getattr__(name: str) -> ModuleType:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f".{name}", __name__)
