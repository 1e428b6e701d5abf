"""Declare groups of options and arguments that several commands share."""

from dataclasses import fields
from functools import cache, partial
from inspect import Parameter
from typing import get_type_hints

from typer import Option

# Declares an option without a value. The metavar is empty. Otherwise, the help would show the metavar <bool>.
Flag = partial(Option, metavar="")


class OptionGroup:
    """The base class of option groups. A group is a frozen dataclass with one annotated field per option or argument.

    If a parameter of a command function is annotated with a group, the command accepts the options and arguments of the
    group. The function receives their values in an instance of the group. Subclasses omit `__eq__` and `__repr__`,
    because generating these methods takes time at every start of the program.
    """

    @classmethod
    @cache
    def parameters(cls) -> list[Parameter]:
        """Return a keyword-only parameter for each field, beginning with the fields of base classes."""
        hints = get_type_hints(cls, include_extras=True)
        return [
            Parameter(field.name, Parameter.KEYWORD_ONLY, annotation=hints[field.name], default=field.default)
            for field in fields(cls)  # type: ignore[arg-type]  # every subclass is a dataclass
        ]
