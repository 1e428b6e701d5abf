"""Tests that elements of WordPress plugins are imported and exported unchanged."""

from pathlib import Path
from typing import Any

import pytest

from blogcli.interchange.wordpress.unknown_elements import format_unknown_elements
from tests.interchange.wordpress.exports import make_export, make_item, posts_of, read_items, write_sources


def read_elements(folder: Path, *elements: str) -> Any:
    (post,) = posts_of(read_items(write_sources(folder, make_export(make_item(*elements)))))
    fields: Any = post.extra.get("wordpress", {})
    return fields.get("elements")


@pytest.mark.parametrize(
    "element",
    [
        '<m:thumbnail xmlns:m="urn:media" m:url="u&quot;&#10;" name="n" text="t">a &lt; b<b>d</b>eep</m:thumbnail>',
        '<a xmlns="urn:one"><b xmlns="urn:two" xml:lang="de">c</b></a>',
        '<enclosure url="https://a/b.mp3"/>',
        "<wp:plugin><dc:x>y</dc:x></wp:plugin>",
        "<\xe9t\xe9>x</\xe9t\xe9>",
    ],
)
def test_unknown_elements_round_trip(tmp_path: Path, element: str) -> None:
    elements = read_elements(tmp_path, element)
    assert elements
    assert read_elements(tmp_path, *format_unknown_elements({"elements": elements})) == elements


@pytest.mark.parametrize(
    "element",
    [
        {"name": "a b"},
        {"name": ""},
        {"name": 5},
        {"name": "1a"},
        {"name": "x><y"},
        {"name": "media:x"},
        {"name": "blogcli:record"},
        {"name": "{urn:blogcli:export:1}record"},
        {"name": "{http://www.w3.org/2000/xmlns/}a"},
        {"name": "\u2c72\ua7fd\U00010400"},
        {"name": "title", "text": "again"},
        {"name": "wp:postmeta"},
        "x",
    ],
)
def test_invalid_or_known_elements_are_not_written(element: object) -> None:
    assert list(format_unknown_elements({"elements": [element]})) == []


def test_invalid_parts_of_elements_are_skipped() -> None:
    stored = {"name": "a", "attributes": {"b c": "x", "d": 5, "e": "f"}, "children": [{"name": "<"}, 7], "text": ["x"]}
    assert list(format_unknown_elements({"elements": [stored]})) == ['<a e="f"></a>']
