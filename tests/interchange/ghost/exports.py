"""Small exports of Ghost's, and what is read of them."""

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
KEEPS_HTML = ReadOptions(zone=UTC, now=OPTIONS.now, keep_html=True)
ANN = {"id": "5951f5fca366002ebd5dbef7", "name": "Ann", "slug": "ann", "email": "ann@blog.example", "status": "active"}


def read_file(path: Path, options: ReadOptions = OPTIONS) -> list[ImportedItem]:
    found = ghost.reader.scan([Source.at(path)], options)
    entries = [ghost.reader.read(item, options) for item in found.items]
    assert len(entries) == found.total
    return entries


def read_bytes(content: bytes, options: ReadOptions = OPTIONS) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "blog.json")
        path.write_bytes(content)
        return read_file(path, options)


def read_tables(**tables: Any) -> list[ImportedItem]:
    return read_bytes(json.dumps({"db": [{"meta": {}, "data": tables}]}).encode())


def read_post(options: ReadOptions = OPTIONS, /, **columns: Any) -> tuple[PostRecord, list[NoteCode]]:
    row = {"id": "1", "title": "A post", "slug": "a-post", "status": "published", **columns}
    (entry,) = read_bytes(json.dumps({"posts": [row]}).encode(), options)
    assert entry.post
    return entry.post, codes([entry])


def codes(entries: Sequence[ImportedItem]) -> list[NoteCode]:
    return [note.code for entry in entries for note in entry.notes]


def posts(entries: Sequence[ImportedItem]) -> list[PostRecord]:
    return [entry.post for entry in entries if entry.post]
