"""Items of WordPress: statuses, dates, names, and what has no column."""

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
from tests.interchange.wordpress.exports import a_meta, an_export, an_item, codes_of, entries_of, posts_of, written

DATE = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def read_entry(folder: Path, *further: str, **fields: str) -> ImportedItem:
    (entry,) = entries_of(written(folder, an_export(an_item(*further, **fields))), zone=BERLIN)
    return entry


def read_post(folder: Path, *further: str, **fields: str) -> PostRecord:
    post = read_entry(folder, *further, **fields).post
    assert post is not None
    return post


def leftovers(post: PostRecord) -> dict[str, Any]:
    found: Any = post.extra.get("wordpress", {})
    return dict(found)


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
def test_status_of_item(
    tmp_path: Path, status: str, expected: PostStatus, published_at: datetime | None, codes: list[NoteCode]
) -> None:
    entry = read_entry(tmp_path, status=status)
    assert entry.post is not None
    assert (entry.post.status, entry.post.published_at, entry.post.created_at) == (expected, published_at, DATE)
    assert codes_of([entry]) == codes


def test_password_makes_post_a_draft(tmp_path: Path) -> None:
    entry = read_entry(tmp_path, post_password="enter")  # noqa: S106 - no secret
    assert entry.post is not None
    assert entry.post.status is PostStatus.DRAFT
    assert leftovers(entry.post) == {"post_id": "1", "post_password": "enter", "status": "publish"}
    assert codes_of([entry]) == [NoteCode.NOT_PUBLIC]


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
    entry = read_entry(tmp_path, a_meta("_jetpack_newsletter_access", meta), content=content)
    assert entry.post
    assert (entry.post.status, leftovers(entry.post)["status"]) == (PostStatus.DRAFT, "publish")
    assert NoteCode.NOT_PUBLIC in codes_of([entry])
    free = read_entry(tmp_path, a_meta("_jetpack_newsletter_access", "everybody"))
    assert codes_of([free]) == []


def test_future_post_is_scheduled(tmp_path: Path) -> None:
    entry = read_entry(tmp_path, status="future", post_date_gmt="2999-01-02 03:04:05")
    assert entry.post is not None
    assert (entry.post.status, entry.post.published_at) == (PostStatus.SCHEDULED, entry.post.created_at)
    assert codes_of([entry]) == []


def test_status_before_trash_is_stored(tmp_path: Path) -> None:
    post = read_post(tmp_path, a_meta("_wp_trash_meta_status", "pending"), status="trash")
    assert leftovers(post)["status"] == "pending"


def test_trashed_post_stays_in_trash(tmp_path: Path) -> None:
    metas = a_meta("_wp_trash_meta_status", "publish"), a_meta("_wp_desired_post_slug", "hello")
    post = read_post(
        tmp_path, *metas, status="trash", post_name="hello__trashed", post_modified_gmt="2021-01-01 00:00:00"
    )
    assert post.trashed_at == datetime(2021, 1, 1, tzinfo=UTC)
    assert (post.status, post.published_at, post.slug) == (PostStatus.PUBLISHED, DATE, "hello")


def test_trash_time_sets_trashed_at(tmp_path: Path) -> None:
    post = read_post(tmp_path, a_meta("_wp_trash_meta_time", "86400"), status="trash")
    assert post.trashed_at == datetime(1970, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["page", "attachment", "nav_menu_item", "revision", "product"])
def test_other_post_types_are_reported(tmp_path: Path, kind: str) -> None:
    entry = read_entry(tmp_path, post_type=kind, title="About")
    assert entry.post is None
    assert codes_of([entry]) == [NoteCode.NOT_IMPORTED]
    assert f"{kind} 'About'" in entry.notes[0].message


@pytest.mark.parametrize(
    ("fields", "created_at", "is_guessed"),
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
    tmp_path: Path, fields: dict[str, str], created_at: tuple[int, int, int] | None, is_guessed: bool
) -> None:
    entry = read_entry(tmp_path, **fields)
    assert entry.post is not None
    assert entry.post.created_at == (created_at and datetime(*created_at, tzinfo=UTC))
    assert (NoteCode.DATE_INFERRED in codes_of([entry])) is is_guessed


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
    entry = read_entry(tmp_path, title=written_title)
    assert entry.post is not None
    assert entry.post.title == title
    assert codes_of([entry]) == []


def test_title_with_markup_is_stored_in_extra(tmp_path: Path) -> None:
    entry = read_entry(tmp_path, title="<![CDATA[A <em>fine</em><br />title]]>")
    assert entry.post is not None
    assert entry.post.title == "A fine title"
    assert leftovers(entry.post)["title"] == "A <em>fine</em><br />title"
    assert codes_of([entry]) == [NoteCode.VALUE_CHANGED]


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
    assert leftovers(post)["categories"] == [
        {"domain": "category", "nicename": "news", "name": "News"},
        {"domain": "tag", "nicename": "roar", "name": "roar"},
        {"domain": "post_tag", "nicename": "q-a", "name": "Q &amp; A"},
        {"domain": "post_format", "nicename": "post-format-aside", "name": "Aside"},
    ]


COMMENT = "<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_content>Hi</wp:comment_content></wp:comment>"
THUMBNAIL = '<media:thumbnail xmlns:media="http://media.example/" url="u"><b>deep</b></media:thumbnail>'
FOREIGN = {
    "name": "{http://media.example/}thumbnail",
    "attributes": {"url": "u"},
    "children": [{"name": "b", "text": "deep"}],
}


@pytest.mark.parametrize(
    ("element", "kept"),
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
        (a_meta("views", "a:1:{i:0;N;}"), {"postmeta": [{"key": "views", "value": "a:1:{i:0;N;}"}]}),
        (a_meta("_blogcli_x", "ours"), {}),
        (COMMENT, {"comments": [{"comment_id": "3", "comment_content": "Hi"}]}),
        (THUMBNAIL, {"elements": [FOREIGN]}),
        ("<title>again</title>", {"elements": [{"name": "title", "text": "again"}]}),
    ],
)
def test_unsupported_elements_are_stored_in_extra(tmp_path: Path, element: str, kept: dict[str, Any]) -> None:
    assert leftovers(read_post(tmp_path, element)) == {"post_id": "1"} | kept


def test_uuid_depends_on_guid(tmp_path: Path) -> None:
    guids = ["<guid>one</guid>", "<guid>two</guid>", "", "<link>https://blog.example/a</link>"]
    items = [an_item(guid, post_id="", title=title) for guid in guids for title in ("A", "B")]
    found = [post.uuid for post in posts_of(entries_of(written(tmp_path, an_export(*items))))]
    assert [len({*found[at : at + 2]}) for at in (0, 2, 4, 6)] == [1, 1, 2, 1]
    assert found == [post.uuid for post in posts_of(entries_of(written(tmp_path, an_export(*items))))]


@pytest.mark.parametrize(("host", "are_one"), [("localhost:8888", False), ("blog.local", False), ("blog.org", True)])
def test_guid_of_local_site_is_unique_within_blog(tmp_path: Path, host: str, are_one: bool) -> None:
    export = an_export(an_item(f"<guid>http://{host}/?p=1</guid>"))
    sources = written(tmp_path, export, export, export.replace(b"https://blog.example", b"https://other.example"))
    first, again, other = (post.uuid for post in posts_of(entries_of(sources)))
    assert first == again
    assert (first == other) is are_one


def test_uuid_depends_on_number_if_guid_has_another(tmp_path: Path) -> None:
    def uuids(*told: tuple[str, str]) -> list[UUID]:
        items = [an_item(f"<guid>{guid}</guid>", post_id=number) for guid, number in told]
        return [post.uuid for post in posts_of(entries_of(written(tmp_path, an_export(*items))))]

    one, other = ("https://a/?p=568", "568"), ("https://a/?p=568", "1158")
    assert len({*uuids(one, other)}) == 2
    assert uuids(one, other) == [*uuids(one), *uuids(other)] == uuids(other, one)[::-1]
    assert uuids(("https://a/?x=1&amp;p=5", "6")) != uuids(("https://a/?x=1&amp;p=5", "5"))
    assert uuids(("https://a/?p=568", "")) == uuids(one)
    assert uuids(("https://a/one", "1")) == uuids(("https://a/one", "2"))


def test_empty_item_is_untitled_draft(tmp_path: Path) -> None:
    (entry,) = entries_of(written(tmp_path, an_export("<item/>")))
    assert entry.post is not None
    assert (entry.post.title, entry.post.slug, entry.post.status) == ("", None, PostStatus.DRAFT)
    assert entry.post.extra == {}


def test_missing_image_is_reported(tmp_path: Path) -> None:
    entry = read_entry(tmp_path, a_meta("_thumbnail_id", "99"))
    assert codes_of([entry]) == [NoteCode.NOT_IMPORTED]
