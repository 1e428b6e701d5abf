"""The commands of the program and their parameters, read from the command tree of the parser."""

from collections.abc import Iterator
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from blogcli import main, nouns


def paths_below(group: TyperGroup, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the path of a group, and the paths of all groups and commands in the group."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from paths_below(command, (*path, name))
        else:
            yield (*path, name)


def commands_of(group: TyperGroup, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the path and the command object of each command in a group and its subgroups."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands_of(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


GROUPS = [name for name, noun in nouns.NOUNS.items() if not noun.is_command]
SINGLE_COMMANDS = [name for name, noun in nouns.NOUNS.items() if noun.is_command]
PATHS = [
    (),
    *(path for name in GROUPS for path in paths_below(nouns.noun_group(name), (name,))),
    *((name,) for name in SINGLE_COMMANDS),
]
# Maps the path of each command, such as "post tag add", to the command.
COMMANDS = {path: command for name in GROUPS for path, command in commands_of(nouns.noun_group(name), name)} | {
    name: nouns.noun_command(name) for name in SINGLE_COMMANDS
}
GLOBAL_OPTIONS = get_command(main.app).params


def options_of(command: Any) -> list[Any]:
    """Return the options of a command and the global options, except flags."""
    return [
        param for param in (*command.params, *GLOBAL_OPTIONS) if param.param_type_name == "option" and not param.is_flag
    ]


def arguments_of(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def long_name(option: Any) -> str:
    return str(max(option.opts, key=len))
