"""Convert records of services to values that all output formats can print."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ..text.timestamps import rfc_3339

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_json_record(record: "DataclassInstance") -> Mapping[str, Any]:
    """Return a map from the names of a record's fields to their values, converted to JSON types."""
    return {field.name: _to_json_value(getattr(record, field.name)) for field in fields(record)}


def _to_json_value(value: Any) -> Any:  # noqa: ANN401 - a record can have fields of any type
    if isinstance(value, datetime):
        return rfc_3339(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        # SQLite does not enforce the types of columns, so another program may have stored bytes in a text column.
        return value.decode(errors="replace")
    return str(value) if isinstance(value, UUID) else value
