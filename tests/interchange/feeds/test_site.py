"""Addresses of blogs, as feeds write them."""

import json
from dataclasses import replace

import pytest

from blogcli.enums import FeedKind
from blogcli.errors import UsageError
from blogcli.interchange import feeds
from tests.interchange.feeds.validators import OPTIONS, written


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://example.org", "https://example.org/"),
        ("https://example.org/", "https://example.org/"),
        ("https://bücher.example:8080/blög", "https://xn--bcher-kva.example:8080/bl%C3%B6g/"),
        # IDNA 2003 encoded this as another domain: strasse.example.
        ("https://Straße.example", "https://xn--strae-oqa.example/"),
        ("https://i❤.example", "https://xn--i-7iq.example/"),
        ("https://a..é.example", "https://a..xn--9ca.example/"),
        ("https://example.org/a%20b", "https://example.org/a%20b/"),
        ("https://example.org/a b", "https://example.org/a%20b/"),
        ("http://[::1]:80", "http://[::1]:80/"),
        ("https://example.org/<&\">'", "https://example.org/%3C&%22%3E'/"),
    ],
)
def test_the_address_of_a_blog_is_ascii(url: str, home: str) -> None:
    options = replace(OPTIONS, url=url)
    assert json.loads(written(FeedKind.JSON, [], options))["home_page_url"] == home


@pytest.mark.parametrize("title", ["", " \n", "\0"])
def test_a_feed_has_a_title(title: str) -> None:
    with pytest.raises(UsageError, match="A feed needs a title"):
        written(FeedKind.ATOM, [], replace(OPTIONS, title=title))


@pytest.mark.parametrize("kind", FeedKind)
@pytest.mark.parametrize(
    "url", ["", "blog", "//example.org", "ftp://example.org", "https://", "http://[", "https://a:99999", "https://a/?b"]
)
def test_what_is_no_address_of_a_blog_is_refused_at_once(kind: FeedKind, url: str) -> None:
    with pytest.raises(UsageError, match="Invalid blog URL"):
        feeds.writer.write([], replace(OPTIONS, url=url, feed=kind))
