"""Tests that files are read according to the conventions of their site generators."""

from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import TypeAlias

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.items import ReadOptions
from blogcli.interchange.markdown.reader import read, scan
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord
from blogcli.interchange.sources import Source
from tests.interchange.markdown.imported_items import ReadFile, codes_of, post_of

ReadPipe: TypeAlias = Callable[[str], PostRecord]


@pytest.mark.parametrize(
    ("name", "slug", "day"),
    [
        ("_posts/2020-12-21-my-post.md", "my-post", "2020-12-20T23:00Z"),
        ("_posts/2020-1-5-my-post.markdown", "my-post", "2020-01-04T23:00Z"),
        ("content/posts/my-post/index.md", "my-post", None),
        ("content/posts/2020-06-01-my-post/index.mdx", "my-post", "2020-05-31T22:00Z"),
        ("content/2020-06-01_my-post.md", "my-post", "2020-05-31T22:00Z"),
        ("src/blog/2020/12/21/my-post.md", "my-post", "2020-12-20T23:00Z"),
        ("src/blog/2020/12/21/my-post/index.md", "my-post", "2020-12-20T23:00Z"),
        ("published-2020-12-21-my-post.md", "my-post", "2020-12-20T23:00Z"),
        ("posts/2020-13-45-my-post.md", "2020-13-45-my-post", None),
        ("posts/0001-01-01-my-post.md", "my-post", None),
        ("posts/2020-12-21.md", "2020-12-21", "2020-12-20T23:00Z"),
        ("published-authors.md", "published-authors", None),
        ("index.md", "index", None),
        ("_posts/日本語.md", "日本語", None),
        ("posts/e\u0301te\u0301.md", "\xe9t\xe9", None),
        ("posts/e\u0301te\u0301/index.md", "\xe9t\xe9", None),
    ],
)
def test_slug_and_day_are_inferred_from_path(read_file: ReadFile, name: str, slug: str, day: str | None) -> None:
    item = read_file(name, "---\ntitle: x\ndraft: false\n---\n")
    assert post_of(item).slug == slug
    assert post_of(item).published_at == (datetime.fromisoformat(day) if day else None)
    assert codes_of(item) == ([NoteCode.DATE_INFERRED] if day else [])


def test_field_takes_precedence_over_file_name(read_file: ReadFile) -> None:
    item = read_file("_posts/2014-03-12-x.md", "---\ntitle: x\ndate: '2014-09-04T12:02:00-04:00'\nslug: y\n---\n")
    assert post_of(item).published_at == datetime(2014, 9, 4, 16, 2, tzinfo=UTC)
    assert (post_of(item).slug, item.notes) == ("y", ())


def test_pelican_post_is_read(read_file: ReadFile) -> None:
    text = (
        "Title: My title\nDate: 2010-12-03 10:20\nModified: 2010-12-05 19:30\nCategory: Python\nTags: pelican, b c\n"
        "Authors: Ann Bo; Cy\nSummary: Short\nStatus: hidden\nLang: fr\n\nBody\n"
    )
    item = read_file("content/some-file.md", text)
    post = post_of(item)
    assert (post.title, post.slug, post.status, post.excerpt) == ("My title", None, PostStatus.DRAFT, "Short")
    assert post.published_at == datetime(2010, 12, 3, 9, 20, tzinfo=UTC)
    assert post.updated_at == datetime(2010, 12, 5, 18, 30, tzinfo=UTC)
    assert post.tags == ("pelican", "b c", "Python")
    assert (post.author, post.content) == ("ann-bo@authors.invalid", "Body\n")
    assert post.extra == {"category": "Python", "authors": "Ann Bo; Cy", "status": "hidden", "lang": "fr"}
    assert set(codes_of(item)) == {NoteCode.NOT_PUBLIC, NoteCode.AUTHOR_INFERRED, NoteCode.AUTHOR_CREATED}


def test_nikola_post_is_read(read_file: ReadFile) -> None:
    text = "<!--\n.. title: X\n.. slug: y\n.. date: 2012-03-30 23:00:00 UTC-03:00\n.. tags: a, b\n-->\nBody"
    post = post_of(read_file("posts/x.md", text))
    assert (post.title, post.slug, post.tags, post.content) == ("X", "y", ("a", "b"), "Body")
    assert post.published_at == datetime(2012, 3, 31, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "title"), [("# Heading\nText", "Heading"), ("Text", "My post"), ("```\n# no\n```\n", "My post")]
)
def test_missing_title_is_inferred(read_file: ReadFile, body: str, title: str) -> None:
    item = read_file("_posts/2020-01-01-my_post.md", f"---\ndate: 2020-01-01\n---\n{body}")
    assert (post_of(item).title, codes_of(item)) == (title, [NoteCode.TITLE_INFERRED])


def test_invalid_values_are_kept_in_extra(read_file: ReadFile) -> None:
    lines = (
        "title: [a]\ndate: soon\nslug: {a: b}\nexcerpt: [x]\nauthor: [[a]]\nuuid: 5\nupdated: never\ntags: [[{a: b}]]"
    )
    item = read_file("posts/x.md", f"---\n{lines}\n---\nBody")
    assert (post_of(item).title, post_of(item).content, post_of(item).published_at) == ("X", "Body", None)
    assert list(post_of(item).extra) == ["title", "date", "slug", "excerpt", "author", "uuid", "updated", "tags"]
    assert len(item.notes) == 9
    assert all(note.source.endswith("x.md") and "\n" not in note.message for note in item.notes)


def test_exported_file_is_read_after_edit(read_file: ReadFile) -> None:
    fields = "title: x\ndate: 2024-05-31 10:00\ndraft: true\ntags: a, b\nmood: good\n"
    item = read_file("x.md", f"---\n{fields}blogcli:\n  flavor: hugo\n  status: scheduled\n---\nBody")
    post = post_of(item)
    assert (post.status, post.tags, post.extra, item.notes) == (PostStatus.DRAFT, ("a", "b"), {"mood": "good"}, ())
    assert post.published_at == datetime(2024, 5, 31, 8, tzinfo=UTC)


def test_exported_file_with_invalid_values_is_draft(read_file: ReadFile) -> None:
    fields = "title: x\ndate: soon\nstatus: perhaps\nuuid: 5\nblogcli: {flavor: plain, trashed_at: never, status: [a]}"
    item = read_file("x.md", f"---\n{fields}\n---\nBody")
    assert post_of(item).status is PostStatus.DRAFT
    assert post_of(item).extra == {
        "date": "soon",
        "status": "perhaps",
        "uuid": "5",
        "blogcli": {"trashed_at": "never", "status": ["a"]},
    }
    assert len(item.notes) == 5


def test_exported_file_without_status_is_published(read_file: ReadFile) -> None:
    assert post_of(read_file("x.md", "---\ntitle: x\nblogcli: {flavor: hugo}\n---\n")).status is PostStatus.PUBLISHED


@pytest.fixture
def read_pipe(tmp_path: Path) -> ReadPipe:
    """Return a function that reads a text as if it came from a pipe, and returns the post in the text."""

    def read_post(text: str) -> PostRecord:
        options = ReadOptions(zone=UTC, now=datetime(2024, 5, 31, tzinfo=UTC))
        with TemporaryFile(dir=tmp_path) as copy:
            (item,) = scan([Source.of_stream("-", BytesIO(text.encode()), copy)], options).items
            return post_of(read(item, options))

    return read_post


def test_piped_post_has_no_slug(read_pipe: ReadPipe) -> None:
    post = read_pipe("---\ntitle: My post\n---\nBody")
    assert (post.title, post.slug) == ("My post", None)


@pytest.mark.parametrize(
    ("text", "other_text", "is_same"),
    [
        ("# One", "# Two", False),
        ("# One\nText", "# One\nMore", True),
        ("Text", "More", False),
        ("Text", "Text", True),
        ("---\ntitle: One\n---\n# x", "---\ntitle: Two\n---\n# x", False),
        ("---\ntitle: One\nslug: x\n---\nText", "---\ntitle: Two\nslug: x\n---\nMore", True),
        ("---\ntitle: One\ndate: 2024-01-01\n---\n", "---\ntitle: One\ndate: 2024-01-02\n---\n", False),
    ],
)
def test_uuid_of_piped_post_depends_on_content(read_pipe: ReadPipe, text: str, other_text: str, is_same: bool) -> None:
    assert (read_pipe(text).uuid == read_pipe(other_text).uuid) is is_same


@pytest.mark.parametrize(
    "text",
    [
        "---\nTitle: Up\nDate: 2010-12-03\nTags: a, b\nStatus: draft\n---\n",
        "---\nTITLE: Up\npublishdate: 2010-12-03\ntags: [a, b]\nDraft: true\n---\n",
        "Title: Up\nDate: 2010-12-03\nTags: a, b\nStatus: draft\n---\n",
    ],
)
def test_field_names_are_case_insensitive(read_file: ReadFile, text: str) -> None:
    post = post_of(read_file("x.md", text))
    assert (post.title, post.tags, post.status) == ("Up", ("a", "b"), PostStatus.DRAFT)
    assert post.published_at == datetime(2010, 12, 2, 23, tzinfo=UTC)
    assert post.extra == {}


def test_field_name_in_usual_case_takes_precedence(read_file: ReadFile) -> None:
    post = post_of(read_file("x.md", "---\nTitle: Other\ntitle: This\nMood: good\n---\n"))
    assert (post.title, post.extra) == ("This", {"Title": "Other", "Mood": "good"})


def test_nikola_meta_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("Text\n")
    (tmp_path / "b.meta").write_text(".. title: From Nikola\n.. slug: nik-b\n.. status: private\n.. date: 2024-01-02\n")
    options = ReadOptions(zone=UTC, now=datetime(2024, 5, 31, tzinfo=UTC))
    (item,) = scan([Source.at(tmp_path)], options).items
    post = post_of(read(item, options))
    assert (post.title, post.slug, post.status, post.content) == ("From Nikola", "nik-b", PostStatus.DRAFT, "Text\n")
