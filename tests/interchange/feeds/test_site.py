"""Tests of the title and the URL of a blog in feeds."""

import json
from dataclasses import replace

import pytest

from blogcli.enums import FeedKind
from blogcli.errors import UsageError
from blogcli.interchange import feeds
from tests.interchange.feeds.parsers import OPTIONS, write_feed


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://bücher.example:8080/blög", "https://xn--bcher-kva.example:8080/bl%C3%B6g/"),
        # IDNA 2008 preserves the letter ß. IDNA 2003 would encode the host as strasse.example, which is another domain.
        ("https://Straße.example", "https://xn--strae-oqa.example/"),
        ("https://i❤.example", "https://xn--i-7iq.example/"),
        ("https://a..é.example", "https://a..xn--9ca.example/"),
        ("https://example.org/a%20b", "https://example.org/a%20b/"),
        ("https://example.org/a b", "https://example.org/a%20b/"),
        ("http://[::1]:80", "http://[::1]:80/"),
        ("https://example.org/<&\">'", "https://example.org/%3C&%22%3E'/"),
    ],
)
def test_url_of_blog_is_written_in_ascii(url: str, home: str) -> None:
    options = replace(OPTIONS, url=url)
    assert json.loads(write_feed(FeedKind.JSON, [], options))["home_page_url"] == home


@pytest.mark.parametrize("title", ["", " \n", "\0"])
def test_blank_title_is_rejected(title: str) -> None:
    with pytest.raises(UsageError, match="A feed needs a title"):
        write_feed(FeedKind.ATOM, [], replace(OPTIONS, title=title))


@pytest.mark.parametrize("kind", FeedKind)
@pytest.mark.parametrize(
    "url", ["", "blog", "//example.org", "ftp://example.org", "https://", "http://[", "https://a:99999", "https://a/?b"]
)
def test_invalid_url_is_rejected_before_writing(kind: FeedKind, url: str) -> None:
    with pytest.raises(UsageError, match="Invalid blog URL"):
        feeds.writer.write([], replace(OPTIONS, url=url, feed=kind))
