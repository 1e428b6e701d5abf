"""Tests that feeds meet requirements of their specifications: RFC 4287 (Atom), RSS 2.0 and JSON Feed 1.1."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import feedparser
import pytest

from blogcli.enums import FeedKind
from tests.interchange.feeds.parsers import ANNE, ATOM, NOW, OPTIONS, make_post, write_feed

HOUR = timedelta(hours=1)
RECORDS = [ANNE, make_post(updated_at=NOW - HOUR, tags=("a", "b"), excerpt="x", content="y")]
RECORDS += [make_post(uuid=UUID(int=8), published_at=NOW - HOUR, updated_at=NOW + HOUR, author=None)]


def parse_atom(records: list[Any]) -> ET.Element:
    return ET.fromstring(write_feed(FeedKind.ATOM, records))  # noqa: S314 - blogcli has written this text


def parse_channel(records: list[Any]) -> ET.Element:
    channel = ET.fromstring(write_feed(FeedKind.RSS, records)).find("channel")  # noqa: S314 - blogcli has written this text
    assert channel is not None
    return channel


def parse_json_feed(*records: Any) -> Any:
    return json.loads(write_feed(FeedKind.JSON, records))


@pytest.mark.parametrize("kind", [FeedKind.ATOM, FeedKind.RSS])
@pytest.mark.parametrize("records", [[], RECORDS])
def test_strict_parser_reports_no_error(kind: FeedKind, records: list[Any]) -> None:
    parsed = feedparser.parse(write_feed(kind, records).encode())
    assert parsed.bozo == 0
    assert parsed.version == {FeedKind.ATOM: "atom10", FeedKind.RSS: "rss20"}[kind]
    assert parsed.feed.link == "https://example.org/blog/"
    assert [entry.id for entry in parsed.entries] == [post.uuid.urn for post in records[1:]]


@pytest.mark.parametrize("records", [[], RECORDS])
def test_atom_feed_has_required_elements_once(records: list[Any]) -> None:
    feed = parse_atom(records)
    for parent in [feed, *feed.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
        assert len(parent.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Notes & more"


def test_atom_times_have_format_of_rfc_3339() -> None:
    names = {f"{ATOM}updated", f"{ATOM}published"}
    instants = [element.text or "" for element in parse_atom(RECORDS).iter() if element.tag in names]
    assert len(instants) == 5
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", instant) for instant in instants)


def test_atom_feed_has_update_time_of_latest_entry() -> None:
    assert datetime.fromisoformat(parse_atom(RECORDS).findtext(f"{ATOM}updated", "")) == NOW + HOUR
    assert datetime.fromisoformat(parse_atom([]).findtext(f"{ATOM}updated", "")) == NOW


@pytest.mark.parametrize("records", [[], RECORDS])
def test_rss_channel_has_required_elements_once(records: list[Any]) -> None:
    for name in ("title", "link", "description"):
        assert len(parse_channel(records).findall(name)) == 1


def test_rss_guid_is_not_a_permalink() -> None:
    assert [guid.get("isPermaLink") for guid in parse_channel(RECORDS).iter("guid")] == ["false", "false"]


def test_rss_item_has_no_author_element() -> None:
    assert not list(parse_channel(RECORDS).iter("author"))


def test_rss_times_have_format_of_rfc_822() -> None:
    assert [element.text for element in parse_channel(RECORDS).iter("pubDate")] == [
        "Sat, 01 Jun 2024 12:00:00 GMT",
        "Sat, 01 Jun 2024 11:00:00 GMT",
    ]
    assert parse_channel(RECORDS).findtext("lastBuildDate") == "Sat, 01 Jun 2024 13:00:00 GMT"
    assert parse_channel([]).find("lastBuildDate") is None


def test_rss_description_is_escaped_html() -> None:
    item = parse_channel([make_post(excerpt="1 < 2 & 3")]).find("item")
    assert item is not None
    assert item.findtext("description") == "1 &lt; 2 &amp; 3"


def test_json_feed_has_required_members() -> None:
    feed = parse_json_feed(*RECORDS)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Notes & more"
    assert feed["home_page_url"] == "https://example.org/blog/"
    assert all(isinstance(item["id"], str) and isinstance(item["content_html"], str) for item in feed["items"])
    assert parse_json_feed()["items"] == []


def test_ghost_placeholder_is_replaced_by_url_of_blog() -> None:
    (item,) = parse_json_feed(make_post(content="![a](__GHOST_URL__/content/a.png)"))["items"]
    assert 'src="https://example.org/blog/content/a.png"' in item["content_html"]


def test_json_feed_omits_missing_values() -> None:
    (item,) = parse_json_feed(make_post(slug=None))["items"]
    assert set(item) == {"id", "title", "content_html", "date_published", "date_modified"}


@pytest.mark.parametrize(
    ("extra", "image"),
    [
        ({"ghost": {"feature_image": "https://example.net/é.png"}}, "https://example.net/%C3%A9.png"),
        ({"ghost": {"feature_image": "__GHOST_URL__/content/a.png"}}, "https://example.org/blog/content/a.png"),
        ({"wordpress": {"feature_image": "/wp-content/a b.png"}}, "https://example.org/wp-content/a%20b.png"),
        ({"ghost": {"feature_image": "javascript:alert(1)"}}, None),
        ({"ghost": {"feature_image": "http://["}}, None),
        ({"ghost": {"feature_image": ["x"]}}, None),
        ({"ghost": ["feature_image"]}, None),
        ({"ghost": {"feature_image": " "}}, None),
        ({}, None),
    ],
)
def test_json_feed_contains_valid_feature_image(extra: dict[str, Any], image: str | None) -> None:
    (item,) = parse_json_feed(make_post(extra=extra))["items"]
    assert item.get("image") == image


def test_control_characters_in_title_are_removed() -> None:
    text = write_feed(FeedKind.JSON, [], replace(OPTIONS, title="a\x00\x1b\ud800\ufffeb\tc"))
    assert json.loads(text)["title"] == "ab\tc"
