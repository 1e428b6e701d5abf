"""The formats: which one a source is in, and what is read from it, a batch at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from blogcli.errors import InvalidError, UsageError
from blogcli.interchange import format_detection, pipeline, registry
from blogcli.interchange.items import ImportedItem, RawItem, ReadOptions, Scan, WriteOptions
from blogcli.interchange.notes import Note, NoteCode
from blogcli.interchange.records import PostRecord
from blogcli.interchange.sources import Source

NOW = datetime(2024, 6, 1, tzinfo=UTC)
READ = ReadOptions(zone=UTC, now=NOW)
FIRST_LINE = '{"type": "blogcli", "version": 1}\n'
SAMPLES = {
    "jsonl": FIRST_LINE,
    "ghost": '{"db": [{"meta": {"version": "5.0.0", "exported_on": 1}, "data": {"posts": []}}]}',
    "wordpress": '<?xml version="1.0"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">'
    "<channel><wp:wxr_version>1.2</wp:wxr_version></channel></rss>",
    "markdown": "---\ntitle: A title\n---\nA text.\n",
}
ENDINGS = {"jsonl": "jsonl", "ghost": "json", "wordpress": "xml", "markdown": "md"}


def sample(folder: Path, name: str) -> Source:
    path = folder / f"blog.{ENDINGS[name]}"
    path.write_text(SAMPLES[name], "utf-8")
    return Source.at(path)


class PlainReader:
    """A format whose items are the titles of posts."""

    def detect(self, source: Source) -> bool:
        raise NotImplementedError

    def scan(self, sources: Sequence[Source], options: ReadOptions) -> Scan:
        raise NotImplementedError

    def read(self, item: RawItem, _options: ReadOptions) -> ImportedItem:
        if item.content == "bad":
            raise InvalidError(f"{item.content} content", hint="Mend it.")
        return ImportedItem(
            source=item.source, position=item.position, post=PostRecord(uuid=UUID(int=1), title=item.content)
        )


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(registry.FORMATS, "plain", registry.Format(reader=PlainReader))
    return "plain"


def items(*contents: str, size: int = 0) -> Scan:
    found = [RawItem("blog.txt", place, content, size) for place, content in enumerate(contents, 1)]
    return Scan(len(found), iter(found))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_source_is_in_one_format(tmp_path: Path, name: str) -> None:
    source = sample(tmp_path, name)
    assert format_detection.detect_format([source]) == name
    assert [each for each in SAMPLES if registry.get_reader(each).detect(source)] == [name]


def test_a_folder_of_markdown_is_markdown(tmp_path: Path) -> None:
    sample(tmp_path, "markdown")
    assert format_detection.detect_format([Source.at(tmp_path), Source.at(tmp_path / "blog.md")]) == "markdown"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"p { color: red }"])
def test_what_is_in_no_format_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "blog.bin"
    path.write_bytes(content)
    with pytest.raises(InvalidError, match=r"blog\.bin: unknown format") as error:
        format_detection.detect_format([Source.at(path)])
    assert (
        error.value.hint
        == "Use `blogcli import FORMAT` if it is in one of these formats: jsonl, ghost, wordpress, markdown."
    )


def test_sources_in_different_formats_are_not_read_together(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in different formats"):
        format_detection.detect_format([sample(tmp_path, "jsonl"), sample(tmp_path, "ghost")])


def test_an_item_that_cannot_be_read_is_a_note_and_the_others_are_read(plain: str) -> None:
    (batch,) = pipeline.read_batches(plain, items("one", "bad", "three"), READ)
    assert [entry.post and entry.post.title for entry in batch] == ["one", None, "three"]
    assert batch[1] == ImportedItem(
        source="blog.txt", position=2, notes=(Note("blog.txt", 2, NoteCode.UNREADABLE, "bad content. Mend it."),)
    )
    assert batch[1].notes[0].is_failure


def test_entries_are_fit_for_the_database(plain: str) -> None:
    ((entry,),) = pipeline.read_batches(plain, items("a\0b"), READ)
    assert entry.post
    assert entry.post.title == "ab"
    assert entry.digest


def test_batches_are_full_or_large(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_MAX_BATCH_ITEMS", 3)
    monkeypatch.setattr(pipeline, "_MAX_BATCH_SIZE", 10)
    assert [len(batch) for batch in pipeline.read_batches(plain, items(*"abcdefg"), READ)] == [3, 3, 1]
    assert [len(batch) for batch in pipeline.read_batches(plain, items(*"abcde", size=5), READ)] == [2, 2, 1]
    assert [len(batch) for batch in pipeline.read_batches(plain, items(*"ab", size=100), READ)] == [1, 1]
    assert list(pipeline.read_batches(plain, items(), READ)) == []


def test_items_are_taken_as_they_are_needed(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_MAX_BATCH_ITEMS", 1)
    monkeypatch.setattr("blogcli.parallel._start_workers", lambda _: None)
    taken = []

    def endless() -> Iterator[RawItem]:
        while True:
            taken.append(1)
            yield RawItem("blog.txt", 1, "x")

    found = pipeline.read_batches(plain, Scan(1, endless()), READ)
    for _ in range(20):
        next(found)
    assert len(taken) == 20


def marked(entry: ImportedItem) -> ImportedItem:
    return replace(entry, digest="finished")


def test_finish_has_the_last_word(plain: str) -> None:
    (batch,) = pipeline.read_batches(plain, items("one", "bad"), READ, finish=marked)
    assert [entry.digest for entry in batch] == ["finished"] * 2


def test_other_processes_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "_MAX_BATCH_ITEMS", 1)
    posts = [PostRecord(uuid=UUID(int=number), title=f"Title {number}") for number in range(10)]
    lines = "".join(registry.get_file_writer("jsonl").write(posts, WriteOptions(now=NOW)))
    path = tmp_path / "blog.jsonl"
    path.write_text(f"{lines}damaged\n", "utf-8")
    found = pipeline.scan("jsonl", [Source.at(path)], READ)
    entries: list[Any] = [entry for batch in pipeline.read_batches("jsonl", found, READ) for entry in batch]
    assert [entry.post for entry in entries] == [*posts, None]
    assert [note.code for note in entries[-1].notes] == [NoteCode.UNREADABLE]


@pytest.mark.parametrize("name", registry.FORMATS)
def test_every_format_has_the_parts_that_it_registers(name: str) -> None:
    format_ = registry.FORMATS[name]
    assert format_.reader or format_.file_writer
    assert (format_.reader is None) is (name == "feeds")
    if format_.reader:
        assert all(callable(getattr(format_.reader(), function)) for function in ("detect", "scan", "read"))
    writer = format_.file_writer or format_.folder_writer
    assert writer
    assert callable(writer().write)


@pytest.mark.parametrize("find", [registry.get_reader, registry.get_file_writer, registry.get_folder_writer])
def test_a_part_that_a_format_lacks_is_an_error(find: Callable[[str], object]) -> None:
    name = {"get_reader": "feeds", "get_file_writer": "markdown", "get_folder_writer": "jsonl"}[find.__name__]
    with pytest.raises(ValueError, match=name):
        find(name)
