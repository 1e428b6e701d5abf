"""What the global options said, and the way it reaches each command."""

import inspect
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import typer
from typer import Option

from ..errors import mask_secrets
from ..output.console import Console
from ..settings import Overrides, Settings, load_settings

# Typer would write <bool> beside an option that takes no value.
Flag = partial(Option, metavar="")
_KEYWORD = inspect.Parameter.KEYWORD_ONLY


class Invocation:
    """One run of the program: its console at once, its settings when first asked for."""

    def __init__(self, overrides: Overrides, *, quiet: bool, color: bool | None) -> None:
        self.console = Console(quiet=quiet, color=color)
        self._overrides = overrides

    @cached_property
    def settings(self) -> Settings:
        """The settings in force; raises ConfigurationError, and never for help."""
        return load_settings(self._overrides)

    @property
    def dialect(self) -> str:
        """`postgresql` or `sqlite`."""
        scheme = self.settings.database_url.partition(":")[0]
        return "postgresql" if scheme.startswith("postgres") else "sqlite"

    @property
    def database(self) -> str:
        """The database, and the profile if there is one, as a person is told which."""
        url = mask_secrets(self.settings.database_url)
        return f"{url} (profile {self.settings.profile})" if self.settings.profile else url


class Options:
    """A group of options and arguments that several commands share: one annotated attribute each, with its default."""

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - whatever the options hold
        vars(self).update(values)

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """The attributes as parameters of a command, those of base classes first."""
        annotations = {
            name: annotation
            for base in reversed(cls.__mro__)
            for name, annotation in vars(base).get("__annotations__", {}).items()
        }
        return [
            inspect.Parameter(name, _KEYWORD, annotation=annotation, default=getattr(cls, name))
            for name, annotation in annotations.items()
        ]


def command(
    app: typer.Typer, name: str, *, takes_dashes: bool = False, hidden: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose parameters may be groups of options.

    `takes_dashes` lets an argument start with a dash, as -1 does; a `hidden` command is for programs.

    A parameter annotated with a class of Options stands for one option per attribute; one annotated with Invocation
    receives this run's.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        settings = {"ignore_unknown_options": takes_dashes}
        app.command(name, hidden=hidden, context_settings=settings)(_flattened(function))
        return function

    return register


def _flattened(function: Callable[..., None]) -> Callable[..., None]:
    given = inspect.signature(function).parameters.values()
    groups = {each.name: each.annotation for each in given if _is_group(each.annotation)}
    flat = [inspect.Parameter("ctx", _KEYWORD, annotation=typer.Context)]
    for each in given:
        if each.name in groups:
            flat += groups[each.name].parameters()
        elif each.annotation is not Invocation:
            flat.append(each.replace(kind=_KEYWORD))

    def call(ctx: typer.Context, **values: Any) -> None:  # noqa: ANN401 - whatever the options hold
        for name, group in groups.items():
            values[name] = group(**{option.name: values.pop(option.name) for option in group.parameters()})
        function(ctx.obj, **values)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return call


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Options)
