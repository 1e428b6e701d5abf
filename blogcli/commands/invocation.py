"""What the global options said, and the way it reaches each command."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from functools import cached_property
from typing import Any

import typer

from ..errors import mask_secrets
from ..output.console import Console
from ..settings import Overrides, Settings, load_settings


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


def command(app: typer.Typer, name: str, **options: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:  # noqa: ANN401
    """Register a command whose parameters may be groups of options.

    A parameter annotated with a dataclass stands for one option per field; one annotated with Invocation receives
    this run's.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.command(name, **options)(_flattened(function))
        return function

    return register


def _flattened(function: Callable[..., None]) -> Callable[..., None]:
    parameters = inspect.signature(function).parameters
    groups = {name: given.annotation for name, given in parameters.items() if is_dataclass(given.annotation)}
    invocation = next(name for name, given in parameters.items() if given.annotation is Invocation)

    def call(ctx: typer.Context, **values: Any) -> None:  # noqa: ANN401
        arguments: dict[str, Any] = {invocation: ctx.obj}
        for name, group in groups.items():
            arguments[name] = group(**{field.name: values.pop(field.name) for field in fields(group)})
        function(**arguments, **values)

    flat = [inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    for name, given in parameters.items():
        if name in groups:
            flat += _options_of(groups[name])
        elif name != invocation:
            flat.append(given.replace(kind=inspect.Parameter.KEYWORD_ONLY))
    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return call


def _options_of(group: Any) -> list[inspect.Parameter]:  # noqa: ANN401 - a dataclass
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=field.type,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
        )
        for field in fields(group)
    ]
