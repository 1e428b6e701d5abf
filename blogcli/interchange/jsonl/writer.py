"""Write JSON Lines files in the format of blogcli."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from ...dates import rfc_3339
from ..items import WriteOptions
from ..records import Record
from .lines import FIELD_NAMES, TYPE_NAMES, VERSION


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[str]:  # noqa: ARG001 - the protocol FileWriter requires the parameter
    """Yield a line with the version of the format, and then one line for each record."""
    yield f"{json.dumps({'type': 'blogcli', 'version': VERSION})}\n"
    encode = json.JSONEncoder(ensure_ascii=False, default=_format_value).encode
    for record in records:
        record_type = type(record)
        values = {name: getattr(record, name) for name in FIELD_NAMES[record_type]}
        line = {"type": TYPE_NAMES[record_type]} | {name: value for name, value in values.items() if value is not None}
        yield f"{encode(line)}\n"


def _format_value(value: object) -> str:
    if isinstance(value, datetime):
        return rfc_3339(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"Not a value of a record: {value!r}")
