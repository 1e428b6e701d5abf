"""What Typer and pydantic do at every start, for features that no run of ours uses, left out."""

import sys
from types import ModuleType
from typing import Any

from typer import core
from typer._coercion import build_runtime_param


def leave_out_needless_work() -> None:
    """Spare every run a tenth of its time; without it all goes on as it does, only later."""
    core.build_runtime_param = _Deferred  # type: ignore[assignment, attr-defined]
    sys.modules.setdefault(_NoPlugins.name, _NoPlugins(_NoPlugins.name))


class _Deferred:
    """What converts the values of one option: Typer makes one, with pydantic, also for options that are not given."""

    def __init__(self, descriptor: Any) -> None:  # noqa: ANN401 - a type of Typer's own
        self._descriptor = descriptor

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - the same
        """The value in its type; nothing, in the form of the option, where there is none.

        Where the words are only looked at, for completion, it stays as it was typed.
        """
        if ctx.resilient_parsing:
            return value
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        return build_runtime_param(self._descriptor).coerce(value, param, ctx)


class _NoPlugins(ModuleType):
    """Stands for the module with which pydantic reads the metadata of every installed package to look for plugins."""

    name = "pydantic.plugin._loader"

    @staticmethod
    def get_plugins() -> tuple[()]:
        """None."""
        return ()
