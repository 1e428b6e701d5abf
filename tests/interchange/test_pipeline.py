"""Tests of reading sources in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange import pipeline, registry
from blogcli.interchange.items import ImportedItem, RawItem, ReadOptions, Scan, WriteOptions
from blogcli.interchange.notes import Note, NoteCode
from blogcli.interchange.records import PostRecord
from blogcli.interchange.sources import Source

NOW = datetime(2024, 6, 1, tzinfo=UTC)
OPTIONS = ReadOptions(zone=UTC, now=NOW)


class PlainReader:
    """A reader whose items contain only the title of a post."""

    def detect(self, source: Source) -> bool:
        raise NotImplementedError

    def scan(self, sources: Sequence[Source], options: ReadOptions) -> Scan:
        raise NotImplementedError

    def read(self, item: RawItem, _options: ReadOptions) -> ImportedItem:
        if item.content == "bad":
            raise InvalidError(f"{item.content} content", hint="Repair it.")
        return ImportedItem(
            source=item.source, position=item.position, post=PostRecord(uuid=UUID(int=1), title=item.content)
        )


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(registry.FORMATS, "plain", registry.Format(reader=PlainReader))
    return "plain"


def make_scan(*contents: str, size: int = 0) -> Scan:
    items = [RawItem("blog.txt", position, content, size) for position, content in enumerate(contents, 1)]
    return Scan(len(items), iter(items))


def test_unreadable_item_becomes_note(plain: str) -> None:
    (batch,) = pipeline.read_batches(plain, make_scan("one", "bad", "three"), OPTIONS)
    assert [item.post and item.post.title for item in batch] == ["one", None, "three"]
    assert batch[1] == ImportedItem(
        source="blog.txt", position=2, notes=(Note("blog.txt", 2, NoteCode.UNREADABLE, "bad content. Repair it."),)
    )
    assert batch[1].notes[0].is_failure


def test_items_are_sanitized(plain: str) -> None:
    ((item,),) = pipeline.read_batches(plain, make_scan("a\0b"), OPTIONS)
    assert item.post
    assert item.post.title == "ab"
    assert item.digest


def test_batches_end_at_number_or_size_of_items(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_MAX_BATCH_ITEMS", 3)
    monkeypatch.setattr(pipeline, "_MAX_BATCH_SIZE", 10)
    lengths = [
        [len(batch) for batch in pipeline.read_batches(plain, scan, OPTIONS)]
        for scan in (
            make_scan(*"abcdefg"),
            make_scan(*"abcde", size=5),
            make_scan(*"ab", size=100),
            make_scan(),
        )
    ]
    assert lengths == [[3, 3, 1], [2, 2, 1], [1, 1], []]


def test_items_are_read_on_demand(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_MAX_BATCH_ITEMS", 1)
    monkeypatch.setattr("blogcli.parallel._start_workers", lambda _: None)
    taken_items = []

    def iter_endlessly() -> Iterator[RawItem]:
        while True:
            item = RawItem("blog.txt", 1, "x")
            taken_items.append(item)
            yield item

    batches = pipeline.read_batches(plain, Scan(1, iter_endlessly()), OPTIONS)
    for _ in range(20):
        next(batches)
    assert len(taken_items) == 20


def replace_digest(item: ImportedItem) -> ImportedItem:
    return replace(item, digest="finished")


def test_finish_is_applied_to_each_item(plain: str) -> None:
    (batch,) = pipeline.read_batches(plain, make_scan("one", "bad"), OPTIONS, finish=replace_digest)
    assert [item.digest for item in batch] == ["finished"] * 2


def test_worker_processes_preserve_order_and_notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_MAX_BATCH_ITEMS", 1)
    posts = [PostRecord(uuid=UUID(int=number), title=f"Title {number}") for number in range(10)]
    lines = "".join(registry.get_file_writer("jsonl").write(posts, WriteOptions(now=NOW)))
    path = tmp_path / "blog.jsonl"
    path.write_text(f"{lines}damaged\n", "utf-8")
    scan = pipeline.scan("jsonl", [Source.at(path)], OPTIONS)
    items: list[Any] = [item for batch in pipeline.read_batches("jsonl", scan, OPTIONS) for item in batch]
    assert [item.post for item in items] == [*posts, None]
    assert [note.code for note in items[-1].notes] == [NoteCode.UNREADABLE]
