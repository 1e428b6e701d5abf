"""Functions that write feeds with blogcli, and functions that parse feeds without using the code of blogcli."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from blogcli.enums import FeedKind, PostStatus
from blogcli.interchange import feeds
from blogcli.interchange.items import WriteOptions
from blogcli.interchange.records import PostRecord, Record, UserRecord

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
OPTIONS = WriteOptions(now=NOW, title="Notes & more", url="https://example.org/blog")
ANNE = UserRecord(email="anne@example.org", full_name="Anne Droid")


@dataclass(frozen=True, kw_only=True)
class ParsedArticle:
    """The values of an article that were parsed from a feed."""

    id: str
    title: str | None
    html: str | None
    url: str | None
    summary: str | None
    author: str | None
    tags: list[str]
    published: datetime
    updated: datetime | None


def make_post(**values: Any) -> PostRecord:
    defaults: dict[str, Any] = {"uuid": UUID(int=7), "title": "A title", "author": ANNE.email, "slug": "a-title"}
    defaults |= {"status": PostStatus.PUBLISHED, "published_at": NOW}
    return PostRecord(**defaults | values)


def write_feed(kind: FeedKind, records: Iterable[Record], options: WriteOptions = OPTIONS) -> str:
    return "".join(feeds.writer.write(records, replace(options, feed=kind)))


def parse_feed(kind: FeedKind, *records: Record, options: WriteOptions = OPTIONS) -> list[ParsedArticle]:
    parse = {FeedKind.ATOM: _parse_atom, FeedKind.RSS: _parse_rss, FeedKind.JSON: _parse_json}[kind]
    return parse(write_feed(kind, records, options).encode())


def _parse_atom(text: bytes) -> list[ParsedArticle]:
    return [
        ParsedArticle(
            id=entry.findtext(f"{ATOM}id", ""),
            title=entry.findtext(f"{ATOM}title"),
            html=entry.findtext(f"{ATOM}content"),
            url=next((link.get("href") for link in entry.findall(f"{ATOM}link")), None),
            summary=entry.findtext(f"{ATOM}summary"),
            author=entry.findtext(f"{ATOM}author/{ATOM}name"),
            tags=[category.get("term", "") for category in entry.findall(f"{ATOM}category")],
            published=datetime.fromisoformat(entry.findtext(f"{ATOM}published", "")),
            updated=datetime.fromisoformat(entry.findtext(f"{ATOM}updated", "")),
        )
        for entry in ET.fromstring(text).findall(f"{ATOM}entry")  # noqa: S314 - blogcli has written this text
    ]


def _parse_rss(text: bytes) -> list[ParsedArticle]:
    return [
        ParsedArticle(
            id=item.findtext("guid", ""),
            title=item.findtext("title"),
            html=item.findtext(f"{CONTENT}encoded"),
            url=item.findtext("link"),
            summary=unescape(item.findtext("description", "")) or None,
            author=item.findtext(f"{DC}creator"),
            tags=[category.text or "" for category in item.findall("category")],
            published=parsedate_to_datetime(item.findtext("pubDate", "")),
            updated=None,
        )
        for item in ET.fromstring(text).findall("channel/item")  # noqa: S314 - blogcli has written this text
    ]


def _parse_json(text: bytes) -> list[ParsedArticle]:
    return [
        ParsedArticle(
            id=item["id"],
            title=item["title"],
            html=item["content_html"],
            url=item.get("url"),
            summary=item.get("summary"),
            author=item["authors"][0]["name"] if "authors" in item else None,
            tags=item.get("tags", []),
            published=datetime.fromisoformat(item["date_published"]),
            updated=datetime.fromisoformat(item["date_modified"]),
        )
        for item in json.loads(text)["items"]
    ]
