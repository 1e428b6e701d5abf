"""Serialize values to YAML that versions 1.1 and 1.2 read in the same way."""

from typing import Any

import yaml

# PyYAML writes these characters unescaped, and reads them as line breaks, which become spaces.
_LINE_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")


def dump_yaml(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as YAML with its keys in order, and with text of several lines as blocks where possible."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


class _Dumper(yaml.SafeDumper):
    pass


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    if not _LINE_BREAKS_OF_YAML_1_1.isdisjoint(text):
        style = '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
