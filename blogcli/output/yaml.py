"""Format records as YAML. Strings that a parser of YAML 1.1 would convert to another type are quoted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..text.yaml_dumper import dump_yaml


def yaml_list(records: Iterable[Mapping[str, Any]], _: Sequence[str]) -> Iterator[str]:
    """Yield a YAML list of maps."""
    is_empty = True
    for record in records:
        is_empty = False
        yield dump_yaml([dict(record)])
    if is_empty:
        yield "[]\n"


def yaml_map(record: Mapping[str, Any]) -> str:
    """Return one YAML map."""
    return dump_yaml(dict(record))
