"""Convert the values in the journal and in the recorded tables to values that JSON can represent.

A change contains the text of an instant in the format of its database, and a flag as the number 0 or 1 on SQLite. Both
databases give the same results after the conversion.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Boolean, Uuid

from ...models import Base
from ...models.base import Instant
from ...text.json_text import parse_json
from ...text.timestamps import rfc_3339

# The value that replaces the hash of a password, which is never printed.
MASK = "***"
_SECRET_COLUMN = "hashed_password"  # noqa: S105 - this is the name of a column
# The driver of PostgreSQL returns these instants for infinities, which the journal contains as texts.
_INFINITIES = {"infinity": datetime.max.replace(tzinfo=UTC), "-infinity": datetime.min.replace(tzinfo=UTC)}


def convert_values(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of some columns of a table as values that JSON can represent. Hashes of passwords are masked.

    A value that cannot be converted, and the value of a column that the models do not declare, is returned as text.
    """
    return {column: _convert(table, column, value) for column, value in values.items()}


def _convert(table: str, column: str, value: Any) -> Any:  # noqa: ANN401 - columns have different types
    if value is None:
        return None
    if column == _SECRET_COLUMN:
        return MASK
    declared = Base.metadata.tables[table].columns.get(column)
    try:
        return _convert_to_json(None if declared is None else declared.type, value)
    except (ValueError, TypeError, OverflowError):
        return str(value)


def _convert_to_json(type_: object, value: Any) -> Any:  # noqa: ANN401 - columns have different types
    match type_:
        case Instant():
            return rfc_3339(_read_instant(value))
        case Boolean():
            return bool(value)
        case Uuid():
            # The driver of PostgreSQL returns a UUID class of its own.
            return str(UUID(str(value)))
        case JSON():
            # The driver of PostgreSQL parses JSON in rows, but the journal contains the text.
            return parse_json(value) if isinstance(value, str) else value
        case _:
            return value if isinstance(value, (str, int, float)) else str(value)


def _read_instant(value: str | datetime) -> datetime:
    if isinstance(value, str):
        value = _INFINITIES.get(value) or datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
