"""What a subscriber sees of a post, whatever the kind of the feed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from blogcli.enums import FeedKind, PostStatus
from blogcli.interchange import feeds
from blogcli.interchange.records import Record, TagRecord, UserRecord
from tests.interchange.feeds.validators import ANNE, NOW, OPTIONS, Seen, make_post, seen, written

SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.parametrize("kind", FeedKind)


def one(kind: FeedKind, *people: UserRecord, **values: Any) -> Seen:
    (only,) = seen(kind, *people, make_post(**values))
    return only


def test_everything_that_is_known_of_a_post_is_seen(kind: FeedKind) -> None:
    tags, excerpt = ("C++", "日本", 'a "quote"'), "In short, a < b & c"
    post = make_post(content="*Hi*", tags=tags, excerpt=excerpt, updated_at=NOW)
    assert seen(kind, ANNE, TagRecord(name="unused"), post) == [
        Seen(
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
def test_what_is_not_published_by_now_is_left_out(kind: FeedKind, values: dict[str, Any]) -> None:
    assert seen(kind, ANNE, make_post(**values)) == []


def test_posts_stand_in_the_order_in_which_they_come(kind: FeedKind) -> None:
    posts = [make_post(uuid=UUID(int=number), title=str(number)) for number in (3, 1, 2)]
    assert [each.title for each in seen(kind, *posts)] == ["3", "1", "2"]


def test_a_post_is_written_before_the_next_one_is_asked_for(kind: FeedKind) -> None:
    def records() -> Iterator[Record]:
        yield make_post(title="The first")
        raise KeyboardInterrupt

    parts = feeds.writer.write(records(), replace(OPTIONS, feed=kind))
    assert "The first" in next(parts) + next(parts)
    with pytest.raises(KeyboardInterrupt):
        next(parts)


def test_the_same_records_give_the_same_text(kind: FeedKind) -> None:
    records: list[Record] = [ANNE, make_post(content="x", tags=("b", "a"))]
    assert written(kind, records) == written(kind, records)


@pytest.mark.parametrize("name", [None, "", " \n", "anne@example.org", "Anne <anne@example.org>", "\x01"])
def test_an_address_is_never_published(kind: FeedKind, name: str | None) -> None:
    assert "anne@" not in written(kind, [replace(ANNE, full_name=name), make_post()])
    assert one(kind, replace(ANNE, full_name=name)).author is None


def test_a_handle_is_a_name(kind: FeedKind) -> None:
    assert one(kind, replace(ANNE, full_name="@anne")).author == "@anne"


def test_an_author_who_is_not_among_the_people_is_not_named(kind: FeedKind) -> None:
    assert one(kind, ANNE, author="bob@example.org").author is None
    assert one(kind, ANNE, author=None).author is None


def test_a_post_is_updated_when_it_is_published_at_the_earliest(kind: FeedKind) -> None:
    if kind is not FeedKind.RSS:
        assert one(kind, updated_at=NOW - SECOND).updated == NOW
        assert one(kind, updated_at=None).updated == NOW
        assert one(kind, updated_at=NOW + SECOND).updated == NOW + SECOND


def test_instants_are_written_in_utc(kind: FeedKind) -> None:
    local = datetime(2024, 5, 1, 3, tzinfo=timezone(timedelta(hours=5)))
    found = one(kind, published_at=local)
    assert found.published == datetime(2024, 4, 30, 22, tzinfo=UTC)
    assert found.published.utcoffset() == timedelta()


def test_slugs_are_percent_encoded(kind: FeedKind) -> None:
    assert one(kind, slug="日-é.~_1").url == "https://example.org/blog/%E6%97%A5-%C3%A9.~_1/"


def test_a_post_without_a_slug_has_no_address(kind: FeedKind) -> None:
    assert one(kind, slug=None).url is None


def test_titles_are_plain_text(kind: FeedKind) -> None:
    assert one(kind, title="<b>AT&amp;T</b> ]]>").title == "<b>AT&amp;T</b> ]]>"


@pytest.mark.parametrize(
    ("language", "start"), [("js", '<code class="language-js">'), ("a" * 31, "<code>"), ("&amp;", "<code>")]
)
def test_code_keeps_its_language(kind: FeedKind, language: str, start: str) -> None:
    html = one(kind, content=f"```{language}\nx\n```").html
    assert html == f"<pre>{start}x\n</code></pre>\n"


def test_no_other_class_is_published(kind: FeedKind) -> None:
    html = one(kind, content='<code class="a language-js">x</code> <b class="language-js">y</b>').html
    assert html == "<p><code>x</code> <b>y</b></p>\n"


@pytest.mark.parametrize("name", ["ghost", "wordpress"])
def test_html_is_published_without_scripts(kind: FeedKind, name: str) -> None:
    html = "<p>\n\n    *a* <img src='/b.png'></p><script>alert(1)</script>"
    shown = one(kind, content=html, extra={name: {"content_format": "html"}}).html
    assert shown == '<p>\n\n    *a* <img src="https://example.org/b.png"></p>'


def test_scripts_are_not_published(kind: FeedKind) -> None:
    html = one(kind, content="<b onclick='alert(1)'>ok</b> <script>alert(2)</script>").html
    assert html == "<p><b>ok</b> </p>\n"


@pytest.mark.parametrize(
    "hidden", ["java\x01script:alert(1)", "java&#1;script:alert(1)", "&#xffff;javascript:alert(1)"]
)
def test_dropping_characters_makes_no_script(kind: FeedKind, hidden: str) -> None:
    html = one(kind, content=f'<a href="{hidden}">x</a>').html
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
def test_links_lead_to_the_same_place_from_anywhere(kind: FeedKind, relative: str, absolute: str) -> None:
    html = one(kind, content=f"[x]({relative}) ![]({relative})").html
    assert html is not None
    assert f'href="{absolute}"' in html
    assert f'src="{absolute}"' in html


def test_an_empty_text_is_a_text(kind: FeedKind) -> None:
    assert one(kind, content="").html == ""
    assert one(kind, excerpt=" ").summary is None
