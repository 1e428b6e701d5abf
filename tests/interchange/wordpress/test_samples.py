"""Tests of reading complete export files that WordPress wrote."""

from collections import Counter
from pathlib import Path
from typing import Any

from blogcli.interchange import format_detection
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.sanitize import sanitize_item
from blogcli.interchange.sources import Source
from tests.interchange.wordpress.exports import codes_of, posts_of, read_items

DATA = Path(__file__).parents[2] / "data" / "interchange" / "wordpress"


def sample(name: str) -> Source:
    return Source(name, DATA / name)


def test_export_with_blocks_is_read() -> None:
    items = [sanitize_item(item) for item in read_items([sample("blocks.xml")])]
    posts = posts_of(items)
    assert len(posts) == 7
    assert {post.author for post in posts} == {person.email for item in items for person in item.people}
    assert {tag.name for item in items for tag in item.tags} >= {"Foo", "ruby", "stars"}
    last = posts[-1]
    assert last.tags == ("code", "Foo", "ruby", "ship", "stars")
    assert '```\nquery = "Generate an image' in last.content
    assert "<!-- wp:" not in "".join(post.content for post in posts)
    first: Any = posts[0].extra["wordpress"]
    assert first["feature_image"].endswith("/0565b-tt4_post_1.jpg")
    assert Counter(codes_of(items)) == {NoteCode.NOT_IMPORTED: 10, NoteCode.CONTENT_CONVERTED: 7}


def test_site_in_several_files_is_read() -> None:
    sources = [sample("pages.xml"), sample("posts.xml")]
    assert format_detection.detect_format(sources) == "wordpress"
    items = [sanitize_item(item) for item in read_items(sources)]
    assert [post.status.value for post in posts_of(items)] == ["draft", "published", "published"]
    assert not any(note.is_failure for item in items for note in item.notes)
