"""Write the help of commands as plain text: usage, description, examples, and the options of the command.

The command's own options come before the options that it shares with other commands.
"""

import inspect
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .. import output
from ..output.console import Console

if TYPE_CHECKING:
    from typer._click.core import Context

_ARGUMENTS = "Arguments"
_OPTIONS = "Options"
_GLOBAL_OPTIONS = "Global options"
# The titles of the sections for shared options, in the order in which the sections are printed.
_SHARED_OPTIONS = ("Selection", "Changing", "Output")
_EXAMPLES = ("Example:", "Examples:")
# The maximum width of the column for names. The help of an option with a longer name begins on the next line.
_MAX_NAME_WIDTH = 24


def write_help(command: Any, ctx: "Context", formatter: Any) -> None:  # noqa: ANN401 - Typer does not export the types
    """Write the help of a command or of a group of commands to a formatter of Typer."""
    formatter.write_usage(ctx.command_path, " ".join(_usage(command, ctx)))
    text, examples = _split_examples(inspect.cleandoc(command.help or ""))
    formatter.write_paragraph()
    formatter.write_text(text)
    if examples:
        with formatter.section("Example" if len(examples) == 1 else "Examples"):
            for example in examples:
                formatter.write(f"  {example}\n")
    sections = dict(_sections(command, ctx))
    if commands := getattr(command, "commands", None):
        visible = {name: command for name, command in commands.items() if not command.hidden}
        sections = {"Commands": [(name, _first_sentence(command)) for name, command in visible.items()]} | sections
    width = min(max(len(name) for rows in sections.values() for name, _ in rows), _MAX_NAME_WIDTH)
    for title, rows in sections.items():
        with formatter.section(title):
            formatter.write_dl([(name.ljust(width), help_) for name, help_ in rows])
    if ctx.find_root() is ctx:
        formatter.write("\nRun `blogcli help COMMAND` for the options of a command.\n")


def show_help(console: Console, text: str) -> None:
    """Print a help text, through the pager if the command runs on a terminal and the text is longer than the screen."""
    if console.stdout_is_terminal and console.is_interactive:
        # The settings are not read, because help must work with an invalid config file.
        pager = os.environ.get("BLOGCLI_PAGER") or os.environ.get("PAGER") or "less"
        output.pager.print_lines(console, text.splitlines(), pager=pager)
    else:
        console.write([f"{text}\n"])


def _split_examples(text: str) -> tuple[str, list[str]]:
    """Split a help text into the description and the command lines that follow `Example:` or `Examples:`."""
    paragraphs = text.split("\n\n")
    examples: list[str] = []
    for paragraph in [paragraph for paragraph in paragraphs if paragraph.startswith(_EXAMPLES)]:
        paragraphs.remove(paragraph)
        _, _, lines = paragraph.partition(":")
        examples += [line.strip() for line in lines.strip().splitlines()]
    return "\n\n".join(paragraphs), examples


def _first_sentence(command: Any) -> str:  # noqa: ANN401 - Typer does not export the type
    text = " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())
    return text.partition(". ")[0].removesuffix(".")


def _usage(command: Any, ctx: "Context") -> Iterator[str]:  # noqa: ANN401 - Typer does not export the type
    yield "[OPTIONS]"
    for param in command.get_params(ctx):
        if param.param_type_name == "argument":
            name = param.metavar or param.name.upper()
            yield (name if param.required else f"[{name}]") + ("..." if param.nargs == -1 else "")
    if hasattr(command, "commands"):
        yield "COMMAND ..."


def _sections(command: Any, ctx: "Context") -> Iterator[tuple[str, list[tuple[str, str]]]]:  # noqa: ANN401 - Typer does not export the type
    """Yield the title and the rows of each section. A row consists of the name and the help of a parameter."""
    is_root = ctx.find_root() is ctx
    global_names = {param.name for param in ctx.find_root().command.params} | {"help"}
    sections: dict[str, list[tuple[str, str]]] = {
        title: [] for title in (_ARGUMENTS, _OPTIONS, *_SHARED_OPTIONS, _GLOBAL_OPTIONS)
    }
    for param in command.get_params(ctx):
        if param.param_type_name == "argument":
            title = _ARGUMENTS
        elif param.name in global_names and not is_root:
            title = _GLOBAL_OPTIONS
        else:
            title = getattr(param, "rich_help_panel", None) or _OPTIONS
        sections[title].append((_param_names(param), _param_help(param)))
    return ((title, rows) for title, rows in sections.items() if rows)


def _param_names(param: Any) -> str:  # noqa: ANN401 - Typer does not export the type
    if param.param_type_name == "argument":
        return str(param.metavar or param.name.upper())
    names = ", ".join(sorted(param.opts, key=len))
    if param.secondary_opts:
        names = f"{names} / {', '.join(param.secondary_opts)}"
    return names if param.is_flag else f"{names} {param.metavar or 'VALUE'}"


def _param_help(param: Any) -> str:  # noqa: ANN401 - Typer does not export the type
    text = param.help or ""
    if not param.show_default or param.default in (None, False, (), []):
        return str(text)
    return f"{text} (default: {param.default})"
