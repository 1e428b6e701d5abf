"""Tests of reading the slug from the front matter, a permalink or the file name."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blogcli.interchange.notes import NoteCode
from blogcli.interchange.sanitize import sanitize_item
from tests.interchange.markdown.imported_items import ReadFile, codes_of, post_of


@pytest.mark.parametrize(
    ("line", "slug", "extra"),
    [
        ("url: /2020/01/old-name/", "old-name", {"url": "/2020/01/old-name/"}),
        ("permalink: /old-name.html", "old-name", {"permalink": "/old-name.html"}),
        ("permalink: /old/index.html", "old", {"permalink": "/old/index.html"}),
        ("permalink: https://example.org/%C3%A9t%C3%A9/", "été", {"permalink": "https://example.org/%C3%A9t%C3%A9/"}),
        ("permalink: /:categories/:title", "name", {"permalink": "/:categories/:title"}),
        ("permalink: /{{ page.x }}/", "name", {"permalink": "/{{ page.x }}/"}),
        ("permalink: false", "name", {"permalink": "false"}),
        ("url: /", "name", {"url": "/"}),
        ("slug: a/b", "b", {"original_slug": "a/b"}),
        ("aliases: [/old]", "name", {"aliases": ["/old"]}),
    ],
)
def test_slug_is_inferred_from_permalink(read_file: ReadFile, line: str, slug: str, extra: dict[str, Any]) -> None:
    post = post_of(read_file("name.md", f"---\ntitle: x\n{line}\n---\n"))
    assert (post.slug, post.extra) == (slug, extra)


@pytest.mark.parametrize(
    ("slug", "note"),
    [
        ("a/b/", "the slug 'a/b/' is a path; it became 'b'"),
        ("/", "the slug '/' is a path; it became 'name'"),
        ("/:year/:title", "the slug '/:year/:title' is a path; it became 'name'"),
    ],
)
def test_slug_with_slash_is_shortened_with_one_note(read_file: ReadFile, slug: str, note: str) -> None:
    item = sanitize_item(read_file("name.md", f"---\ntitle: x\nslug: {slug}\ndraft: false\n---\n"))
    assert (item.notes[0].message, len(item.notes)) == (note, 1)
    assert post_of(item).extra == {"original_slug": slug}


def test_empty_slug_path_with_header_uses_title(read_file: ReadFile) -> None:
    item = read_file("name.md", "Title: x\nSlug: /\n\nBody")
    assert (post_of(item).slug, item.notes[0].message) == (None, "the slug '/' is a path; it is made from the title")


def test_day_is_inferred_from_zola_path(read_file: ReadFile) -> None:
    item = read_file("content/x.md", '+++\ntitle = "x"\npath = "2021/01/26/y"\n+++\n')
    assert (post_of(item).slug, post_of(item).published_at) == ("y", datetime(2021, 1, 25, 23, tzinfo=UTC))
    assert codes_of(item) == [NoteCode.DATE_INFERRED]
