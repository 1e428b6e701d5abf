"""Write a plan, which contains the changes that a command would make, and read a plan."""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from ... import schemas
from ...cli.atomic_write import replace_file
from ...cli.context import CliContext
from ...errors import BlogError, InvalidError, NotConfirmedError, UsageError
from ...text.json_text import parse_json
from ...text.timestamps import rfc_3339
from ...text.truncate_repr import quoted

if TYPE_CHECKING:
    from ...schemas import PlannedChange, PlannedRow

_FORMAT = "blogcli plan"
_VERSION = 1
_STDOUT = Path("-")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELDS = {"id", "uuid", "slug", "version", "updated_at", "change", "purge"}


@contextmanager
def write_plan(context: CliContext, target: Path) -> "Iterator[Callable[[PlannedChange], None]]":
    """Yield a function that adds a change to the plan, and write the plan at the end of the block.

    If the block raises an exception, nothing is written. Raises UsageError if the file cannot be written, or if the
    target is stdout and an output option is given.
    """
    if target != _STDOUT:
        with replace_file(target, private=True) as file:
            yield _begin(context, file)
        context.console.say(f"Wrote the plan to {target}.")
        return
    if context.output.is_explicit:
        raise UsageError("--plan - and an output option cannot be combined", hint="Write the plan to a file.")
    # The plan is written to stdout after the transaction has ended, because the reader of a pipe may be slow.
    with tempfile.TemporaryFile() as file:
        yield _begin(context, file)
        file.seek(0)
        context.console.write(line.decode() for line in file)


def is_on_stdout(target: Path | None) -> bool:
    """Return whether a plan is written to stdout."""
    return target == _STDOUT


def _begin(context: CliContext, file: BinaryIO) -> "Callable[[PlannedChange], None]":
    """Write the first line of a plan, and return a function that writes the line of a change."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_to_text).encode

    def write(record: dict[str, Any]) -> None:
        file.write(f"{encode(record)}\n".encode())

    def write_change(planned: "PlannedChange") -> None:
        record = {name: getattr(planned, name) for name in ("id", "uuid", "slug", "version", "updated_at")}
        write(record | ({"purge": True} if planned.change is None else {"change": planned.change}))

    command = context.settings.command.command_line
    write({"format": _FORMAT, "version": _VERSION, "command": command, "created_at": datetime.now(UTC)})
    return write_change


def _to_text(value: object) -> str:
    """Return the text of a date or a UUID."""
    return rfc_3339(value) if isinstance(value, datetime) else str(value)


def is_plan(first_line: bytes) -> bool:
    """Return whether a file that begins with this line is a plan. The first line of a CSV file names columns."""
    return first_line.removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"{")


def read_plan(lines: Iterable[bytes], *, may_purge: bool) -> "Iterator[PlannedRow]":
    """Yield the changes in the lines of a plan.

    Raises InvalidError if a line is invalid, and NotConfirmedError if a post would be deleted permanently, unless
    `may_purge` is true. The message contains the number of the line.
    """
    for number, line in enumerate(lines, start=1):
        try:
            record = _parse_object(line)
            if number == 1:
                _check_header(record)
            else:
                yield _parse_row(number, record, may_purge=may_purge)
        except BlogError as error:
            error.message = f"line {number}: {error.message}"
            raise


def _parse_object(line: bytes) -> dict[str, Any]:
    """Return the JSON object in a line. Raises InvalidError if the line contains anything else."""
    if not line.endswith(b"\n"):
        raise InvalidError("the line is incomplete", hint="The file was truncated. Make a new plan.")
    try:
        record = parse_json(line.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise InvalidError(f"byte {error.start} is not UTF-8") from None
    except ValueError:
        raise InvalidError("not valid JSON") from None
    if not isinstance(record, dict):
        raise InvalidError("not a JSON object")
    return record


def _refuse_constant(name: str) -> NoReturn:
    """Raise ValueError, because JSON has no NaN and no infinities."""
    raise ValueError(name)


def _check_header(record: dict[str, Any]) -> None:
    if record.get("format") != _FORMAT:
        raise InvalidError("not a plan of blogcli", hint="Make a plan with the option --plan.")
    if record.get("version") != _VERSION:
        raise InvalidError(f"the version of the plan must be {_VERSION}, not {quoted(record.get('version'))}")


def _parse_row(number: int, record: dict[str, Any], *, may_purge: bool) -> "PlannedRow":
    unknown = sorted(record.keys() - _FIELDS)
    if unknown:
        raise InvalidError(f"unknown field {quoted(unknown[0])}")
    is_purge = record.pop("purge", None) is True
    if isinstance(record.get("change"), dict) is is_purge or ("change" in record) is is_purge:
        raise InvalidError('the line must contain either a map "change" or "purge": true')
    row = schemas.PlannedRow.checked(line=number, **record)
    if is_purge and not may_purge:
        raise NotConfirmedError(f"post {row.id} would be deleted permanently", hint="Add --yes.")
    return row
