"""Tests of the option groups of all commands."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from blogcli.cli.option_group import OptionGroup
from tests.command_tree import COMMANDS


def iter_groups(base: type[OptionGroup] = OptionGroup) -> Iterator[type[OptionGroup]]:
    for group in base.__subclasses__():
        yield group
        yield from iter_groups(group)


# Building the command tree imports the modules of all commands. The modules define all option groups.
assert COMMANDS
GROUPS = sorted(set(iter_groups()), key=lambda group: group.__qualname__)


@pytest.mark.parametrize("group", GROUPS)
def test_option_group_is_frozen_and_generates_no_unused_methods(group: type[OptionGroup]) -> None:
    parameters = group.__dict__["__dataclass_params__"]
    assert (parameters.frozen, parameters.eq, parameters.repr) == (True, False, False)
    assert all(field.kw_only for field in fields(group))  # type: ignore[arg-type]  # the line above requires a dataclass
