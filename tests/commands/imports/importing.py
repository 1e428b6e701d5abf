"""Helpers that import records from JSON Lines."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.command_line import Cli, Result

FIRST = {"type": "blogcli", "version": 1}
ANN = {"type": "user", "email": "ann@example.org", "full_name": "Ann", "is_active": True}
STAMP = "2024-05-01T10:00:00.123456Z"


def post(number: int = 1, **values: Any) -> dict[str, Any]:
    return {"type": "post", "uuid": str(UUID(int=number)), "title": f"Post {number}", "author": "ann@example.org"} | {
        name: value for name, value in values.items() if value is not None
    }


def jsonl(*records: object) -> str:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in (FIRST, *records)]
    return "".join(f"{line}\n" for line in lines)


def bring(cli: Cli, *records: object, options: tuple[str, ...] = ()) -> Result:
    return cli("import", "jsonl", "-", *options, stdin=jsonl(*records))


def counts(result: Result) -> str:
    return result.stderr.splitlines()[0]


def codes(report: Path) -> list[tuple[int | None, str]]:
    notes = [json.loads(line) for line in report.read_text("utf-8").splitlines()]
    assert all(set(note) == {"source", "position", "code", "message"} for note in notes)
    return [(note["position"], note["code"]) for note in notes]
