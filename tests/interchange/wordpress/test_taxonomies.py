"""The tags of a post as categories of WordPress."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from blogcli.interchange.records import PostRecord
from blogcli.interchange.sanitize import sanitize_item
from blogcli.interchange.wordpress.taxonomies import format_categories
from tests.interchange.wordpress.exports import an_export, an_item, entries_of, written

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
    told = [f'<category domain="{a}" nicename="{b}"><![CDATA[{c}]]></category>' for a, b, c in CATEGORIES]
    (entry,) = map(sanitize_item, entries_of(written(tmp_path, an_export(an_item(*told)))))
    assert entry.post is not None
    assert entry.post.tags == ("Music", "Food & Drink", "a b", LONG[:50], "only-a-nicename")
    kept: Any = entry.post.extra["wordpress"]
    found = [(each["domain"], each["nicename"], text) for each, text in format_categories(entry.post, kept)]
    assert found == CATEGORIES


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ((), ["Aside"]),
        (("MUSIC",), ["Music", "music", "Aside"]),
        (("Music", "Q & A"), ["Music", "music", "Aside", "Q &amp; A"]),
    ],
)
def test_categories_follow_tags_of_post(tags: tuple[str, ...], names: list[str]) -> None:
    kept = {"categories": [{"domain": a, "nicename": b, "name": c} for a, b, c in CATEGORIES]}
    post = PostRecord(uuid=UUID(int=1), title="T", tags=tags)
    assert [text for _, text in format_categories(post, kept)] == names


def test_invalid_categories_are_ignored() -> None:
    post = PostRecord(uuid=UUID(int=1), title="T", tags=("a",))
    for kept in ({"categories": 7}, {"categories": ["a"]}, {"categories": {"name": "a"}}):
        assert list(format_categories(post, kept)) == [({"domain": "post_tag", "nicename": "a"}, "a")]
