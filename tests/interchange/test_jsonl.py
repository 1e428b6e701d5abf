"""JSON Lines: what is written is read again, whatever it is."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
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
READ = ReadOptions(zone=UTC, now=NOW)


def written(*records: Record) -> str:
    return "".join(jsonl.writer.write(records, WriteOptions(now=NOW)))


def entries(text: str) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blog.jsonl"
        path.write_text(text, "utf-8", newline="")
        return [jsonl.reader.read(item, READ) for item in jsonl.reader.scan([Source.at(path)], READ).items]


def posts_of(found: Iterable[ImportedItem]) -> list[PostRecord]:
    return [entry.post for entry in found if entry.post]


@given(posts())
def test_a_post_is_read_as_it_was_written(post: PostRecord) -> None:
    (entry,) = entries(written(post))
    assert entry.post == post
    fitted = sanitize_item(entry)
    assert (fitted.post, fitted.notes) == (post, ())


@given(people)
def test_a_person_is_read_as_they_were_written(person: UserRecord) -> None:
    (entry,) = entries(written(person))
    assert entry.people == (person,)


def test_files_that_were_put_together_by_hand_need_no_more_than_a_title_and_a_uuid() -> None:
    line = json.dumps({"type": "post", "uuid": str(UUID(int=1)), "title": "T"})
    (post,) = posts_of(entries(f"\ufeff{written()}\n{line}"))
    assert post == PostRecord(uuid=UUID(int=1), title="T")


def test_items_are_counted_and_say_their_line(tmp_path: Path) -> None:
    path = tmp_path / "blog.jsonl"
    path.write_text(written(*[UserRecord(email=f"{number}@example.org") for number in range(50)]))
    found = jsonl.reader.scan([Source.at(path)], READ)
    assert [item.position for item in found.items] == list(range(2, 52))
    assert found.total == 50


def test_files_may_be_put_together(tmp_path: Path) -> None:
    one, two = (written(PostRecord(uuid=UUID(int=number), title="T")) for number in (1, 2))
    assert [post.uuid.int for post in posts_of(entries(one + two))] == [1, 2]


@pytest.mark.parametrize("first", ['{"version":1,"type":"blogcli"}', '\ufeff{"type": "blogcli", "version": 1}', ""])
def test_where_files_were_put_together_nothing_is_unreadable(first: str) -> None:
    tag = '{"type": "tag", "name": "blogcli"}\n'
    assert [len(entry.tags) for entry in entries(f"{written()}{tag}{first}\n{tag}")] == [1, 1]


@pytest.mark.parametrize(
    "line", ['{"type": "blogcli", "version": 2}', '{"type": "blogcli"}', '{"type": "blogcli", "a": 1}']
)
def test_a_line_amid_others_that_names_no_known_version_is_no_record(line: str) -> None:
    with pytest.raises(InvalidError, match="Not a record"):
        entries(f"{written()}{line}\n")


@pytest.mark.parametrize("version", [True, 0, -1, 1.0, "1", None])
def test_a_version_is_a_whole_number_from_1(version: object) -> None:
    with pytest.raises(InvalidError, match="not in blogcli's JSON Lines"):
        entries(json.dumps({"type": "blogcli", "version": version}) + "\n")


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
def test_a_line_that_is_no_record_says_why(line: bytes, reason: str) -> None:
    with pytest.raises(InvalidError, match=reason):
        jsonl.reader.read(RawItem("blog.jsonl", 2, line), READ)


@pytest.mark.parametrize("changed", ["title", "content", "slug", "extra", "tags", "published_at", "trashed_at"])
def test_a_digest_tells_each_field_from_another_state_of_it(changed: str) -> None:
    post = PostRecord(uuid=UUID(int=1), title="T", slug="s")
    values: dict[str, Any] = {"extra": {"a": 1}, "tags": ("a",), "published_at": NOW, "trashed_at": NOW}
    other = replace(post, **{changed: values.get(changed, "other")})
    one, two = (sanitize_item(ImportedItem(source="-", post=each)).digest for each in (post, other))
    assert one != two
    assert one == sanitize_item(ImportedItem(source="elsewhere", position=3, post=post)).digest
