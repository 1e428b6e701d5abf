"""Tests of reading items of WordPress exports: statuses, dates, titles, slugs and extra fields."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord
from tests.interchange.wordpress.exports import (
    codes_of,
    make_export,
    make_item,
    make_meta,
    posts_of,
    read_items,
    write_sources,
)

DATE = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def read_item(folder: Path, *children: str, **fields: str) -> ImportedItem:
    (item,) = read_items(write_sources(folder, make_export(make_item(*children, **fields))), zone=BERLIN)
    return item


def read_post(folder: Path, *children: str, **fields: str) -> PostRecord:
    post = read_item(folder, *children, **fields).post
    assert post is not None
    return post


def extra_fields(post: PostRecord) -> dict[str, Any]:
    fields: Any = post.extra.get("wordpress", {})
    return dict(fields)


@pytest.mark.parametrize(
    ("status", "expected", "published_at", "codes"),
    [
        ("publish", PostStatus.PUBLISHED, DATE, []),
        ("future", PostStatus.PUBLISHED, DATE, []),
        ("draft", PostStatus.DRAFT, None, []),
        ("pending", PostStatus.DRAFT, None, []),
        ("auto-draft", PostStatus.DRAFT, None, []),
        ("private", PostStatus.DRAFT, None, [NoteCode.NOT_PUBLIC]),
        ("wc-completed", PostStatus.DRAFT, None, [NoteCode.STATUS_INFERRED]),
        ("", PostStatus.DRAFT, None, [NoteCode.STATUS_INFERRED]),
    ],
)
def test_status_of_item_is_converted(
    tmp_path: Path, status: str, expected: PostStatus, published_at: datetime | None, codes: list[NoteCode]
) -> None:
    item = read_item(tmp_path, status=status)
    assert item.post is not None
    assert (item.post.status, item.post.published_at, item.post.created_at) == (expected, published_at, DATE)
    assert codes_of([item]) == codes


def test_password_makes_post_a_draft(tmp_path: Path) -> None:
    item = read_item(tmp_path, post_password="enter")  # noqa: S106 - not a secret
    assert item.post is not None
    assert item.post.status is PostStatus.DRAFT
    assert extra_fields(item.post) == {"post_id": "1", "post_password": "enter", "status": "publish"}
    assert codes_of([item]) == [NoteCode.NOT_PUBLIC]


@pytest.mark.parametrize(
    ("meta", "content"),
    [
        ("paid_subscribers", ""),
        ("subscribers", ""),
        ("", "<!-- wp:jetpack/paywall /-->"),
        (
            "everybody",
            "<!-- wp:premium-content/container --><p>x</p><!-- /wp:premium-content/container -->",
        ),
    ],
)
def test_post_for_members_becomes_draft(tmp_path: Path, meta: str, content: str) -> None:
    item = read_item(tmp_path, make_meta("_jetpack_newsletter_access", meta), content=content)
    assert item.post
    assert (item.post.status, extra_fields(item.post)["status"]) == (PostStatus.DRAFT, "publish")
    assert NoteCode.NOT_PUBLIC in codes_of([item])
    free = read_item(tmp_path, make_meta("_jetpack_newsletter_access", "everybody"))
    assert codes_of([free]) == []


def test_future_post_is_scheduled(tmp_path: Path) -> None:
    item = read_item(tmp_path, status="future", post_date_gmt="2999-01-02 03:04:05")
    assert item.post is not None
    assert (item.post.status, item.post.published_at) == (PostStatus.SCHEDULED, item.post.created_at)
    assert codes_of([item]) == []


def test_status_before_trash_is_stored(tmp_path: Path) -> None:
    post = read_post(tmp_path, make_meta("_wp_trash_meta_status", "pending"), status="trash")
    assert extra_fields(post)["status"] == "pending"


def test_trashed_post_stays_in_trash(tmp_path: Path) -> None:
    metas = make_meta("_wp_trash_meta_status", "publish"), make_meta("_wp_desired_post_slug", "hello")
    post = read_post(
        tmp_path, *metas, status="trash", post_name="hello__trashed", post_modified_gmt="2021-01-01 00:00:00"
    )
    assert post.trashed_at == datetime(2021, 1, 1, tzinfo=UTC)
    assert (post.status, post.published_at, post.slug) == (PostStatus.PUBLISHED, DATE, "hello")


def test_trash_time_sets_trashed_at(tmp_path: Path) -> None:
    post = read_post(tmp_path, make_meta("_wp_trash_meta_time", "86400"), status="trash")
    assert post.trashed_at == datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["page", "attachment", "nav_menu_item", "revision", "product"])
def test_other_post_types_are_reported(tmp_path: Path, kind: str) -> None:
    item = read_item(tmp_path, post_type=kind, title="About")
    assert item.post is None
    assert codes_of([item]) == [NoteCode.NOT_IMPORTED]
    assert f"{kind} 'About'" in item.notes[0].message


@pytest.mark.parametrize(
    ("fields", "created_at", "is_inferred"),
    [
        ({"post_date_gmt": "2020-07-01 10:00:00", "post_date": "2020-07-01 12:00:00"}, (2020, 7, 1, 10), False),
        ({"post_date_gmt": "0000-00-00 00:00:00", "post_date": "2020-07-01 12:00:00"}, (2020, 7, 1, 10), True),
        ({"post_date_gmt": "", "post_date": "2020-03-29 02:30:00"}, (2020, 3, 29, 1, 30), True),
        ({"post_date_gmt": "2020-13-45 99:00:00", "post_date": ""}, None, False),
        ({"post_date_gmt": "0000-00-00 00:00:00", "post_date": "0000-00-00 00:00:00"}, None, False),
        ({"post_date_gmt": "", "post_date": "0001-01-01 00:00:00"}, None, False),
    ],
)
def test_date_in_gmt_precedes_local_date(
    tmp_path: Path, fields: dict[str, str], created_at: tuple[int, int, int] | None, is_inferred: bool
) -> None:
    item = read_item(tmp_path, **fields)
    assert item.post is not None
    assert item.post.created_at == (created_at and datetime(*created_at, tzinfo=UTC))
    assert (NoteCode.DATE_INFERRED in codes_of([item])) is is_inferred


@pytest.mark.parametrize(
    ("text", "created_at"),
    [
        ("Thu, 02 Jan 2020 03:04:05 +0000", DATE),
        ("Mon, 30 Nov -0001 00:00:00 +0000", None),
        ("yesterday", None),
        ("Thu, 02 Jan 2020 03:04:05 +9999999999", None),
    ],
)
def test_pub_date_is_used_without_other_dates(tmp_path: Path, text: str, created_at: datetime | None) -> None:
    assert read_post(tmp_path, f"<pubDate>{text}</pubDate>", post_date_gmt="").created_at == created_at


@pytest.mark.parametrize(
    ("post_name", "slug"),
    [
        ("hello-world", "hello-world"),
        ("%e6%97%a5%E6%9C%AC", "\u65e5\u672c"),
        ("%E3%82%AB%E3%83", "\u30ab"),
        ("Caf%C3%89", "caf\xe9"),
        ("", None),
    ],
)
def test_slug_is_decoded(tmp_path: Path, post_name: str, slug: str | None) -> None:
    assert read_post(tmp_path, post_name=post_name).slug == slug


@pytest.mark.parametrize(
    ("written_title", "title"),
    [
        ("Tom &amp;amp; Jerry&amp;#8217;s", "Tom & Jerry\u2019s"),
        ("AT&amp;T &amp;copy2", "AT&T &copy2"),
        ("5 &lt; 6 &lt;tag&gt;", "5 < 6 <tag>"),
        ("", ""),
    ],
)
def test_title_is_plain_text(tmp_path: Path, written_title: str, title: str) -> None:
    item = read_item(tmp_path, title=written_title)
    assert item.post is not None
    assert item.post.title == title
    assert codes_of([item]) == []


def test_title_with_markup_is_stored_in_extra(tmp_path: Path) -> None:
    item = read_item(tmp_path, title="<![CDATA[A <em>fine</em><br />title]]>")
    assert item.post is not None
    assert item.post.title == "A fine title"
    assert extra_fields(item.post)["title"] == "A <em>fine</em><br />title"
    assert codes_of([item]) == [NoteCode.VALUE_CHANGED]


def test_tags_of_item_are_ordered_and_unique(tmp_path: Path) -> None:
    post = read_post(
        tmp_path,
        "<category>News</category>",
        '<category domain="category" nicename="news">News</category>',
        '<category domain="tag">roar</category><category domain="tag" nicename="roar">roar</category>',
        '<category domain="post_tag" nicename="q-a"><![CDATA[Q &amp; A]]></category>',
        '<category domain="post_format" nicename="post-format-aside">Aside</category>',
    )
    assert post.tags == ("News", "roar", "Q & A")
    assert extra_fields(post)["categories"] == [
        {"domain": "category", "nicename": "news", "name": "News"},
        {"domain": "tag", "nicename": "roar", "name": "roar"},
        {"domain": "post_tag", "nicename": "q-a", "name": "Q &amp; A"},
        {"domain": "post_format", "nicename": "post-format-aside", "name": "Aside"},
    ]


COMMENT = "<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_content>Hi</wp:comment_content></wp:comment>"
THUMBNAIL = '<media:thumbnail xmlns:media="http://media.example/" url="u"><b>deep</b></media:thumbnail>'
THUMBNAIL_FIELDS = {
    "name": "{http://media.example/}thumbnail",
    "attributes": {"url": "u"},
    "children": [{"name": "b", "text": "deep"}],
}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('<guid isPermaLink="true">https://a/1</guid>', {"guid": "https://a/1", "guid_is_permalink": "true"}),
        ('<guid isPermaLink="false">https://a/1</guid>', {"guid": "https://a/1"}),
        ("<link>https://a/b</link><description/>", {"link": "https://a/b"}),
        ("<wp:is_sticky>1</wp:is_sticky>", {"is_sticky": "1"}),
        ("<wp:comment_status>closed</wp:comment_status>", {"comment_status": "closed"}),
        ("<wp:comment_status>open</wp:comment_status><wp:menu_order>0</wp:menu_order>", {}),
        ("<wp:post_date>2020-01-02 04:04:05</wp:post_date>", {"post_date": "2020-01-02 04:04:05"}),
        ("<pubDate>Thu, 02 Jan 2020 03:04:05 +0000</pubDate>", {}),
        ("<pubDate>yesterday</pubDate>", {"pubDate": "yesterday"}),
        (make_meta("views", "a:1:{i:0;N;}"), {"postmeta": [{"key": "views", "value": "a:1:{i:0;N;}"}]}),
        (make_meta("_blogcli_x", "own"), {}),
        (COMMENT, {"comments": [{"comment_id": "3", "comment_content": "Hi"}]}),
        (THUMBNAIL, {"elements": [THUMBNAIL_FIELDS]}),
        ("<title>again</title>", {"elements": [{"name": "title", "text": "again"}]}),
    ],
)
def test_unsupported_elements_are_stored_in_extra(tmp_path: Path, element: str, expected: dict[str, Any]) -> None:
    assert extra_fields(read_post(tmp_path, element)) == {"post_id": "1"} | expected


def test_uuid_depends_on_guid(tmp_path: Path) -> None:
    guids = ["<guid>one</guid>", "<guid>two</guid>", "", "<link>https://blog.example/a</link>"]
    items_xml = [make_item(guid, post_id="", title=title) for guid in guids for title in ("A", "B")]
    uuids = [post.uuid for post in posts_of(read_items(write_sources(tmp_path, make_export(*items_xml))))]
    assert [len({*uuids[start : start + 2]}) for start in (0, 2, 4, 6)] == [1, 1, 2, 1]
    assert uuids == [post.uuid for post in posts_of(read_items(write_sources(tmp_path, make_export(*items_xml))))]


@pytest.mark.parametrize(
    ("host", "is_same_post"), [("localhost:8888", False), ("blog.local", False), ("blog.org", True)]
)
def test_guid_of_local_site_is_unique_within_blog(tmp_path: Path, host: str, is_same_post: bool) -> None:
    export = make_export(make_item(f"<guid>http://{host}/?p=1</guid>"))
    sources = write_sources(tmp_path, export, export, export.replace(b"https://blog.example", b"https://other.example"))
    first, again, other = (post.uuid for post in posts_of(read_items(sources)))
    assert first == again
    assert (first == other) is is_same_post


def test_uuid_depends_on_number_if_guid_has_another(tmp_path: Path) -> None:
    def uuids(*identifiers: tuple[str, str]) -> list[UUID]:
        items_xml = [make_item(f"<guid>{guid}</guid>", post_id=number) for guid, number in identifiers]
        return [post.uuid for post in posts_of(read_items(write_sources(tmp_path, make_export(*items_xml))))]

    one = ("https://a/?p=568", "568")
    other = ("https://a/?p=568", "1158")
    assert len({*uuids(one, other)}) == 2
    assert uuids(one, other) == [*uuids(one), *uuids(other)] == uuids(other, one)[::-1]
    assert uuids(("https://a/?x=1&amp;p=5", "6")) != uuids(("https://a/?x=1&amp;p=5", "5"))
    assert uuids(("https://a/?p=568", "")) == uuids(one)
    assert uuids(("https://a/one", "1")) == uuids(("https://a/one", "2"))


def test_empty_item_is_untitled_draft(tmp_path: Path) -> None:
    (item,) = read_items(write_sources(tmp_path, make_export("<item/>")))
    assert item.post is not None
    assert (item.post.title, item.post.slug, item.post.status) == ("", None, PostStatus.DRAFT)
    assert item.post.extra == {}


def test_missing_image_is_reported(tmp_path: Path) -> None:
    item = read_item(tmp_path, make_meta("_thumbnail_id", "99"))
    assert codes_of([item]) == [NoteCode.NOT_IMPORTED]
