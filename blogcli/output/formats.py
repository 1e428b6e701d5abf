"""Machine formats: exact, complete, one record after the other."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]

_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# A spreadsheet takes a cell that starts like this for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def plain(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A value as text: booleans and null as in JSON but null empty, lists joined by commas, maps as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def json_array(records: Iterable[Record], _: Sequence[str]) -> Iterator[str]:
    """A JSON array, one record a line."""
    before = "["
    for record in records:
        yield f"{before}{_json(record)}"
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"


def json_page(records: Iterable[Record], *, following: str | None, total: int | None) -> Iterator[str]:
    """One JSON object: the records, the cursor behind them if more follow, and how many there are in all."""
    yield '{"items": '
    for part in json_array(records, ()):
        yield part.rstrip("\n") if part.endswith("]\n") else part
    yield f', "next": {json.dumps(following)}, "total": {json.dumps(total)}}}\n'


def json_object(record: Record) -> str:
    """One JSON object, indented."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


def json_lines(records: Iterable[Record], _: Sequence[str]) -> Iterator[str]:
    """One JSON object a line."""
    return (f"{_json(record)}\n" for record in records)


def tab_separated(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    r"""One record a line, no header; tab, line ends and backslash in a value are written `\t \n \r \\`."""
    for record in records:
        yield "\t".join(plain(record[field]).translate(_TSV_ESCAPES) for field in fields) + "\n"


def comma_separated(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    """CSV by RFC 4180, with a header."""
    return _csv(records, fields, plain)


def guarded_csv(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    """CSV in which no cell can be taken for a formula: a quote stands before one that could."""
    return _csv(records, fields, _guarded)


def ids(records: Iterable[Record], _: Sequence[str]) -> Iterator[str]:
    """One id a line."""
    return (f"{record['id']}\n" for record in records)


def raw_values(records: Iterable[Record], fields: Sequence[str]) -> Iterator[str]:
    """The value of one field, as it is, one a line."""
    return (f"{plain(record[fields[0]])}\n" for record in records)


def _json(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False)


def _csv(records: Iterable[Record], fields: Sequence[str], cell: Callable[[Any], str]) -> Iterator[str]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(fields)
    yield _taken(buffer)
    for record in records:
        writer.writerow([cell(record[field]) for field in fields])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _guarded(value: Any) -> str:  # noqa: ANN401 - any JSON value
    text = plain(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text
