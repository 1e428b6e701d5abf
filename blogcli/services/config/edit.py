"""Change single keys in the config file, and keep its comments and the order of its lines."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Table

from ...config_file import parse_toml, read_data
from ...errors import ConfigurationError, UsageError
from ...schemas.config import ConfigChange
from .check import find_problems
from .keys import find_section, to_toml

_BYTE_ORDER_MARK = "\ufeff"


def change_setting(path: Path, name: str, value: str | None, *, profile: str | None) -> ConfigChange:
    """Return the new text of a config file in which a key has another value, or none if `value` is None.

    The file need not exist. Mistakes that it contains already are not refused, so that they can be corrected one by
    one. Raises UsageError if the key or the value is invalid, and ConfigurationError if the file is not valid TOML or
    cannot be changed, or if the profile of a key to remove does not exist.

    The text has the line ends of the file, and a byte order mark if the file has one.
    """
    section, key = find_section(name, profile=profile)
    data = read_data(path, must_exist=False) or b""
    document = parse_toml(path, data)
    original = data.decode()
    text = _normalize(original)
    if value is None:
        edited = unset_value(text, section, key)
    else:
        edited = set_value(text, section, key, to_toml(key, value))
        _refuse_new_problems(path, document, tomllib.loads(edited))
    changed = None if edited == text else _restore_style(edited, original)
    return ConfigChange(section=".".join(section), key=key, text=changed)


def _normalize(original: str) -> str:
    """Return the text of a file without a byte order mark, and with line feeds instead of CRLF line ends."""
    text = original.removeprefix(_BYTE_ORDER_MARK)
    return text.replace("\r\n", "\n") if _has_crlf_line_ends(text) else text


def _restore_style(text: str, original: str) -> str:
    """Return a normalized text with the line ends of the original text, and with its byte order mark if it has one."""
    if _has_crlf_line_ends(original):
        # tomlkit ends new lines with a line feed.
        text = text.replace("\n", "\r\n")
    return f"{_BYTE_ORDER_MARK}{text}" if original.startswith(_BYTE_ORDER_MARK) else text


def _has_crlf_line_ends(text: str) -> bool:
    """Return whether all lines end with CRLF. New lines of a file with mixed line ends get a line feed."""
    return 0 < text.count("\n") == text.count("\r\n")


def _refuse_new_problems(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
    """Raise UsageError if the new content of a config file has a mistake that the old content does not have."""
    known = list(find_problems(path, old))
    for problem in find_problems(path, new):
        if problem not in known:
            raise UsageError(problem.problem, hint=problem.repair or None)


def set_value(text: str, section: Sequence[str], key: str, value: object) -> str:
    """Return the text with a value for a key of a section, such as `("profiles", "live")`.

    The section is added if it is missing. Raises ConfigurationError if the text cannot be changed.
    """
    expected = tomllib.loads(text)
    table = _find_section(expected, section)
    if key in table and table[key] == value and type(table[key]) is type(value):
        return text
    table[key] = value
    return _edit(text, section, key, value, expected)


def unset_value(text: str, section: Sequence[str], key: str) -> str:
    """Return the text without a key of a section. The section remains, even if it has no other key.

    Raises ConfigurationError if the text cannot be changed, or if the profile does not exist.
    """
    expected = tomllib.loads(text)
    if len(section) > 1 and section[-1] not in _find_section(expected, section[:-1]):
        raise ConfigurationError(f"No profile {section[-1]!r}", hint="Run `blogcli config profiles`.")
    table = _find_section(expected, section)
    if key not in table:
        return text
    del table[key]
    return _edit(text, section, key, None, expected)


def _find_section(document: dict[str, Any], section: Sequence[str]) -> dict[str, Any]:
    """Return the content of a section, which is added if it is missing. Raises ConfigurationError if it is no table."""
    table = document
    for name in section:
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise ConfigurationError(f"[{name}] must be a table", hint="Run `blogcli config check`.")
    return table


def _edit(text: str, section: Sequence[str], key: str, value: object, expected: dict[str, Any]) -> str:
    """Return the text with a new value, or without the key if the value is None.

    Raises ConfigurationError if the result does not have the expected content, because TOML can write a table in ways
    that are rare and that tomlkit cannot change.
    """
    try:
        document = tomlkit.parse(text)
        table = _find_table(document, section)
        if value is None:
            table.remove(key)
        elif key in table:
            table[key] = value
        else:
            _add_after_last_key(table, key, value)
        edited = tomlkit.dumps(document)
        if tomllib.loads(edited) == expected:
            return edited
    except (TOMLKitError, AttributeError, LookupError, TypeError, ValueError, RecursionError):
        pass
    raise ConfigurationError(
        f"The table [{'.'.join(section)}] is written in a way that cannot be changed", hint="Edit the file by hand."
    )


def _find_table(document: tomlkit.TOMLDocument, section: Sequence[str]) -> Any:  # noqa: ANN401 - tomlkit returns different types for tables
    """Return the table of a section, which is added if it is missing."""
    table: Any = document
    for depth, name in enumerate(section, start=1):
        if name not in table:
            table[name] = tomlkit.table(is_super_table=depth < len(section))
        table = table[name]
    return table


def _add_after_last_key(table: Any, key: str, value: object) -> None:  # noqa: ANN401 - tomlkit returns different types for tables
    """Add a key after the last key of a table.

    tomlkit would add it after the blank lines and comments before the next table, which belong to the next table.
    """
    trailing = []
    if isinstance(table, Table):
        body = table.value.body
        while body and body[-1][0] is None:
            trailing.append(body.pop())
    table[key] = value
    if trailing:
        table.value.body.extend(reversed(trailing))
