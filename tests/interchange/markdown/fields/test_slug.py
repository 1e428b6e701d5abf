"""The slug of a post: from its fields, its address or the name of its file."""

from datetime import UTC, datetime
from typing import Any

import pytest

from blogcli.interchange.notes import NoteCode
from blogcli.interchange.sanitize import sanitize_item
from tests.interchange.markdown.blogs import codes_of, post_of


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
def test_addresses_say_the_slug_and_stay(one: Any, line: str, slug: str, extra: dict[str, Any]) -> None:
    post = post_of(one("name.md", f"---\ntitle: x\n{line}\n---\n"))
    assert (post.slug, post.extra) == (slug, extra)


@pytest.mark.parametrize(
    ("slug", "note"),
    [
        ("a/b/", "the slug 'a/b/' is a path; it became 'b'"),
        ("/", "the slug '/' is a path; it became 'name'"),
        ("/:year/:title", "the slug '/:year/:title' is a path; it became 'name'"),
    ],
)
def test_a_slug_that_is_a_path_is_noted_once(one: Any, slug: str, note: str) -> None:
    entry = sanitize_item(one("name.md", f"---\ntitle: x\nslug: {slug}\ndraft: false\n---\n"))
    assert (entry.notes[0].message, len(entry.notes)) == (note, 1)
    assert post_of(entry).extra == {"original_slug": slug}


def test_a_slug_without_a_name_is_made_from_the_title_above_a_header(one: Any) -> None:
    entry = one("name.md", "Title: x\nSlug: /\n\nBody")
    assert (post_of(entry).slug, entry.notes[0].message) == (None, "the slug '/' is a path; it is made from the title")


def test_zola_has_the_day_in_the_path(one: Any) -> None:
    entry = one("content/x.md", '+++\ntitle = "x"\npath = "2021/01/26/y"\n+++\n')
    assert (post_of(entry).slug, post_of(entry).published_at) == ("y", datetime(2021, 1, 25, 23, tzinfo=UTC))
    assert codes_of(entry) == [NoteCode.DATE_INFERRED]
