"""What the specifications ask for: RFC 4287, RSS 2.0, JSON Feed 1.1."""

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
from tests.interchange.feeds.validators import ANNE, ATOM, NOW, OPTIONS, make_post, written

HOUR = timedelta(hours=1)
BLOG = [ANNE, make_post(updated_at=NOW - HOUR, tags=("a", "b"), excerpt="x", content="y")]
BLOG += [make_post(uuid=UUID(int=8), published_at=NOW - HOUR, updated_at=NOW + HOUR, author=None)]


def atom(records: list[Any]) -> ET.Element:
    return ET.fromstring(written(FeedKind.ATOM, records))  # noqa: S314 - written here


def channel(records: list[Any]) -> ET.Element:
    found = ET.fromstring(written(FeedKind.RSS, records)).find("channel")  # noqa: S314 - the same
    assert found is not None
    return found


def json_feed(*records: Any) -> Any:
    return json.loads(written(FeedKind.JSON, records))


@pytest.mark.parametrize("kind", [FeedKind.ATOM, FeedKind.RSS])
@pytest.mark.parametrize("records", [[], BLOG])
def test_a_strict_parser_has_nothing_to_say(kind: FeedKind, records: list[Any]) -> None:
    found = feedparser.parse(written(kind, records).encode())
    assert found.bozo == 0
    assert found.version == {FeedKind.ATOM: "atom10", FeedKind.RSS: "rss20"}[kind]
    assert found.feed.link == "https://example.org/blog/"
    assert [entry.id for entry in found.entries] == [post.uuid.urn for post in records[1:]]


@pytest.mark.parametrize("records", [[], BLOG])
def test_an_atom_feed_has_what_it_must_have_once(records: list[Any]) -> None:
    feed = atom(records)
    for parent in [feed, *feed.iter(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(parent.findall(f"{ATOM}{name}")) == 1
        assert len(parent.findall(f"{ATOM}link[@rel='alternate']")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Notes & more"


def test_atom_instants_are_rfc_3339() -> None:
    instants = [each.text or "" for each in atom(BLOG).iter() if each.tag in {f"{ATOM}updated", f"{ATOM}published"}]
    assert len(instants) == 5
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", instant) for instant in instants)


def test_an_atom_feed_is_updated_when_its_latest_entry_is() -> None:
    assert datetime.fromisoformat(atom(BLOG).findtext(f"{ATOM}updated", "")) == NOW + HOUR
    assert datetime.fromisoformat(atom([]).findtext(f"{ATOM}updated", "")) == NOW


@pytest.mark.parametrize("records", [[], BLOG])
def test_an_rss_channel_has_what_it_must_have_once(records: list[Any]) -> None:
    for name in ("title", "link", "description"):
        assert len(channel(records).findall(name)) == 1


def test_an_rss_guid_is_no_link() -> None:
    assert [guid.get("isPermaLink") for guid in channel(BLOG).iter("guid")] == ["false", "false"]


def test_an_rss_item_has_no_author_element_which_would_be_an_address() -> None:
    assert not list(channel(BLOG).iter("author"))


def test_rss_instants_are_rfc_822() -> None:
    assert [each.text for each in channel(BLOG).iter("pubDate")] == [
        "Sat, 01 Jun 2024 12:00:00 GMT",
        "Sat, 01 Jun 2024 11:00:00 GMT",
    ]
    assert channel(BLOG).findtext("lastBuildDate") == "Sat, 01 Jun 2024 13:00:00 GMT"
    assert channel([]).find("lastBuildDate") is None


def test_an_rss_description_is_html() -> None:
    item = channel([make_post(excerpt="1 < 2 & 3")]).find("item")
    assert item is not None
    assert item.findtext("description") == "1 &lt; 2 &amp; 3"


def test_a_json_feed_has_what_it_must_have() -> None:
    feed = json_feed(*BLOG)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Notes & more"
    assert feed["home_page_url"] == "https://example.org/blog/"
    assert all(isinstance(item["id"], str) and isinstance(item["content_html"], str) for item in feed["items"])
    assert json_feed()["items"] == []


def test_what_stands_for_the_address_of_the_blog_becomes_it() -> None:
    (item,) = json_feed(make_post(content="![a](__GHOST_URL__/content/a.png)"))["items"]
    assert 'src="https://example.org/blog/content/a.png"' in item["content_html"]


def test_a_json_feed_leaves_out_what_is_not_known() -> None:
    (item,) = json_feed(make_post(slug=None))["items"]
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
def test_a_json_feed_shows_the_image_of_a_post(extra: dict[str, Any], image: str | None) -> None:
    (item,) = json_feed(make_post(extra=extra))["items"]
    assert item.get("image") == image


def test_a_title_with_control_characters_is_written_without_them() -> None:
    text = written(FeedKind.JSON, [], replace(OPTIONS, title="a\x00\x1b\ud800\ufffeb\tc"))
    assert json.loads(text)["title"] == "ab\tc"
