"""Tests that files of real blogs are read."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange.items import ImportedItem, ReadOptions
from blogcli.interchange.markdown.reader import read, scan
from blogcli.interchange.sources import Source

SAMPLES = Path(__file__).parents[2] / "data" / "interchange" / "markdown"
OPTIONS = ReadOptions(zone=ZoneInfo("Europe/Berlin"), now=datetime(2024, 5, 31, tzinfo=UTC), site="sample")


def items_of(blog: str) -> dict[str, ImportedItem | InvalidError]:
    items: dict[str, ImportedItem | InvalidError] = {}
    for item in scan([Source.at(SAMPLES / blog)], OPTIONS).items:
        try:
            items[Path(item.source).name] = read(item, OPTIONS)
        except InvalidError as error:
            items[Path(item.source).name] = error
    return items


@pytest.mark.parametrize(
    ("blog", "name", "title", "slug", "published_at", "tags", "extra"),
    [
        (
            "hexo",
            "categories.md",
            "Categories",
            "categories",
            "2013-12-24T22:30:09Z",
            ("Foo", "Bar", "Baz"),
            {"categories": ["Foo", "Bar", "Baz"]},
        ),
        ("hexo", "no-title.md", "No title", "no-title", "2013-12-25T21:57:49Z", (), {}),
        (
            "jekyll",
            "2023-01-20-jekyll-4-3-2-released.markdown",
            "Jekyll 4.3.2 Released",
            "jekyll-4-3-2-released",
            "2023-01-20T17:30:00Z",
            ("release",),
            {"version": "4.3.2", "category": "release"},
        ),
        (
            "zola",
            "index.md",
            "Announcing The RustConf PostConf UnConf",
            "rust-unconference",
            "2022-06-27T22:00:00Z",
            (),
            {"path": "2022/06/28/rust-unconference", "aliases": ["2022/06/28/rust-unconference.html"]},
        ),
        (
            "eleventy",
            "firstpost.md",
            "This is my first post.",
            "firstpost",
            "2018-04-30T22:00:00Z",
            ("another tag",),
            {},
        ),
    ],
)
def test_samples_of_real_blogs_are_read(
    blog: str, name: str, title: str, slug: str, published_at: str, tags: tuple[str, ...], extra: dict[str, object]
) -> None:
    item = items_of(blog)[name]
    assert isinstance(item, ImportedItem)
    assert item.post
    assert (item.post.title, item.post.slug, item.post.tags, item.post.extra) == (title, slug, tags, extra)
    assert item.post.published_at == datetime.fromisoformat(published_at)


def test_sample_with_program_code_is_refused() -> None:
    error = items_of("eleventy")["fifthpost.md"]
    assert isinstance(error, InvalidError)
    assert error.message == "Front matter: program code is not run (line 1)"
