"""Tests of writing tags to a WordPress export as <category> elements."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from blogcli.interchange.records import PostRecord
from blogcli.interchange.sanitize import sanitize_item
from blogcli.interchange.wordpress.taxonomies import format_categories
from tests.interchange.wordpress.exports import make_export, make_item, read_items, write_sources

LONG = "x" * 60
CATEGORIES = [
    ("category", "music", "Music"),
    ("post_tag", "music-2", "music"),
    ("category", "food-drink", "Food &amp; Drink"),
    ("category", "a-b", "a, b"),
    ("category", "long", LONG),
    ("category", "only-a-nicename", ""),
    ("post_format", "post-format-aside", "Aside"),
]


def test_categories_round_trip(tmp_path: Path) -> None:
    elements = [
        f'<category domain="{domain}" nicename="{nicename}"><![CDATA[{name}]]></category>'
        for domain, nicename, name in CATEGORIES
    ]
    (item,) = map(sanitize_item, read_items(write_sources(tmp_path, make_export(make_item(*elements)))))
    assert item.post is not None
    assert item.post.tags == ("Music", "Food & Drink", "a b", LONG[:50], "only-a-nicename")
    fields: Any = item.post.extra["wordpress"]
    categories = [
        (attributes["domain"], attributes["nicename"], text)
        for attributes, text in format_categories(item.post, fields)
    ]
    assert categories == CATEGORIES


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ((), ["Aside"]),
        (("MUSIC",), ["Music", "music", "Aside"]),
        (("Music", "Q & A"), ["Music", "music", "Aside", "Q &amp; A"]),
    ],
)
def test_categories_follow_tags_of_post(tags: tuple[str, ...], names: list[str]) -> None:
    fields = {
        "categories": [{"domain": domain, "nicename": nicename, "name": name} for domain, nicename, name in CATEGORIES]
    }
    post = PostRecord(uuid=UUID(int=1), title="T", tags=tags)
    assert [text for _, text in format_categories(post, fields)] == names


def test_invalid_categories_are_ignored() -> None:
    post = PostRecord(uuid=UUID(int=1), title="T", tags=("a",))
    for fields in ({"categories": 7}, {"categories": ["a"]}, {"categories": {"name": "a"}}):
        assert list(format_categories(post, fields)) == [({"domain": "post_tag", "nicename": "a"}, "a")]
