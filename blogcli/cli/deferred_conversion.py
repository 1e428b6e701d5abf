"""Convert option values of simple types without importing pydantic.

Typer creates a pydantic converter for every option of a command, even if the option is not given. So help, completion,
usage errors and commands that change nothing would import pydantic, although they do not need pydantic. See
docs/decisions/0006-conversion-of-options.md.
"""

from enum import Enum
from typing import Any

from typer import core
from typer._coercion import build_runtime_param


def defer_conversion() -> None:
    """Make Typer create each converter only when the converter is first used."""
    core.build_runtime_param = _DeferredConverter  # type: ignore[assignment, attr-defined]  # a class replaces the function


class _DeferredConverter:
    """The converter of one option. Valid values of simple types are converted here, and all other values by Typer."""

    def __init__(self, descriptor: Any) -> None:  # noqa: ANN401 - Typer does not export the type
        self._descriptor = descriptor

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - Typer does not export the types
        """Return the converted value of an option or, if the option is not given, None or an empty tuple.

        During completion, the value is returned unchanged.
        """
        if ctx.resilient_parsing:
            return value
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        try:
            return _convert(value, self._descriptor)
        except ValueError:
            # The value is invalid, or the type of the option is not simple. Typer converts the value or raises an
            # error.
            return build_runtime_param(self._descriptor).coerce(value, param, ctx)


def _convert(value: Any, descriptor: Any) -> Any:  # noqa: ANN401 - an option can have any type
    """Return the converted value of an option that has a simple type.

    Raises ValueError if the type of the option is not simple, or if the value is invalid.
    """
    annotation = descriptor.annotation
    if annotation in (str, bool) and isinstance(value, annotation):
        return value
    if annotation == list[str]:
        return list(value)
    if annotation is int and str(value).isascii() and str(value).isdigit():
        number = int(value)
        limits = descriptor.parameter_info
        if (limits.min is None or number >= limits.min) and (limits.max is None or number <= limits.max):
            return number
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation(value)
    raise ValueError("not a valid value of a simple type")
