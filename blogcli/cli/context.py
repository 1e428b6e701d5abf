"""What the global options say, and how commands receive it."""

import inspect
import logging
import sys
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import Any

import typer
from typer import Option

from ..errors import mask_url
from ..output.console import Console
from ..settings import Overrides, Settings, load_settings
from .parsing import command_class, global_options

# Typer would write <bool> beside an option that takes no value.
Flag = partial(Option, metavar="")
_KEYWORD = inspect.Parameter.KEYWORD_ONLY


class Invocation:
    """One run of the program: its console, and its settings, which are read when they are first asked for."""

    def __init__(self, given: Mapping[str, Any], command: str = "") -> None:
        """Take the global options that were given, by name, and the words of the command, such as `post list`."""
        self.command = command
        self.verbose = bool(given.get("verbose"))
        self.console = Console(quiet=bool(given.get("quiet")), color=given.get("color"))
        self._overrides = Overrides(
            database_url=given.get("database_url"),
            profile=given.get("profile"),
            config=given.get("config"),
            echo=bool(given.get("debug")),
        )

    def start_logging(self) -> None:
        """Show the warnings of services, what migrations do with --verbose, and SQL with --debug."""
        logging.getLogger("blogcli").handlers = [_WarningHandler(self.console)]
        if self.verbose or self._overrides.echo:
            handler = logging.StreamHandler(sys.stderr)
            handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
            sql = ["sqlalchemy.engine.Engine"] if self._overrides.echo else []
            for name in ("alembic.runtime.migration", *sql):
                logging.getLogger(name).addHandler(handler)
                logging.getLogger(name).setLevel(logging.INFO)

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
        url = mask_url(self.settings.database_url)
        return f"{url} (profile {self.settings.profile})" if self.settings.profile else url


class _WarningHandler(logging.Handler):
    """Prints each warning of a service as a line on stderr."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.WARNING)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        """Print the message of the record."""
        self._console.warn(f"Warning: {record.getMessage()}")


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
    app: typer.Typer,
    name: str,
    *,
    takes_dashes: bool = False,
    hidden: bool = False,
    empty_values: dict[str, str] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a command whose parameters may be groups of options.

    `takes_dashes` lets an argument start with a dash, as -1 does; a `hidden` command is for programs. `empty_values`
    names the parameters that may be empty, each with what an empty value does ("removes it"); for all others it is an
    error. A parameter annotated with a class of Options stands for one option per attribute; one annotated with
    Invocation receives this run's.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        settings = {"ignore_unknown_options": takes_dashes}
        class_ = command_class(empty_values)
        app.command(name, cls=class_, hidden=hidden, context_settings=settings)(_flattened(function))
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
        invocation = Invocation(global_options(ctx), ctx.command_path.partition(" ")[2])
        invocation.start_logging()
        function(invocation, **values)

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return call


def _is_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Options)
