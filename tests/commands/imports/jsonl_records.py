"""Helpers for tests that import records as JSON Lines."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.command_line import Cli, Result

HEADER = {"type": "blogcli", "version": 1}
ANN = {"type": "user", "email": "ann@example.org", "full_name": "Ann", "is_active": True}
TIMESTAMP = "2024-05-01T10:00:00.123456Z"


def post(number: int = 1, **values: Any) -> dict[str, Any]:
    """Return the record of a post, without the values that are None."""
    return {"type": "post", "uuid": str(UUID(int=number)), "title": f"Post {number}", "author": "ann@example.org"} | {
        name: value for name, value in values.items() if value is not None
    }


def jsonl(*records: object) -> str:
    """Return the text of a JSON Lines file with a header and the given records.

    A record that is a string is used as a line without changes.
    """
    lines = [record if isinstance(record, str) else json.dumps(record) for record in (HEADER, *records)]
    return "".join(f"{line}\n" for line in lines)


def import_records(cli: Cli, *records: object, options: tuple[str, ...] = ()) -> Result:
    """Run `blogcli import jsonl`, which reads the given records from stdin."""
    return cli("import", "jsonl", "-", *options, stdin=jsonl(*records))


def summary_of(result: Result) -> str:
    """Return the first line of the summary of an import."""
    return result.stderr.splitlines()[0]


def note_codes(report: Path) -> list[tuple[int | None, str]]:
    """Return the position and the code of each note in a report."""
    notes = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert all(set(note) == {"source", "position", "code", "message"} for note in notes)
    return [(note["position"], note["code"]) for note in notes]
