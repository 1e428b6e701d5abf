"""Parse command lines with subclasses of the command classes of Typer.

The subclasses accept global options in any position and aliases of verbs, refuse empty values, and write help as plain
text.
"""

from typing import TYPE_CHECKING, Any, ClassVar

from typer import TyperException
from typer.core import TyperCommand, TyperGroup

from ..errors import UsageError
from ..output.console import Console
from .help import show_help, write_help
from .parse_errors import simplify_message

if TYPE_CHECKING:
    from typer._click.core import Command as _Base
    from typer._click.core import Context, Parameter
    from typer._click.formatting import HelpFormatter
    from typer._click.parser import _OptionParser as Parser
    from typer.core import TyperOption
else:
    _Base = object

# The key of the global options in `Context.meta`. A context shares `meta` with the contexts of its subcommands.
_GLOBAL_OPTIONS_KEY = "blogcli.global_options"
# Maps aliases to verbs of blogcli. Users know the aliases from other programs.
ALIASES = {"get": "show", "ls": "list", "new": "create", "rm": "delete", "view": "show"}


def global_options(ctx: "Context") -> dict[str, Any]:
    """Return a map from the names to the values of the global options that the parser has found so far."""
    given: dict[str, Any] = ctx.meta.setdefault(_GLOBAL_OPTIONS_KEY, {})
    return given


class _Parsing(_Base):
    """The parsing that commands and groups share.

    A subclass lists this class before a class of Typer in its bases, so that the methods of this class take precedence.
    """

    # The keys are the names of the parameters that accept an empty value. The values are phrases for the effect of the
    # empty value.
    empty_values: ClassVar[dict[str, str]] = {}

    def get_params(self, ctx: "Context") -> "list[Parameter]":
        """Return the parameters of the command, followed by the global options and --help."""
        own = super().get_params(ctx)
        root = ctx.find_root()
        return own if root is ctx else [*own[:-1], *root.command.params, own[-1]]

    def get_help_option(self, ctx: "Context") -> "TyperOption | None":
        """Return the option --help, which uses the pager if the help is longer than the screen."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option

    def make_parser(self, ctx: "Context") -> "Parser":
        """Return the parser of the command line.

        The parser raises UsageError for a blank value, and for an empty value unless the parameter accepts it.
        """
        parser = super().make_parser(ctx)
        parse = parser.parse_args

        # Values are checked before they are converted, because an empty path would be converted to the working
        # directory.
        def parse_values(args: list[str]) -> "tuple[dict[str, Any], list[str], list[Parameter]]":
            values, remaining, order = parse(args)
            self._reject_empty_values(ctx, values)
            return values, remaining, order

        if not ctx.resilient_parsing:
            parser.parse_args = parse_values  # type: ignore[method-assign]  # Typer offers no other way to see the values
        return parser

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Parse the arguments, store the values of global options, and return the arguments that were not parsed."""
        try:
            remaining = super().parse_args(ctx, args)
        except TyperException as error:
            simplify_message(error)
            raise
        options = global_options(ctx)
        for param in ctx.find_root().command.params:
            value = ctx.params.pop(param.name, None)
            source = ctx.get_parameter_source(param.name)
            if source is not None and source.name == "COMMANDLINE":
                options[param.name] = value
        return remaining

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the help of the command or group."""
        write_help(self, ctx, formatter)

    def _reject_empty_values(self, ctx: "Context", values: dict[str, Any]) -> None:
        for name, parsed in values.items():
            for value in parsed if isinstance(parsed, list | tuple) else [parsed]:
                if isinstance(value, str) and not value.strip() and (value or name not in self.empty_values):
                    self._reject_value(next(param for param in self.get_params(ctx) if param.name == name), value)

    def _reject_value(self, param: "Parameter", value: str) -> None:
        is_option = param.param_type_name == "option"
        name = max(param.opts, key=len) if is_option else param.metavar or param.name.upper()
        hint = "Add a value, or leave it out. Perhaps a shell variable is not set."
        if param.name in self.empty_values:
            hint = f"{name} '' {self.empty_values[param.name]}."
        raise UsageError(f"The value of {name} is {'blank' if value else 'empty'}", hint=hint)


class Command(_Parsing, TyperCommand):
    """A command with global options and plain help, such as `post list`."""


class WordsCommand(TyperCommand):
    """A command that accepts any arguments, such as the words of another command line, without parsing them."""

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the help of the command."""
        write_help(self, ctx, formatter)


class Group(_Parsing, TyperGroup):
    """A group of commands, such as a noun with its verbs."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> tuple[Any, Any, list[str]]:
        """Return the verb, its command, and the arguments that follow the verb.

        The first item of `args` is the verb or an alias of the verb.
        """
        verb = ALIASES.get(args[0], "")
        if verb in self.commands and args[0] not in self.commands:
            args = [verb, *args[1:]]
        return super().resolve_command(ctx, args)


def command_class(empty_values: dict[str, str] | None) -> type[Command]:
    """Return the class of a command. The parameters that `empty_values` names accept an empty value."""
    return type("Command", (Command,), {"empty_values": empty_values}) if empty_values else Command


def _show_help(ctx: "Context", _: object, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        show_help(Console(), ctx.get_help())
        ctx.exit()
