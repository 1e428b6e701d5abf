"""Create the converter of an option only when a value is to be converted.

Typer creates a converter with pydantic for every option of a command, so that help, completion and usage errors would
import pydantic without a need. See docs/decisions/0006-conversion-of-options.md.
"""

from typing import Any

from typer import core
from typer._coercion import build_runtime_param


def defer_conversion() -> None:
    """Let Typer create converters on first use."""
    core.build_runtime_param = _DeferredConverter  # type: ignore[assignment, attr-defined]


class _DeferredConverter:
    """The converter of one option, created when the option has a value."""

    def __init__(self, descriptor: Any) -> None:  # noqa: ANN401 - Typer does not export the type
        self._descriptor = descriptor

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - Typer does not export the types
        """Convert the value of an option, or return the empty value of an option that is not given.

        During completion, values are returned as they were typed.
        """
        if ctx.resilient_parsing:
            return value
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        return build_runtime_param(self._descriptor).coerce(value, param, ctx)
