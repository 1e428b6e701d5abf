"""Packages whose modules are imported on first use (PEP 562), so that a run pays only for what it touches."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def module_door(package: str, names: list[str]) -> Callable[[str], Any]:
    """A `__getattr__` for `package` that imports its modules of these names."""

    def get(name: str) -> Any:  # noqa: ANN401 - a module
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return import_module(f".{name}", package)

    return get


def name_door(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """A `__getattr__` for `package` that finds each name in the module that `homes` gives for it."""

    def get(name: str) -> Any:  # noqa: ANN401 - whatever the module holds
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f".{homes[name]}", package), name)

    return get
