"""How command lines are parsed: global options in any place, no empty values, aliases of verbs, help as plain text."""

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

# Where a context keeps the global options that were given, shared with the contexts of its subcommands.
_GIVEN = "blogcli.global_options"
# Names that people know from other programs.
ALIASES = {"get": "show", "ls": "list", "new": "create", "rm": "delete", "view": "show"}


def global_options(ctx: "Context") -> dict[str, Any]:
    """Return the global options that were given so far on the command line, by name."""
    given: dict[str, Any] = ctx.meta.setdefault(_GIVEN, {})
    return given


class _Parsing(_Base):
    """Behavior that commands and groups share; a base class that precedes Typer's class."""

    # The parameters for which an empty value means something, and what.
    empty_values: ClassVar[dict[str, str]] = {}

    def get_params(self, ctx: "Context") -> "list[Parameter]":
        """Return the parameters: the command's own, the global options, and --help."""
        own = super().get_params(ctx)
        root = ctx.find_root()
        return own if root is ctx else [*own[:-1], *root.command.params, own[-1]]

    def get_help_option(self, ctx: "Context") -> "TyperOption | None":
        """Return the option --help, which writes through the pager if the text is longer than the screen."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.callback = _show_help
        return option

    def make_parser(self, ctx: "Context") -> "Parser":
        """Return the parser of the command line, which raises UsageError for a value that is empty or blank."""
        parser = super().make_parser(ctx)
        parse = parser.parse_args

        # The parameters themselves see converted values, in which an empty path is the working directory.
        def parse_values(args: list[str]) -> "tuple[dict[str, Any], list[str], list[Parameter]]":
            values, rest, order = parse(args)
            self._reject_empty_values(ctx, values)
            return values, rest, order

        if not ctx.resilient_parsing:
            parser.parse_args = parse_values  # type: ignore[method-assign]
        return parser

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Parse the arguments, and keep the values of global options for the commands of this one."""
        try:
            rest = super().parse_args(ctx, args)
        except TyperException as error:
            simplify_message(error)
            raise
        given = global_options(ctx)
        for param in ctx.find_root().command.params:
            value = ctx.params.pop(param.name, None)
            source = ctx.get_parameter_source(param.name)
            if source is not None and source.name == "COMMANDLINE":
                given[param.name] = value
        return rest

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the help of the command or group."""
        write_help(self, ctx, formatter)

    def _reject_empty_values(self, ctx: "Context", values: dict[str, Any]) -> None:
        for name, given in values.items():
            for value in given if isinstance(given, list | tuple) else [given]:
                if isinstance(value, str) and not value.strip() and (value or name not in self.empty_values):
                    self._reject(next(param for param in self.get_params(ctx) if param.name == name), value)

    def _reject(self, param: "Parameter", value: str) -> None:
        is_option = param.param_type_name == "option"
        name = max(param.opts, key=len) if is_option else param.metavar or param.name.upper()
        hint = "Give a value, or leave it out. A shell variable in it may be unset."
        if param.name in self.empty_values:
            hint = f"{name} '' {self.empty_values[param.name]}."
        raise UsageError(f"The value of {name} is {'blank' if value else 'empty'}", hint=hint)


class Command(_Parsing, TyperCommand):
    """A command of a noun."""


class WordsCommand(TyperCommand):
    """A command that receives any words, such as those of another command line, as they are."""

    def format_help(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the help of the command."""
        write_help(self, ctx, formatter)


class Group(_Parsing, TyperGroup):
    """A noun, or a group of its verbs."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> tuple[Any, Any, list[str]]:
        """Return the name of the verb that `args` begin with, its command, and the other arguments."""
        verb = ALIASES.get(args[0], "")
        if verb in self.commands and args[0] not in self.commands:
            args = [verb, *args[1:]]
        return super().resolve_command(ctx, args)


def command_class(empty_values: dict[str, str] | None) -> type[Command]:
    """Return the class of a command for which these parameters may be empty."""
    return type("Command", (Command,), {"empty_values": empty_values}) if empty_values else Command


def _show_help(ctx: "Context", _: object, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        show_help(Console(), ctx.get_help())
        ctx.exit()
