"""Tests of reading JSON Lines files, including files that blogcli has written."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given

from blogcli.errors import InvalidError
from blogcli.interchange import jsonl
from blogcli.interchange.items import ImportedItem, RawItem, ReadOptions, WriteOptions
from blogcli.interchange.records import PostRecord, Record, UserRecord
from blogcli.interchange.sanitize import sanitize_item
from blogcli.interchange.sources import Source
from tests.interchange.strategies import people, posts

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPTIONS = ReadOptions(zone=UTC, now=NOW)


def write(*records: Record) -> str:
    return "".join(jsonl.writer.write(records, WriteOptions(now=NOW)))


def read(text: str) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blog.jsonl"
        path.write_text(text, "utf-8", newline="")
        return [jsonl.reader.read(item, OPTIONS) for item in jsonl.reader.scan([Source.at(path)], OPTIONS).items]


def list_posts(items: Iterable[ImportedItem]) -> list[PostRecord]:
    return [item.post for item in items if item.post]


@given(posts())
def test_post_round_trip(post: PostRecord) -> None:
    (item,) = read(write(post))
    assert item.post == post
    sanitized = sanitize_item(item)
    assert (sanitized.post, sanitized.notes) == (post, ())


@given(people)
def test_user_round_trip(person: UserRecord) -> None:
    (item,) = read(write(person))
    assert item.people == (person,)


def test_post_requires_only_uuid_and_title() -> None:
    line = json.dumps({"type": "post", "uuid": str(UUID(int=1)), "title": "T"})
    (post,) = list_posts(read(f"\ufeff{write()}\n{line}"))
    assert post == PostRecord(uuid=UUID(int=1), title="T")


def test_scan_returns_number_and_positions_of_items(tmp_path: Path) -> None:
    path = tmp_path / "blog.jsonl"
    path.write_text(write(*[UserRecord(email=f"{number}@example.org") for number in range(50)]))
    scan = jsonl.reader.scan([Source.at(path)], OPTIONS)
    assert [item.position for item in scan.items] == list(range(2, 52))
    assert scan.total == 50


def test_concatenated_files_are_read() -> None:
    files = [write(PostRecord(uuid=UUID(int=number), title="T")) for number in (1, 2)]
    assert [post.uuid.int for post in list_posts(read("".join(files)))] == [1, 2]


@pytest.mark.parametrize(
    "version_line", ['{"version":1,"type":"blogcli"}', '\ufeff{"type": "blogcli", "version": 1}', ""]
)
def test_version_line_between_records_is_skipped(version_line: str) -> None:
    tag = '{"type": "tag", "name": "blogcli"}\n'
    assert [len(item.tags) for item in read(f"{write()}{tag}{version_line}\n{tag}")] == [1, 1]


@pytest.mark.parametrize(
    "line", ['{"type": "blogcli", "version": 2}', '{"type": "blogcli"}', '{"type": "blogcli", "a": 1}']
)
def test_unknown_version_line_between_records_is_rejected(line: str) -> None:
    with pytest.raises(InvalidError, match="Not a record"):
        read(f"{write()}{line}\n")


@pytest.mark.parametrize("version", [True, 0, -1, 1.0, "1", None])
def test_invalid_version_is_rejected(version: object) -> None:
    with pytest.raises(InvalidError, match="not a JSON Lines file of blogcli"):
        read(json.dumps({"type": "blogcli", "version": version}) + "\n")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "Not JSON"),
        (b"{\n", r"Not JSON: .*: line 1 column 2 "),
        (b"\xff", "Not JSON"),
        (b"[" * 100_000, "Not JSON"),
        (b"9" * 10_000, "Not JSON"),
        (b"null", "Not a record"),
        (b'{"type": ["post"]}', "Not a record"),
        (b'{"type": "post", "title": "T"}', "uuid: field required"),
        (b'{"type": "tag", "name": 7}', "name: input should be a valid string"),
        (b'{"type": "tag", "name": "a", "b": 1, "c": 2}', "Unknown fields: 'b', 'c'"),
        (b'{"type": "user", "email": "a", "created_at": "2024-01-01T00:00:00"}', "created_at: "),
    ],
)
def test_invalid_line_is_rejected_with_reason(line: bytes, reason: str) -> None:
    with pytest.raises(InvalidError, match=reason):
        jsonl.reader.read(RawItem("blog.jsonl", 2, line), OPTIONS)
