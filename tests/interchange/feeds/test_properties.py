"""Property tests that feeds contain the texts of hostile posts, without the characters that XML forbids."""

import json
import re
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blogcli.enums import FeedKind
from blogcli.interchange.html import render_trusted, sanitize
from blogcli.interchange.records import UserRecord
from tests.interchange import strategies
from tests.interchange.feeds.parsers import ANNE, NOW, make_post, parse_feed, write_feed

UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HOSTILE_TEXTS = [
    "]]>",
    "<![CDATA[",
    "&amp;",
    "&#0;",
    "<!--",
    "\x00",
    "\x1b",
    "\ud800",
    "\ufffe",
    "\r\n",
    "\u2028",
    "\x85",
]
texts = st.lists(st.sampled_from(HOSTILE_TEXTS) | st.text(st.characters(), max_size=5), max_size=6).map("".join)
pytestmark = pytest.mark.parametrize("kind", FeedKind)


def remove_unwritable(text: str) -> str:
    return UNWRITABLE.sub("", text)


@settings(max_examples=50)
@given(title=texts, excerpt=texts, tags=st.lists(texts, max_size=3), name=texts, content=texts)
def test_article_contains_hostile_texts(
    kind: FeedKind, title: str, excerpt: str, tags: list[str], name: str, content: str
) -> None:
    author = UserRecord(email=ANNE.email, full_name=name)
    post = make_post(title=title, excerpt=excerpt, tags=tuple(tags), content=content, published_at=NOW)
    (article,) = parse_feed(kind, author, post)
    assert article.title == remove_unwritable(title)
    assert (article.summary or "") == remove_unwritable(excerpt).strip()
    assert article.tags == [remove_unwritable(tag) for tag in tags if remove_unwritable(tag)]
    assert (article.author or "") in {"", " ".join(remove_unwritable(name).split())}
    assert article.html == sanitize(
        remove_unwritable(render_trusted(remove_unwritable(content))), base=str(article.url)
    )


@settings(max_examples=20)
@given(records=st.lists(strategies.people | strategies.tag_records | strategies.posts(), max_size=4))
def test_feed_of_hostile_records_is_well_formed(kind: FeedKind, records: list[Any]) -> None:
    text = write_feed(kind, records)
    text.encode()
    if kind is FeedKind.JSON:
        json.loads(text)
    else:
        assert feedparser.parse(text.encode()).bozo == 0
