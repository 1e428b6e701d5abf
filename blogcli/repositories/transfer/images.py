"""Convert the images of rows in the journal, so that they have the same format on both database systems.

The triggers on SQLite record the stored text of an instant and of a UUID. Those on PostgreSQL record the format that
PostgreSQL uses in JSON. PostgreSQL can also read the former, so that format is used in backups and copies.
"""

import json
import re
from datetime import datetime
from uuid import UUID

from ...text.json_text import parse_json
from ...text.timestamps import rfc_3339
from ..journal.images import read_recorded_instant
from ..journal.tables import TABLE_NUMBERS

_INSTANT = re.compile(r'"[a-z_]+_at"\s*:\s*"(?![0-9-]{10}T[0-9:.]{15}Z")')
_UUID = re.compile(r'"uuid"\s*:\s*"[0-9a-f]{8}-')
# Links have no values of their own, and tags have only texts.
_CONVERTED = {TABLE_NUMBERS[name] for name in ("users", "posts", "post_imports")}


def convert_image(table_no: object, image: str) -> str:
    """Return an image in which instants and UUIDs have the format of SQLite. Such an image is returned unchanged."""
    if table_no not in _CONVERTED or not (_INSTANT.search(image) or _UUID.search(image)):
        return image
    values = parse_json(image)
    for column, value in values.items():
        if column.endswith("_at") and isinstance(value, str):
            values[column] = _convert_instant(value)
        elif column == "uuid" and isinstance(value, str):
            values[column] = UUID(value).hex
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _convert_instant(value: str) -> str:
    try:
        instant: datetime = read_recorded_instant(value)
    except ValueError:
        return value
    return rfc_3339(instant, timespec="microseconds")
