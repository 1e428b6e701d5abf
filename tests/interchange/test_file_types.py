"""Tests that files and folders in another format than the expected one are recognized and rejected."""

import gzip
import io
import tarfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange import format_detection, pipeline
from blogcli.interchange.file_types import recognize_file
from blogcli.interchange.items import ReadOptions
from blogcli.interchange.sources import Source

OPTIONS = ReadOptions(zone=UTC, now=datetime(2024, 5, 31, tzinfo=UTC))


def make_zip() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("post.md", "text")
    return data.getvalue()


def make_tar() -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("post.md"))
    return data.getvalue()


MOVABLE_TYPE = (
    b"AUTHOR: Ann\nTITLE: A boat\nSTATUS: Draft\nDATE: 01/31/2002 03:31:05 PM\n-----\nBODY:\nText\n-----\n--------\n"
)
WXR = b'<?xml version="1.0"?>\n<!-- WordPress -->\n<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel></channel></rss>'
GHOST = b'{"db": [{"meta": {"exported_on": 1}, "data": {"posts": []}}]}'
JSON_LINES = b'{"type": "blogcli", "version": 1}\n'
FOREIGN_FILES = [
    (MOVABLE_TYPE, "an export of Movable Type or TypePad"),
    (b"TITLE: B\nAUTHOR: Ann\n-----\r\nCOMMENT:\nIP: 192.0.2.7\n", "an export of Movable Type or TypePad"),
    (make_zip(), "a zip archive, or a document of an office program"),
    (make_tar(), "a tar archive"),
    (gzip.compress(make_tar()), "a tar archive"),
    (b"BZh91AY", "a bzip2 archive"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"%PDF-1.7\n", "a PDF document"),
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', "an RSS feed"),
    (b'<rdf:RDF xmlns:rdf="x">', "an RSS feed"),
    (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>', "an Atom feed"),
    (b"<feed><generator>Blogger</generator></feed>", "a Blogger export (an Atom feed)"),
    (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "a JSON feed"),
    (b"<!DOCTYPE html>\n<html><body>x</body></html>", "an HTML page"),
    (b"<!-- saved -->\n<HTML>", "an HTML page"),
    (b'<?xml version="1.0"?><tumblr version="1.0">', "a Tumblr export"),
    (b'<?xml version="1.0"?><notes><note/></notes>', "XML"),
    (b"-- MySQL dump 10.13\n--\n/*!40101 SET NAMES utf8 */;\n", "a dump of a database (SQL)"),
    (b"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", "a dump of a database (SQL)"),
    (b"\n-- of a blog\nINSERT INTO wp_posts VALUES (1);\n", "a dump of a database (SQL)"),
    (b"post_id,post_date,is_published,title\n1,2024-01-01,true,x\n", "a Substack export"),
    (b"id,title,body\n1,One,Text\n", "a table (CSV)"),
    (b'"title"\t"date"\t"content"\n"a"\t"b"\t"c"\n', "a table (TSV)"),
    (b'[{"id": 1, "title": "x"}]', "JSON"),
    (b'{"id": 1}\n{"id": 2}\n', "JSON"),
    (b"MIME-Version: 1.0\nSubject: x\n\ntext", "an e-mail or a web archive"),
]
MARKDOWN_TEXTS = [
    "text",
    "# Heading",
    "[[a link]] of a wiki",
    "[a](b)",
    "[ ] to do",
    "<img src='x'>",
    "<!-- more --><div>x</div>",
    "<svg></svg>",
    '{\n"title": "x"\n}\nBody',
    "Title: x\nDate: 2020-01-01\n\nBody",
    "TITLE: x\nAUTHOR: y\n\nBODY: z",
    "---\na: b\n---\n<html>",
    "+++\na = 1\n+++\n",
    "-- said she",
    "SET the table",
    "Apples, pears, plums\nare, all, fruit",
    "Create a table",
    "----",
    "AUTHOR: x\n\n-----\n",
    "\ufefftext",
]


# The ids of the tests are numbers. The ids must be the same in all worker processes, and the content of an archive is
# different in each process, because it includes the time at which the archive was created.
@pytest.mark.parametrize(("content", "description"), FOREIGN_FILES, ids=map(str, range(len(FOREIGN_FILES))))
def test_foreign_file_is_rejected_by_every_format(tmp_path: Path, content: bytes, description: str) -> None:
    for file_name in ("blog", "blog.md"):
        (tmp_path / file_name).write_bytes(content)
        source = Source.at(tmp_path / file_name)
        for format_ in ("markdown", "wordpress", "ghost", "jsonl"):
            with pytest.raises(InvalidError) as error:
                pipeline.scan(format_, [source], OPTIONS)
            is_ghost_candidate = description == "JSON" and format_ == "ghost"
            assert description in error.value.message or is_ghost_candidate
        with pytest.raises(InvalidError, match="unknown format: it looks like"):
            format_detection.detect_format([source])


@pytest.mark.parametrize(
    ("content", "format_name", "description"),
    [
        (WXR, "wordpress", "a WordPress export"),
        (GHOST, "ghost", "a Ghost export"),
        (JSON_LINES, "jsonl", "export jsonl"),
    ],
)
def test_file_of_another_format_is_rejected_with_its_command(
    tmp_path: Path, content: bytes, format_name: str, description: str
) -> None:
    for file_name in ("blog.xml", "blog.md", "blog"):
        (tmp_path / file_name).write_bytes(content)
        source = Source.at(tmp_path / file_name)
        assert format_detection.detect_format([source]) == format_name
        for other_format in {"markdown", "wordpress", "ghost", "jsonl"} - {format_name}:
            with pytest.raises(InvalidError, match=f"looks like .*{description}") as error:
                pipeline.scan(other_format, [source], OPTIONS)
            assert error.value.hint == f"Use `blogcli import {format_name}`."


@pytest.mark.parametrize("text", MARKDOWN_TEXTS)
def test_markdown_or_plain_text_is_not_recognized_as_another_type(text: str) -> None:
    assert recognize_file(text.encode(), "post.md") is None


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (["README.html", "posts/2019-01-01_A-walk-0123abcd.html"], "it looks like a Medium export"),
        (["draft_Half-99.html"], "it looks like a Medium export"),
        (["posts.csv", "posts/1.html"], "it looks like a Substack export"),
        (["124.paid.html"], "it looks like a Substack export"),
        (["wp.xml"], "wp.xml in it looks like a WordPress export"),
    ],
)
def test_folder_of_another_system_is_rejected_with_its_type(tmp_path: Path, files: list[str], reason: str) -> None:
    for file in files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_bytes(WXR if file.endswith(".xml") else b"<p>x</p>")
    with pytest.raises(InvalidError) as error:
        pipeline.scan("markdown", [Source.at(tmp_path)], OPTIONS)
    assert error.value.message == f"{tmp_path}: no Markdown files in it: {reason}"
    with pytest.raises(InvalidError, match="unknown format"):
        format_detection.detect_format([Source.at(tmp_path)])


def test_foreign_files_in_a_folder_are_rejected_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: x\ndate: 2020-01-01\n---\nBody")
    for file_name, content in (
        ("b.md", MOVABLE_TYPE),
        ("c.markdown", WXR),
        ("d.md", make_zip()),
        ("e.mdx", b"<html></html>"),
    ):
        (tmp_path / file_name).write_bytes(content)
    (tmp_path / "feed.xml").write_bytes(WXR)
    scan = pipeline.scan("markdown", [Source.at(tmp_path)], OPTIONS)
    items = [item for batch in pipeline.read_batches("markdown", scan, OPTIONS) for item in batch]
    assert [item.post is not None for item in items] == [True, False, False, False, False]
    assert all(note.is_failure for item in items[1:] for note in item.notes)
    assert items[1].notes[0].message == "not Markdown: it looks like an export of Movable Type or TypePad"


@pytest.mark.parametrize(
    "start", ["<?xml?>" + " " * 60_000 + "x", "-- x\n" * 12_000 + "x", "<!--" * 15_000, "/*" * 30_000]
)
def test_recognition_is_fast_for_hostile_starts(start: str) -> None:
    started_at = time.perf_counter()
    recognize_file(start.encode(), "x.md")
    assert time.perf_counter() - started_at < 20
