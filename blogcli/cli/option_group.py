"""Declare groups of options and arguments that several commands share."""

from dataclasses import fields
from functools import cache, partial
from inspect import Parameter
from typing import get_type_hints

from typer import Option

# Declares an option without a value. Without the empty metavar, the help would show <bool> as the name of a value.
Flag = partial(Option, metavar="")


class OptionGroup:
    """The base class of option groups: frozen dataclasses with one annotated field per option or argument.

    A command with a parameter of such a class has these options and arguments, and receives their values in an instance
    of the class. Subclasses omit `__eq__` and `__repr__`, because generating these methods takes time at every start.
    """

    @classmethod
    @cache
    def parameters(cls) -> list[Parameter]:
        """Return the fields as keyword-only parameters of a command, those of base classes first."""
        hints = get_type_hints(cls, include_extras=True)
        return [
            Parameter(field.name, Parameter.KEYWORD_ONLY, annotation=hints[field.name], default=field.default)
            for field in fields(cls)  # type: ignore[arg-type]
        ]
