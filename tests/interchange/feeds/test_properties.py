"""Whatever a post says, a feed says the same, but for the characters that it cannot carry."""

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
from tests.interchange.feeds.validators import ANNE, NOW, make_post, seen, written

UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
nasty = ["]]>", "<![CDATA[", "&amp;", "&#0;", "<!--", "\x00", "\x1b", "\ud800", "\ufffe", "\r\n", "\u2028", "\x85"]
texts = st.lists(st.sampled_from(nasty) | st.text(st.characters(), max_size=5), max_size=6).map("".join)
pytestmark = pytest.mark.parametrize("kind", FeedKind)


def kept(text: str) -> str:
    return UNWRITABLE.sub("", text)


@settings(max_examples=50)
@given(title=texts, excerpt=texts, tags=st.lists(texts, max_size=3), name=texts, content=texts)
def test_texts_arrive(kind: FeedKind, title: str, excerpt: str, tags: list[str], name: str, content: str) -> None:
    author = UserRecord(email=ANNE.email, full_name=name)
    post = make_post(title=title, excerpt=excerpt, tags=tuple(tags), content=content, published_at=NOW)
    (found,) = seen(kind, author, post)
    assert found.title == kept(title)
    assert (found.summary or "") == kept(excerpt).strip()
    assert found.tags == [kept(tag) for tag in tags if kept(tag)]
    assert (found.author or "") in {"", " ".join(kept(name).split())}
    assert found.html == sanitize(kept(render_trusted(kept(content))), base=str(found.url))


@settings(max_examples=20)
@given(found=st.lists(strategies.people | strategies.tag_records | strategies.posts(), max_size=4))
def test_any_blog_makes_a_feed(kind: FeedKind, found: list[Any]) -> None:
    text = written(kind, found)
    text.encode()
    if kind is FeedKind.JSON:
        json.loads(text)
    else:
        assert feedparser.parse(text.encode()).bozo == 0
