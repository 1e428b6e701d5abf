"""YAML: what YAML 1.1 would take for something else is quoted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import yaml


def yaml_list(records: Iterable[Mapping[str, Any]], _: Sequence[str]) -> Iterator[str]:
    """A YAML list of maps."""
    empty = True
    for record in records:
        empty = False
        yield dumped([dict(record)])
    if empty:
        yield "[]\n"


def dumped(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A value as a YAML document; text of several lines stands as a block where that keeps it exact."""
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return text


class _Dumper(yaml.SafeDumper):
    pass


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
