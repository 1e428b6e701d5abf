"""YAML: what YAML 1.1 would take for something else is quoted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..text.yaml_scalars import dump_yaml


def yaml_list(records: Iterable[Mapping[str, Any]], _: Sequence[str]) -> Iterator[str]:
    """A YAML list of maps."""
    empty = True
    for record in records:
        empty = False
        yield dump_yaml([dict(record)])
    if empty:
        yield "[]\n"


def yaml_map(record: Mapping[str, Any]) -> str:
    """One YAML map."""
    return dump_yaml(dict(record))
