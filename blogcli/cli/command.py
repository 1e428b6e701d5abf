"""The decorator that registers a function as a command. The command prints the result of the function."""

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import typer

from .context import CliContext
from .fields import columns_of
from .guards import CONFIRMATION, enforce_guards
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
    is_bulk: bool = False,
    is_guarded: bool = True,
    is_lenient: bool = False,
    empty_values: dict[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Return a decorator that registers a function as a command. The command prints the function's result.

    The first parameter of the function is the CliContext. If a parameter is annotated with an option group, the command
    has the options of the group. If the annotation of the return value is not None, the command also has the output
    options, such as --format, and their values are stored in `CliContext.output`. If the function has a parameter
    `yes`, the command also has the option --confirm.

    If `takes_dashes` is set, an argument may start with a dash, such as -1. If `hidden` is set, the command is not
    listed in the help. If `is_bulk` is set, the command may change many records without a question, so it has the
    option --confirm, and a protected profile requires it. `is_guarded` is false for a command with --dry-run that does
    not change the database itself. If `is_lenient` is set, the command is run even if the settings are invalid, and
    finds the reason in `CliContext.settings_error`.

    The keys of `empty_values` are the names of the parameters that accept an empty value. Each value is a verb phrase
    for the effect of the empty value, such as "removes it". For any other parameter, an empty value is an error. The
    module `results` describes the results that a function can return.
    """

    def register(function: Function) -> Function:
        settings = {"ignore_unknown_options": takes_dashes}
        class_ = command_class(empty_values)
        flat = _with_flat_parameters(function, _Traits(is_bulk, is_guarded, is_lenient))
        app.command(name, cls=class_, hidden=hidden, context_settings=settings)(flat)
        return function

    return register


class _Traits(NamedTuple):
    """The parameters of the decorator `command` with the same names."""

    is_bulk: bool
    is_guarded: bool
    is_lenient: bool


def _with_flat_parameters(function: Callable[..., Any], traits: _Traits) -> Callable[..., None]:
    """Return a wrapper of `function` in whose signature each option group is replaced by the options of the group.

    Typer requires one parameter for each option. The wrapper creates the option groups and passes them to `function`.
    """
    signature = inspect.signature(function)
    annotations = {parameter.name: parameter.annotation for parameter in signature.parameters.values()}
    groups = {name: annotation for name, annotation in annotations.items() if _is_option_group(annotation)}
    if signature.return_annotation is not None:
        groups[_OUTPUT_PARAMETER] = OutputOptions

    def call(ctx: typer.Context, **values: Any) -> None:  # noqa: ANN401 - the type depends on the option
        grouped = {name: _create_group(group, values) for name, group in groups.items()}
        context = _open_context(ctx, grouped.pop(_OUTPUT_PARAMETER, None), traits)
        _verify_output(context, values)
        if traits.is_guarded:
            enforce_guards(context, values, is_bulk=traits.is_bulk)
        arguments = {name: values[name] for name in annotations if name in values} | grouped
        render(context, function(context, **arguments))

    _describe(call, function, _flat_parameters(signature, groups, is_bulk=traits.is_bulk))
    return call


def _describe(call: Callable[..., None], function: Callable[..., Any], parameters: list[inspect.Parameter]) -> None:
    """Give a wrapper the name and the docstring of a function, and the parameters that Typer reads."""
    call.__name__ = function.__name__
    call.__doc__ = function.__doc__
    call.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # mypy does not know this attribute of functions
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}


def _open_context(ctx: typer.Context, output_options: OutputOptions | None, traits: _Traits) -> CliContext:
    context = CliContext(global_options(ctx), ctx.command_path.partition(" ")[2], ctx.obj)
    context.start_logging()
    if traits.is_lenient:
        context.ignore_invalid_settings()
    if output_options:
        context.output = output_options.choice(context.settings)
    return context


def _verify_output(context: CliContext, values: dict[str, Any]) -> None:
    """Raise UsageError if the records of a command cannot be printed as selected.

    A command that changes something must not fail afterwards for this reason.
    """
    columns = columns_of(context.command)
    # With --recover, a command can also list drafts.
    if columns and not values.get("recover"):
        context.output.verify(columns)


def _create_group(group: type[OptionGroup], values: dict[str, Any]) -> Any:  # noqa: ANN401 - the type depends on `group`
    """Return an option group with the values of its options."""
    return group(**{option.name: values[option.name] for option in group.parameters()})


def _flat_parameters(
    signature: inspect.Signature, groups: dict[str, type[OptionGroup]], *, is_bulk: bool
) -> list[inspect.Parameter]:
    keyword_only = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter("ctx", keyword_only, annotation=typer.Context)]
    for parameter in signature.parameters.values():
        if parameter.name in groups:
            parameters += groups[parameter.name].parameters()
        elif parameter.annotation is not CliContext:
            parameters.append(parameter.replace(kind=keyword_only))
    names = [parameter.name for parameter in parameters]
    if is_bulk or "yes" in names:
        parameters.insert(names.index("yes") + 1 if "yes" in names else len(names), CONFIRMATION)
    if _OUTPUT_PARAMETER in groups:
        parameters += groups[_OUTPUT_PARAMETER].parameters()
    return parameters


def _is_option_group(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, OptionGroup)
