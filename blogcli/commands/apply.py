"""`blogcli apply`."""

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer
from typer import Argument

from .. import schemas, services
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.input_lines import MAX_LINE, open_input, read_lines
from ..cli.options import DryRun, MaxAffected, Yes
from ..cli.prompts import split_list
from ..cli.results import POST, ChangeReport
from ..dates import parse_instant
from ..errors import BlogError, InvalidError, UsageError
from ..runner import run
from ..settings import Settings
from ..signals import raising_on_termination
from ..text.truncate_repr import quoted
from .posts.plans import is_plan, read_plan

if TYPE_CHECKING:
    from ..schemas import BulkOptions, PostChange

app = typer.Typer(add_completion=False)

# A cell with this text removes the value of the field. Databases write an absent value in the same way.
_REMOVED = r"\N"
_REFERENCES = ("ref", "id")
_TEXTS = ("title", "slug", "excerpt", "content", "author", "status")
_TAGS = {"tags": "set", "add_tags": "add", "remove_tags": "remove"}
# The maximum length of a line in bytes. A plan has each post in one line, with its whole text.
_MAX_LINE = 256 * 1024 * 1024
_COLUMNS = (*_REFERENCES, *_TEXTS, "published_at", *_TAGS, "version", "updated_at")


@command(app, "apply", is_bulk=True)
def apply(
    context: CliContext,
    file: Annotated[Path, Argument(metavar="FILE", help="CSV file or plan (- for stdin).")] = Path("-"),
    max_affected: MaxAffected = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Change posts as the rows of a CSV file or of a plan say: all of them, or none if a row fails.

    The option --plan of `post update` and other commands writes a plan.

    Examples:
        blogcli apply changes.csv --dry-run
        blogcli apply plan.jsonl --max-affected 100
        blogcli post list --format csv --fields id,title | sed 's/Pyhton/Python/' | blogcli apply
    """
    limit = context.settings.max_affected if max_affected is None else max_affected
    options = schemas.BulkOptions(dry_run=dry_run, max_affected=limit, max_records=context.max_records)
    with _open_seekable(file) as stream:
        lines = read_lines(stream, str(file), max_size=_MAX_LINE)
        return _apply_lines(context, lines, options, may_purge=yes or dry_run)


def _apply_lines(
    context: CliContext, lines: Iterator[bytes], options: "BulkOptions", *, may_purge: bool
) -> ChangeReport:
    """Apply the lines of a CSV file or a plan, and return a report."""
    first_lines = list(islice(lines, 1))
    lines = chain(first_lines, lines)
    phrases: tuple[str, str] | None = None
    if any(map(is_plan, first_lines)):
        phrases = ("apply the plan to {}", "Applied the plan to {}")
        planned = read_plan(lines, may_purge=may_purge)
        changes = run(context.settings, services.posts.plans.apply_plan, planned, options=options)
    else:
        rows = _read_changes(lines, context.settings)
        changes = run(context.settings, services.posts.apply.apply_changes, rows, options=options)
    return ChangeReport(changes=changes, record_type=POST, verb="update", dry_run=options.dry_run, phrases=phrases)


@contextmanager
def _open_seekable(path: Path) -> Iterator[BinaryIO]:
    """Open a file, or a temporary copy of stdin, so that no row is locked while the command waits for input."""
    with open_input(path) as stream:
        if str(path) != "-":
            yield stream
            return
        with tempfile.TemporaryFile() as copy:
            with raising_on_termination():
                shutil.copyfileobj(stream, copy)
            copy.seek(0)
            yield copy


def _read_changes(lines: Iterable[bytes], settings: Settings) -> "Iterator[PostChange]":
    """Yield the change of each row.

    Raises UsageError if the header is invalid, and InvalidError if a row is invalid.
    """
    csv.field_size_limit(MAX_LINE)
    rows = csv.reader(_decode(lines), strict=True)
    header: list[str] | None = None
    line = 1
    while (row := _next_row(rows)) is not None:
        if header is None:
            header = _check_header(row)
        elif row:
            try:
                yield _parse_row(line, header, row, settings)
            except BlogError as error:
                error.message = f"line {line}: {error.message}"
                raise
        # A cell may contain line breaks, so the number of the line is not that of the row.
        line = rows.line_num + 1
    if header is None:
        raise UsageError("There is no header", hint="Begin the file with a line such as ref,title,tags.")


def _next_row(rows: Any) -> list[str] | None:  # noqa: ANN401 - the csv module does not export the type of readers
    try:
        row: list[str] | None = next(rows, None)
    except csv.Error as error:
        raise InvalidError(f"line {rows.line_num}: not valid CSV: {error}") from None
    return row


def _decode(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield the lines as text. Raises InvalidError if a line is not UTF-8 or contains a null character."""
    for number, line in enumerate(lines, start=1):
        if b"\0" in line:
            raise InvalidError(f"line {number}: byte {line.index(0)} is NUL")
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InvalidError(f"line {number}: byte {error.start} is not UTF-8") from None


def _check_header(names: Sequence[str]) -> list[str]:
    """Return the names of the columns. Raises UsageError unless one of them is the reference and all are known."""
    header = [name.strip() for name in names]
    unknown = [name for name in header if name not in _COLUMNS]
    if unknown or len(set(header)) < len(header) or len({*_REFERENCES} & {*header}) != 1:
        required = "it needs one column ref or id, and no column twice"
        problem = f"unknown column {quoted(unknown[0])}" if unknown else required
        raise UsageError(f"Invalid header: {problem}", hint=f"Use the columns {', '.join(_COLUMNS)}.")
    return header


def _parse_row(line: int, header: list[str], row: list[str], settings: Settings) -> "PostChange":
    """Return the change of a row. Raises InvalidError or UsageError if a value is invalid."""
    if len(row) != len(header):
        raise InvalidError(f"{len(row)} cells, but the header has {len(header)}")
    cells = {name: cell for name, cell in zip(header, row, strict=True) if cell}
    reference = cells.get("ref") or cells.get("id")
    if not reference or len(reference.split()) != 1:
        raise InvalidError("the reference must be an id or a slug")
    version = cells.get("version")
    if version is not None and not (version.isascii() and version.isdecimal()):
        raise InvalidError("version must be a whole number")
    return schemas.PostChange(
        line=line,
        reference=reference,
        update=schemas.PostUpdate.checked(**_field_values(cells, settings)),
        tags=schemas.TagChanges.checked(**_tag_values(cells)),
        version=None if version is None else int(version),
        updated_at=_parse_time(cells["updated_at"], settings) if "updated_at" in cells else None,
    )


def _field_values(cells: dict[str, str], settings: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {name: cells[name] for name in _TEXTS if name in cells}
    removed = {name: "" if name == "content" else None for name, cell in values.items() if cell == _REMOVED}
    if "published_at" in cells:
        removed_date = cells["published_at"] == _REMOVED
        values["published_at"] = None if removed_date else _parse_time(cells["published_at"], settings)
    if values.get("status") == "trashed":
        raise InvalidError("a post cannot be moved to the trash", hint="Use `blogcli post delete`.")
    return values | removed


def _tag_values(cells: dict[str, str]) -> dict[str, list[str]]:
    tags = {_TAGS[name]: cells[name] for name in _TAGS if name in cells}
    return {name: [] if cell == _REMOVED else split_list(cell, "The cell") for name, cell in tags.items()}


def _parse_time(text: str, settings: Settings) -> datetime:
    return parse_instant(text, settings.zone, now=datetime.now(UTC))
