"""Format records for programs. The output contains the exact values and is generated one record at a time."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]

# The JSON encoder for all records. `json.dumps` is not used, because it would create a new encoder for each record.
_encode = json.JSONEncoder(ensure_ascii=False).encode
_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# A spreadsheet evaluates a cell as a formula if the cell starts with one of these characters (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Convert a value to text.

    Null is converted to an empty string, a list to its items separated by commas, and a number, a boolean or a map to
    JSON.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return _encode(value)


def json_array(records: Iterable[Record], _: Sequence[str]) -> Iterator[str]:
    """Yield a JSON array with one record on each line."""
    prefix = "["
    for record in records:
        yield f"{prefix}{_encode(record)}"
        prefix = ",\n"
    yield "[]\n" if prefix == "[" else "]\n"


def json_page(records: Iterable[Record], *, following: str | None, total: int | None) -> Iterator[str]:
    """Yield one JSON object with the records, the total, and the cursor of the following page or null."""
    yield '{"items": '
    for part in json_array(records, ()):
        yield part.rstrip("\n") if part.endswith("]\n") else part
    yield f', "next": {json.dumps(following)}, "total": {json.dumps(total)}}}\n'


def json_object(record: Record) -> str:
    """Return one indented JSON object."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def json_lines(records: Iterable[Record], _: Sequence[str]) -> Iterator[str]:
    """Yield one JSON object on each line."""
    return (f"{_encode(record)}\n" for record in records)


def tab_separated(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    r"""Yield one record on each line, without a header.

    Tabs, line feeds, carriage returns and backslashes in values are written as `\t`, `\n`, `\r` and `\\`.
    """
    for record in records:
        yield "\t".join(plain(record[field]).translate(_TSV_ESCAPES) for field in fields) + "\n"


def comma_separated(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    """Yield CSV in the format of RFC 4180, with a header."""
    return _csv(records, fields, plain)


def spreadsheet_csv(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    """Yield CSV in which an apostrophe precedes each string that a spreadsheet could evaluate as a formula."""
    return _csv(records, fields, _escape_formula)


def ids(records: Iterable[Record], _: Sequence[str]) -> Iterator[str]:
    """Yield one id on each line."""
    return (f"{record['id']}\n" for record in records)


def raw_values(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    """Yield the unescaped value of the first field of each record, followed by a line feed."""
    return (f"{plain(record[fields[0]])}\n" for record in records)


def _csv(records: Iterable[Record], fields: Sequence[str], cell: Callable[[Any], str]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(fields)
    yield _take_text(buffer)
    for record in records:
        writer.writerow([cell(record[field]) for field in fields])
        yield _take_text(buffer)


def _take_text(buffer: io.StringIO) -> str:
    """Return the text in the buffer, and empty the buffer."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _escape_formula(value: Any) -> str:  # noqa: ANN401 - the argument can be any JSON value
    text = plain(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text
