"""The decorator that registers a function as a command. The command prints the result of the function."""

import inspect
from collections.abc import Callable
from typing import Any, TypeVar

import typer

from ..signals import restoring_signals
from .context import CliContext
from .option_group import OptionGroup
from .options import OutputOptions
from .parsing import command_class, global_options
from .rendering import render

Function = TypeVar("Function", bound=Callable[..., Any])

_OUTPUT_PARAMETER = "output_options"


def command(
    app: typer.Typer,
    name: str,
    *,
    takes_dashes: bool = False,
    hidden: bool = False,
    empty_values: dict[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Return a decorator that registers a function as a command. The command prints the function's result.

    The first parameter of the function is the CliContext. If a parameter is annotated with an option group, the command
    has the options of the group. If the annotation of the return value is not None, the command also has the output
    options, such as --format, and their values are stored in `CliContext.output`.

    If `takes_dashes` is set, an argument may start with a dash, such as -1. If `hidden` is set, the command is not
    listed in the help. The keys of `empty_values` are the names of the parameters that accept an empty value. Each
    value is a verb phrase for the effect of the empty value, such as "removes it". For any other parameter, an empty
    value is an error. The module `results` describes the results that a function can return.
    """

    def register(function: Function) -> Function:
        settings = {"ignore_unknown_options": takes_dashes}
        class_ = command_class(empty_values)
        app.command(name, cls=class_, hidden=hidden, context_settings=settings)(_with_flat_parameters(function))
        return function

    return register


def _with_flat_parameters(function: Callable[..., Any]) -> Callable[..., None]:
    """Return a wrapper of `function` in whose signature each option group is replaced by the options of the group.

    Typer requires one parameter for each option. The wrapper creates the option groups and passes them to `function`.
    """
    signature = inspect.signature(function)
    annotations = {parameter.name: parameter.annotation for parameter in signature.parameters.values()}
    groups = {name: annotation for name, annotation in annotations.items() if _is_option_group(annotation)}
    if signature.return_annotation is not None:
        groups[_OUTPUT_PARAMETER] = OutputOptions

    def call(ctx: typer.Context, **values: Any) -> None:  # noqa: ANN401 - the type depends on the option
        for name, group in groups.items():
            values[name] = group(**{option.name: values.pop(option.name) for option in group.parameters()})
        context = CliContext(global_options(ctx), ctx.command_path.partition(" ")[2], ctx.obj)
        context.start_logging()
        if _OUTPUT_PARAMETER in groups:
            context.output = values.pop(_OUTPUT_PARAMETER).choice(context.settings)
        # After a migration is committed, signals are ignored until the result is printed. At the end of the block, the
        # signal handlers are restored.
        with restoring_signals():
            render(context, function(context, **values))

    call.__name__ = function.__name__
    call.__doc__ = function.__doc__
    parameters = _flat_parameters(signature, groups)
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # mypy does not know this attribute of functions
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return call


def _flat_parameters(signature: inspect.Signature, groups: dict[str, type[OptionGroup]]) -> list[inspect.Parameter]:
    keyword_only = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("ctx", keyword_only, annotation=typer.Context)]
    for parameter in signature.parameters.values():
        if parameter.name in groups:
            parameters += groups[parameter.name].parameters()
        elif parameter.annotation is not CliContext:
            parameters.append(parameter.replace(kind=keyword_only))
    if _OUTPUT_PARAMETER in groups:
        parameters += groups[_OUTPUT_PARAMETER].parameters()
    return parameters


def _is_option_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, OptionGroup)
