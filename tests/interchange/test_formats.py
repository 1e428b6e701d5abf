"""The formats: which one a source is in, and what is read from it, a batch at a time."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from blogcli.errors import InvalidError, UsageError
from blogcli.interchange import formats
from blogcli.interchange.entries import Entry, Item, Note, NoteCode, ReadOptions, Survey, WriteOptions
from blogcli.interchange.record import PostRecord
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


def read(item: Item, options: ReadOptions) -> Entry:
    if item.content == "bad":
        raise InvalidError(f"{item.content} content", hint="Mend it.")
    return Entry(source=item.source, place=item.place, post=PostRecord(uuid=UUID(int=1), title=item.content))


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(sys.modules, "blogcli.interchange.plain", SimpleNamespace(read=read))
    return "plain"


def items(*contents: str, size: int = 0) -> Survey:
    found = [Item("blog.txt", place, content, size) for place, content in enumerate(contents, 1)]
    return Survey(len(found), iter(found))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_source_is_in_one_format(tmp_path: Path, name: str) -> None:
    source = sample(tmp_path, name)
    assert formats.recognise([source]) == name
    assert [each for each in SAMPLES if import_module(f"blogcli.interchange.{each}").recognises(source)] == [name]


def test_a_folder_of_markdown_is_markdown(tmp_path: Path) -> None:
    sample(tmp_path, "markdown")
    assert formats.recognise([Source.at(tmp_path), Source.at(tmp_path / "blog.md")]) == "markdown"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"p { color: red }"])
def test_what_is_in_no_format_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "blog.bin"
    path.write_bytes(content)
    with pytest.raises(InvalidError, match=r"blog\.bin is in no known format") as error:
        formats.recognise([Source.at(path)])
    assert error.value.hint == "Say which, if it is one of jsonl, ghost, wordpress, markdown."


def test_sources_in_different_formats_are_not_read_together(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in different formats"):
        formats.recognise([sample(tmp_path, "jsonl"), sample(tmp_path, "ghost")])


def test_an_item_that_cannot_be_read_is_a_note_and_the_others_are_read(plain: str) -> None:
    (batch,) = formats.entries(plain, items("one", "bad", "three"), READ)
    assert [entry.post and entry.post.title for entry in batch] == ["one", None, "three"]
    assert batch[1] == Entry(
        source="blog.txt", place=2, notes=(Note("blog.txt", 2, NoteCode.UNREADABLE, "bad content. Mend it."),)
    )
    assert batch[1].notes[0].is_failure


def test_entries_are_fit_for_the_database(plain: str) -> None:
    ((entry,),) = formats.entries(plain, items("a\0b"), READ)
    assert entry.post
    assert entry.post.title == "ab"
    assert entry.digest


def test_batches_are_full_or_large(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_BATCH", 3)
    monkeypatch.setattr(formats, "_BATCH_SIZE", 10)
    assert [len(batch) for batch in formats.entries(plain, items(*"abcdefg"), READ)] == [3, 3, 1]
    assert [len(batch) for batch in formats.entries(plain, items(*"abcde", size=5), READ)] == [2, 2, 1]
    assert [len(batch) for batch in formats.entries(plain, items(*"ab", size=100), READ)] == [1, 1]
    assert list(formats.entries(plain, items(), READ)) == []


def test_items_are_taken_as_they_are_needed(plain: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_BATCH", 1)
    monkeypatch.setattr("blogcli.workers._workers", lambda _: None)
    taken = []

    def endless() -> Iterator[Item]:
        while True:
            taken.append(1)
            yield Item("blog.txt", 1, "x")

    found = formats.entries(plain, Survey(1, endless()), READ)
    for _ in range(20):
        next(found)
    assert len(taken) == 20


def marked(entry: Entry) -> Entry:
    return replace(entry, digest="finished")


def test_finish_has_the_last_word(plain: str) -> None:
    (batch,) = formats.entries(plain, items("one", "bad"), READ, finish=marked)
    assert [entry.digest for entry in batch] == ["finished"] * 2


def test_other_processes_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "_BATCH", 1)
    posts = [PostRecord(uuid=UUID(int=number), title=f"Title {number}") for number in range(10)]
    lines = "".join(formats.writer("jsonl")(posts, WriteOptions(now=NOW)))
    path = tmp_path / "blog.jsonl"
    path.write_text(f"{lines}damaged\n", "utf-8")
    found = formats.survey("jsonl", [Source.at(path)], READ)
    entries: list[Any] = [entry for batch in formats.entries("jsonl", found, READ) for entry in batch]
    assert [entry.post for entry in entries] == [*posts, None]
    assert [note.code for note in entries[-1].notes] == [NoteCode.UNREADABLE]


@pytest.mark.parametrize("name", [*SAMPLES, "feeds"])
def test_every_format_can_be_written(name: str) -> None:
    assert callable(formats.writer(name))
