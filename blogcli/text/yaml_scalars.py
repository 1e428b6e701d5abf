"""Values -> YAML that every reader understands alike; pure."""

from typing import Any

import yaml

# PyYAML writes these as they are, and reads them as blanks.
_LINE_BREAKS_OF_YAML_1_1 = frozenset("\x85\u2028\u2029")


def yaml_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A value as YAML, its keys in the order they have; text of several lines is a block where that keeps it exact."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


class _Dumper(yaml.SafeDumper):
    pass


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = '"' if not _LINE_BREAKS_OF_YAML_1_1.isdisjoint(text) else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
