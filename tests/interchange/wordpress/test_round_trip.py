"""Tests that an import restores records from a WordPress export exactly, unless they were modified in WordPress."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.enums import PostStatus
from blogcli.interchange import wordpress
from blogcli.interchange.items import ImportedItem, ReadOptions, WriteOptions
from blogcli.interchange.records import PostRecord, Record, TagRecord, UserRecord
from blogcli.interchange.sources import Source
from tests.interchange.strategies import people, posts, texts, values

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPTIONS = WriteOptions(now=NOW, title="Trains & more", url="https://example.org")
WP = "{http://wordpress.org/export/1.2/}"
NAMES = ["guid", "link", "status", "post_password", "categories", "postmeta", "comments", "feature_image", "pubDate"]
NAMES += ["title", "excerpt", "content_format", "post_name", "is_sticky", "elements"]
fields = st.dictionaries(st.sampled_from(NAMES), values | st.lists(st.dictionaries(texts, values)), max_size=4)
extras = st.dictionaries(st.just("wordpress") | texts, fields | values, max_size=3)


def write_text(*records: Record) -> str:
    return "".join(wordpress.writer.write(records, OPTIONS))


def read_items(text: str) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blog.xml"
        path.write_text(text, "utf-8", newline="")
        options = ReadOptions(zone=UTC, now=NOW)
        return [
            wordpress.reader.read(item, options) for item in wordpress.reader.scan([Source.at(path)], options).items
        ]


def make_post(**fields: Any) -> PostRecord:
    post = PostRecord(uuid=UUID(int=1), title="T", author="ann@example.org", slug="t", created_at=NOW, updated_at=NOW)
    return replace(post, **fields)


def item_elements(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall("channel/item")  # noqa: S314 - the test wrote this XML


def read_posts(text: str) -> list[PostRecord]:
    return [item.post for item in read_items(text) if item.post]


@given(posts() | posts(extras=extras))
def test_post_round_trip(post: PostRecord) -> None:
    (item,) = [item for item in read_items(write_text(post)) if item.post]
    assert item.post == post
    assert item.notes == ()


@given(st.lists(people, unique_by=lambda person: person.email), st.lists(texts.filter(str.strip), unique=True))
def test_users_and_tags_round_trip(users: Sequence[UserRecord], names: Sequence[str]) -> None:
    tags = [TagRecord(name=name) for name in names]
    items = read_items(write_text(*users, *tags))
    assert [person for item in items for person in item.people] == list(users)
    assert sorted(tag.name for item in items for tag in item.tags) == sorted(names)


def test_password_hash_is_not_written() -> None:
    assert "argon2" not in write_text(UserRecord(email="ann@example.org", hashed_password="$argon2id$v=19$x"))  # noqa: S106 - not the hash of a password


@pytest.mark.parametrize(
    ("original", "modified", "name", "value"),
    [
        ("<title><![CDATA[T]]", "<title><![CDATA[Edited]]", "title", "Edited"),
        ("<p>First</p>", "<p>Other</p>", "content", "Other"),
        ("<wp:status><![CDATA[publish]]", "<wp:status><![CDATA[private]]", "status", PostStatus.DRAFT),
        ("<wp:post_name><![CDATA[t]]", "<wp:post_name><![CDATA[u]]", "slug", "u"),
        ("</category>", '</category><category domain="post_tag"><![CDATA[new]]></category>', "tags", ("a", "new")),
    ],
)
def test_modified_element_takes_precedence(original: str, modified: str, name: str, value: object) -> None:
    text = write_text(make_post(content="First", status=PostStatus.PUBLISHED, published_at=NOW, tags=("a",)))
    assert original in text
    (post,) = read_posts(text.replace(original, modified))
    assert getattr(post, name) == value


COMMENT = "<wp:comment><wp:comment_author>Bob</wp:comment_author></wp:comment>"
META = "<wp:postmeta><wp:meta_key>{}</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta>"


@pytest.mark.parametrize(
    ("original", "modified", "name", "value"),
    [
        ("<wp:is_sticky><![CDATA[0]]", "<wp:is_sticky><![CDATA[1]]", "is_sticky", "1"),
        ("<wp:post_parent><![CDATA[0]]", "<wp:post_parent><![CDATA[7]]", "post_parent", "7"),
        ("<wp:comment_status><![CDATA[open]]", "<wp:comment_status><![CDATA[closed]]", "comment_status", "closed"),
        ("</item>", f"{COMMENT}</item>", "comments", [{"comment_author": "Bob"}]),
        ("</item>", f"{META.format('mood')}</item>", "postmeta", [{"key": "mood", "value": "x"}]),
        (
            'domain="post_tag"',
            'domain="category"',
            "categories",
            [{"domain": "category", "nicename": "a", "name": "a"}],
        ),
    ],
)
def test_modified_extra_field_takes_precedence(original: str, modified: str, name: str, value: Any) -> None:
    text = write_text(make_post(content="First", tags=("a",), extra={"other": 1}))
    assert original in text
    (post,) = read_posts(text.replace(original, modified))
    fields: Any = post.extra["wordpress"]
    assert fields[name] == value


def test_modified_author_takes_precedence() -> None:
    (post,) = read_posts(write_text(make_post()).replace("<dc:creator><![CDATA[ann@", "<dc:creator><![CDATA[bob@"))
    assert post.author == "bob@example.org"


@pytest.mark.parametrize(
    ("original", "modified"),
    [
        ("<wp:post_id>1<", "<wp:post_id>77<"),
        ("</item>", '<category domain="category" nicename="uncategorized">Uncategorized</category></item>'),
        ("</item>", "".join(map(META.format, ["_edit_last", "_thumbnail_id", "_wp_old_slug", "_pingme"])) + "</item>"),
        ("<wp:is_sticky><![CDATA[0]]></wp:is_sticky>", ""),
    ],
)
def test_automatic_changes_do_not_count_as_modification(original: str, modified: str) -> None:
    post = make_post(content="*First*", tags=("a",), extra={"other": 1})
    text = write_text(post, TagRecord(name="a"))
    assert original in text
    assert read_posts(text.replace(original, modified)) == [post]


def test_modified_post_keeps_uuid_and_copy_gets_new_uuid() -> None:
    for fields in ({}, {"guid": "https://old.example.org/?p=568"}):
        post = make_post(extra={"wordpress": fields})
        text = write_text(post).replace("<title><![CDATA[T]]", "<title><![CDATA[Edited]]")
        assert [edited.uuid for edited in read_posts(text)] == [post.uuid]
        (copy,) = read_posts(
            text.replace('<guid isPermaLink="false">', '<guid isPermaLink="false">https://copy.example/')
        )
        assert copy.uuid != post.uuid


def test_damaged_meta_fields_are_ignored() -> None:
    text = write_text(make_post(content="First"))
    (post,) = read_posts(text.replace('{"uuid"', '{"uuid'))
    assert (post.title, post.content) == ("T", "First")


def test_status_is_written_for_wordpress() -> None:
    future = datetime(2999, 1, 1, tzinfo=UTC)
    posts_to_write = [
        make_post(),
        make_post(status=PostStatus.PUBLISHED, published_at=NOW),
        make_post(status=PostStatus.SCHEDULED, published_at=future),
        make_post(status=PostStatus.PUBLISHED, trashed_at=NOW),
        make_post(extra={"wordpress": {"status": "private"}}),
        make_post(extra={"wordpress": {"status": "publish"}}),
        make_post(extra={"wordpress": {"status": "publish", "post_password": "x"}}),
        make_post(extra={"wordpress": {"status": "archived"}}),
        make_post(extra={"wordpress": {"status": "trash"}}),
        make_post(status=PostStatus.PUBLISHED, published_at=NOW, extra={"wordpress": {"status": "archived"}}),
    ]
    statuses = [item.findtext(f"{WP}status") for item in item_elements(write_text(*posts_to_write))]
    assert statuses == [
        "draft",
        "publish",
        "future",
        "trash",
        "private",
        "draft",
        "publish",
        "archived",
        "draft",
        "publish",
    ]


def test_extra_fields_are_written_to_their_elements() -> None:
    fields = {
        "guid": "https://old.example.org/?p=1",
        "is_sticky": "1",
        "categories": [
            {"domain": "category", "nicename": "alps", "name": "Alps"},
            {"domain": "post_tag", "nicename": "gone", "name": "Gone"},
            {"domain": "post_format", "nicename": "post-format-aside", "name": "Aside"},
        ],
        "postmeta": [{"key": "mood", "value": "good"}, {"key": "_thumbnail_id", "value": "9"}],
        "comments": [
            {"comment_author": "Bob", "comment_author_IP": "192.0.2.1", "comment_content": "]]> & <b>", "<x>": "y"}
        ],
        "feature_image": "https://example.org/i.jpg",
    }
    image, item = item_elements(write_text(make_post(tags=("Alps", "New & old"), extra={"wordpress": fields})))
    assert item.findtext("guid") == fields["guid"]
    assert item.findtext(f"{WP}is_sticky") == "1"
    assert [category.text for category in item.findall("category")] == ["Alps", "Aside", "New &amp; old"]
    metas = {meta.findtext(f"{WP}meta_key"): meta.findtext(f"{WP}meta_value") for meta in item.findall(f"{WP}postmeta")}
    assert metas["mood"] == "good"
    assert metas["_thumbnail_id"] == image.findtext(f"{WP}post_id") != item.findtext(f"{WP}post_id")
    assert item.findtext(f"{WP}comment/{WP}comment_content") == "]]> & <b>"
    assert item.findtext(f"{WP}comment/{WP}comment_author_IP") == "192.0.2.1"
    assert image.findtext(f"{WP}attachment_url") == fields["feature_image"]


def test_content_is_written_as_trusted_html() -> None:
    (item,) = item_elements(write_text(make_post(content="*One*\n\n<iframe src='https://example.org'></iframe>")))
    html = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert html == "<p><em>One</em></p>\n<iframe src='https://example.org'></iframe>"


def test_ghost_url_placeholder_is_replaced_and_restored() -> None:
    post = make_post(content="![a](__GHOST_URL__/a.png)", extra={"ghost": {"feature_image": "__GHOST_URL__/b.png"}})
    text = write_text(post)
    assert "<wp:attachment_url><![CDATA[https://example.org/b.png]]>" in text
    assert 'src="https://example.org/a.png"' in text
    assert read_posts(text) == [post]


def test_html_content_and_unknown_elements_are_written() -> None:
    fields = {"content_format": "html", "elements": [{"name": "{urn:x}y", "text": "z"}]}
    (item,) = item_elements(write_text(make_post(content="<b>\n\n    x</b>", extra={"wordpress": fields})))
    assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") == "<b>\n\n    x</b>"
    assert item.findtext("{urn:x}y") == "z"


def test_trashed_post_keeps_status() -> None:
    (item,) = item_elements(write_text(make_post(trashed_at=NOW, extra={"wordpress": {"status": "private"}})))
    metas = {meta.findtext(f"{WP}meta_key"): meta.findtext(f"{WP}meta_value") for meta in item.findall(f"{WP}postmeta")}
    assert (item.findtext(f"{WP}status"), metas["_wp_trash_meta_status"]) == ("trash", "private")
