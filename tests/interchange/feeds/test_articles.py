"""Tests of the articles in Atom, RSS and JSON feeds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from blogcli.enums import FeedKind, PostStatus
from blogcli.interchange import feeds
from blogcli.interchange.records import Record, TagRecord, UserRecord
from tests.interchange.feeds.parsers import ANNE, NOW, OPTIONS, ParsedArticle, make_post, parse_feed, write_feed

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.parametrize("kind", FeedKind)


def parse_article(kind: FeedKind, *people: UserRecord, **values: Any) -> ParsedArticle:
    """Write a feed of `people` and a post with `values`, and return the article that is parsed from this feed."""
    (article,) = parse_feed(kind, *people, make_post(**values))
    return article


def test_article_contains_all_fields(kind: FeedKind) -> None:
    tags = ("C++", "日本", 'a "quote"')
    excerpt = "In short, a < b & c"
    post = make_post(content="*Hi*", tags=tags, excerpt=excerpt, updated_at=NOW)
    assert parse_feed(kind, ANNE, TagRecord(name="unused"), post) == [
        ParsedArticle(
            id="urn:uuid:00000000-0000-0000-0000-000000000007",
            title="A title",
            html="<p><em>Hi</em></p>\n",
            url="https://example.org/blog/a-title/",
            summary=excerpt,
            author="Anne Droid",
            tags=list(tags),
            published=NOW,
            updated=None if kind is FeedKind.RSS else NOW,
        )
    ]


@pytest.mark.parametrize(
    "values",
    [
        {"status": PostStatus.DRAFT},
        {"status": PostStatus.SCHEDULED},
        {"status": PostStatus.TRASHED},
        {"trashed_at": NOW - SECOND},
        {"published_at": None},
        {"published_at": NOW + SECOND},
    ],
)
def test_unpublished_post_is_not_written(kind: FeedKind, values: dict[str, Any]) -> None:
    assert parse_feed(kind, ANNE, make_post(**values)) == []


def test_articles_have_the_order_of_the_records(kind: FeedKind) -> None:
    posts = [make_post(uuid=UUID(int=number), title=str(number)) for number in (3, 1, 2)]
    assert [article.title for article in parse_feed(kind, *posts)] == ["3", "1", "2"]


def test_article_is_written_before_the_next_record_is_read(kind: FeedKind) -> None:
    def records() -> Iterator[Record]:
        yield make_post(title="The first")
        raise KeyboardInterrupt

    parts = feeds.writer.write(records(), replace(OPTIONS, feed=kind))
    assert "The first" in next(parts) + next(parts)
    with pytest.raises(KeyboardInterrupt):
        next(parts)


def test_writing_is_repeatable(kind: FeedKind) -> None:
    records: list[Record] = [ANNE, make_post(content="x", tags=("b", "a"))]
    assert write_feed(kind, records) == write_feed(kind, records)


@pytest.mark.parametrize("name", [None, "", " \n", "anne@example.org", "Anne <anne@example.org>", "\x01"])
def test_email_address_in_a_name_is_not_published(kind: FeedKind, name: str | None) -> None:
    assert "anne@" not in write_feed(kind, [replace(ANNE, full_name=name), make_post()])
    assert parse_article(kind, replace(ANNE, full_name=name)).author is None


def test_name_with_at_sign_but_no_address_is_published(kind: FeedKind) -> None:
    assert parse_article(kind, replace(ANNE, full_name="@anne")).author == "@anne"


def test_author_without_a_user_record_has_no_name(kind: FeedKind) -> None:
    assert parse_article(kind, ANNE, author="bob@example.org").author is None
    assert parse_article(kind, ANNE, author=None).author is None


def test_update_time_is_not_before_publication(kind: FeedKind) -> None:
    if kind is not FeedKind.RSS:
        assert parse_article(kind, updated_at=NOW - SECOND).updated == NOW
        assert parse_article(kind, updated_at=None).updated == NOW
        assert parse_article(kind, updated_at=NOW + SECOND).updated == NOW + SECOND


def test_times_are_written_in_utc(kind: FeedKind) -> None:
    local = datetime(2024, 5, 1, 3, tzinfo=timezone(timedelta(hours=5)))
    article = parse_article(kind, published_at=local)
    assert article.published == datetime(2024, 4, 30, 22, tzinfo=UTC)
    assert article.published.utcoffset() == timedelta()


def test_slugs_are_percent_encoded(kind: FeedKind) -> None:
    assert parse_article(kind, slug="日-é.~_1").url == "https://example.org/blog/%E6%97%A5-%C3%A9.~_1/"


def test_article_without_slug_has_no_url(kind: FeedKind) -> None:
    assert parse_article(kind, slug=None).url is None


def test_title_is_plain_text(kind: FeedKind) -> None:
    assert parse_article(kind, title="<b>AT&amp;T</b> ]]>").title == "<b>AT&amp;T</b> ]]>"


@pytest.mark.parametrize(
    ("language", "start"), [("js", '<code class="language-js">'), ("a" * 31, "<code>"), ("&amp;", "<code>")]
)
def test_class_of_code_language_is_published_if_valid(kind: FeedKind, language: str, start: str) -> None:
    html = parse_article(kind, content=f"```{language}\nx\n```").html
    assert html == f"<pre>{start}x\n</code></pre>\n"


def test_other_classes_are_not_published(kind: FeedKind) -> None:
    html = parse_article(kind, content='<code class="a language-js">x</code> <b class="language-js">y</b>').html
    assert html == "<p><code>x</code> <b>y</b></p>\n"


@pytest.mark.parametrize("name", ["ghost", "wordpress"])
def test_html_content_is_published_without_scripts(kind: FeedKind, name: str) -> None:
    html = "<p>\n\n    *a* <img src='/b.png'></p><script>alert(1)</script>"
    published = parse_article(kind, content=html, extra={name: {"content_format": "html"}}).html
    assert published == '<p>\n\n    *a* <img src="https://example.org/b.png"></p>'


def test_markdown_content_is_published_without_scripts(kind: FeedKind) -> None:
    html = parse_article(kind, content="<b onclick='alert(1)'>ok</b> <script>alert(2)</script>").html
    assert html == "<p><b>ok</b> </p>\n"


@pytest.mark.parametrize("href", ["java\x01script:alert(1)", "java&#1;script:alert(1)", "&#xffff;javascript:alert(1)"])
def test_removed_character_does_not_create_script(kind: FeedKind, href: str) -> None:
    html = parse_article(kind, content=f'<a href="{href}">x</a>').html
    assert html is not None
    assert 'href="javascript:' not in html


@pytest.mark.parametrize(
    ("relative", "absolute"),
    [
        ("/about", "https://example.org/about"),
        ("image.png", "https://example.org/blog/a-title/image.png"),
        ("#note", "https://example.org/blog/a-title/#note"),
        ("//cdn.example.net/x", "https://cdn.example.net/x"),
        ("http://example.net/", "http://example.net/"),
    ],
)
def test_relative_urls_become_absolute(kind: FeedKind, relative: str, absolute: str) -> None:
    html = parse_article(kind, content=f"[x]({relative}) ![]({relative})").html
    assert html is not None
    assert f'href="{absolute}"' in html
    assert f'src="{absolute}"' in html


def test_empty_content_is_written_but_blank_summary_is_not(kind: FeedKind) -> None:
    assert parse_article(kind, content="").html == ""
    assert parse_article(kind, excerpt=" ").summary is None
