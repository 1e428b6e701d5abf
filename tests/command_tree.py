"""Every command of the program with its parameters, found by walking the tree that the parser uses."""

from collections.abc import Iterator
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from blogcli import main, nouns


def paths_below(group: TyperGroup, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The path of a group, and of all that is in it."""
    yield path
    for name, found in group.commands.items():
        if isinstance(found, TyperGroup):
            yield from paths_below(found, (*path, name))
        else:
            yield (*path, name)


def commands_of(group: TyperGroup, path: str) -> Iterator[tuple[str, Any]]:
    for name, found in group.commands.items():
        if isinstance(found, TyperGroup):
            yield from commands_of(found, f"{path} {name}")
        else:
            yield f"{path} {name}", found


PATHS = [(), *(path for noun in nouns.NOUNS for path in paths_below(nouns.noun_group(noun), (noun,)))]
# By words such as "post tag add".
COMMANDS = {path: found for noun in nouns.NOUNS for path, found in commands_of(nouns.noun_group(noun), noun)}
GLOBAL_OPTIONS = get_command(main.app).params


def options_of(command: Any) -> list[Any]:
    """The options of a command that take a value, the global ones included."""
    return [
        param for param in (*command.params, *GLOBAL_OPTIONS) if param.param_type_name == "option" and not param.is_flag
    ]


def arguments_of(command: Any) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def long_name(option: Any) -> str:
    return str(max(option.opts, key=len))
