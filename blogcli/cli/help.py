"""Describe commands for readers: usage, description, examples, and the options of the command.

The help text and the man page of a command are made from the same description. The command's own options come before
the options that it shares with other commands.
"""

import inspect
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from .. import cli, output
from ..output.console import Console

if TYPE_CHECKING:
    from typer._click.core import Context

COMMANDS = "Commands"
_ARGUMENTS = "Arguments"
_OPTIONS = "Options"
_GLOBAL_OPTIONS = "Global options"
# The titles of the sections for shared options, in the order in which the sections are printed.
_SHARED_OPTIONS = ("Selection", "Changing", "Output")
_EXAMPLES = ("Example:", "Examples:")
# The maximum width of the column for names. The help of an option with a longer name begins on the next line.
_MAX_NAME_WIDTH = 24


class Description(NamedTuple):
    """What the help of a command or of a group of commands contains.

    `usage` contains the words after the name of the command, and `paragraphs` the text without the examples. `sections`
    maps each title to its rows. A row consists of a name and its explanation.
    """

    usage: list[str]
    paragraphs: list[str]
    examples: list[str]
    sections: dict[str, list[tuple[str, str]]]


def describe(command: Any, ctx: "Context") -> Description:  # noqa: ANN401 - Typer does not export the type
    """Return the description of a command or of a group of commands."""
    paragraphs, examples = _split_examples(inspect.cleandoc(command.help or ""))
    sections = dict(_sections(command, ctx))
    if commands := getattr(command, "commands", None):
        visible = {name: command for name, command in commands.items() if not command.hidden}
        sections = {COMMANDS: [(name, first_sentence(command)) for name, command in visible.items()]} | sections
    return Description(list(_usage(command, ctx)), paragraphs, examples, sections)


def write_help(command: Any, ctx: "Context", formatter: Any) -> None:  # noqa: ANN401 - Typer does not export the types
    """Write the help of a command or of a group of commands to a formatter of Typer."""
    usage, paragraphs, examples, sections = describe(command, ctx)
    formatter.write_usage(ctx.command_path, " ".join(usage))
    formatter.write_paragraph()
    formatter.write_text("\n\n".join(paragraphs))
    if examples:
        with formatter.section("Example" if len(examples) == 1 else "Examples"):
            for example in examples:
                formatter.write(f"  {example}\n")
    width = min(max(len(name) for rows in sections.values() for name, _ in rows), _MAX_NAME_WIDTH)
    for title, rows in sections.items():
        with formatter.section(title):
            formatter.write_dl([(name.ljust(width), help_) for name, help_ in rows])
    if ctx.find_root() is ctx:
        formatter.write("\nRun `blogcli help COMMAND` for the options of a command.\n")


def show_help(console: Console, text: str) -> None:
    """Print a help text, through the pager if the command runs on a terminal and the text is longer than the screen."""
    if _is_for_terminal(console):
        output.pager.print_lines(console, text.splitlines(), pager=_pager())
    else:
        console.write([f"{text}\n"])


def show_man_page(console: Console, words: Sequence[str]) -> bool:
    """Print the man page of a command, and return whether there is one. Without a terminal, no page is printed.

    `words` are the words of the command, such as `post` and `list`.
    """
    if not _is_for_terminal(console) or os.environ.get("TERM") == "dumb":
        return False
    text = cli.man_pages.format_man_page(words, _pager())
    if text is None:
        return False
    output.pager.print_lines(console, text.splitlines(), pager=_pager())
    return True


def _is_for_terminal(console: Console) -> bool:
    return console.stdout_is_terminal and console.is_interactive


def _pager() -> str:
    # The settings are not read, because help must work with an invalid config file.
    return os.environ.get("BLOGCLI_PAGER") or os.environ.get("PAGER") or "less"


def first_sentence(command: Any) -> str:  # noqa: ANN401 - Typer does not export the type
    """Return the first sentence of the help of a command, without the period."""
    text = " ".join(inspect.cleandoc(command.help or "").partition("\n\n")[0].split())
    return text.partition(". ")[0].removesuffix(".")


def _split_examples(text: str) -> tuple[list[str], list[str]]:
    """Split a help text into its paragraphs and the command lines that follow `Example:` or `Examples:`."""
    paragraphs = text.split("\n\n")
    examples: list[str] = []
    for paragraph in [paragraph for paragraph in paragraphs if paragraph.startswith(_EXAMPLES)]:
        paragraphs.remove(paragraph)
        _, _, lines = paragraph.partition(":")
        examples += [line.strip() for line in lines.strip().splitlines()]
    return paragraphs, examples


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
