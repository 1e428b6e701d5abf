"""Functions that create small Ghost exports, and functions that read exports."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from blogcli.interchange import ghost
from blogcli.interchange.items import ImportedItem, ReadOptions
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord
from blogcli.interchange.sources import Source

OPTIONS = ReadOptions(zone=UTC, now=datetime(2024, 5, 31, 12, tzinfo=UTC))
KEEP_HTML_OPTIONS = ReadOptions(zone=UTC, now=OPTIONS.now, keep_html=True)
ANN = {"id": "5951f5fca366002ebd5dbef7", "name": "Ann", "slug": "ann", "email": "ann@blog.example", "status": "active"}


def read_file(path: Path, options: ReadOptions = OPTIONS) -> list[ImportedItem]:
    scan = ghost.reader.scan([Source.at(path)], options)
    items = [ghost.reader.read(item, options) for item in scan.items]
    assert len(items) == scan.total
    return items


def read_bytes(content: bytes, options: ReadOptions = OPTIONS) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "blog.json")
        path.write_bytes(content)
        return read_file(path, options)


def read_tables(**tables: Any) -> list[ImportedItem]:
    return read_bytes(json.dumps({"db": [{"meta": {}, "data": tables}]}).encode())


def read_post(options: ReadOptions = OPTIONS, /, **columns: Any) -> tuple[PostRecord, list[NoteCode]]:
    row = {"id": "1", "title": "A post", "slug": "a-post", "status": "published", **columns}
    (item,) = read_bytes(json.dumps({"posts": [row]}).encode(), options)
    assert item.post
    return item.post, list_codes([item])


def list_codes(items: Sequence[ImportedItem]) -> list[NoteCode]:
    return [note.code for item in items for note in item.notes]


def list_posts(items: Sequence[ImportedItem]) -> list[PostRecord]:
    return [item.post for item in items if item.post]
