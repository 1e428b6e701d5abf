"""What is written for WordPress is read again as it was, unless somebody changed it there."""

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


def written(*records: Record) -> str:
    return "".join(wordpress.writer.write(records, OPTIONS))


def entries(text: str) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "blog.xml"
        path.write_text(text, "utf-8", newline="")
        options = ReadOptions(zone=UTC, now=NOW)
        return [
            wordpress.reader.read(item, options) for item in wordpress.reader.scan([Source.at(path)], options).items
        ]


def post(**more: Any) -> PostRecord:
    made = PostRecord(uuid=UUID(int=1), title="T", author="ann@example.org", slug="t", created_at=NOW, updated_at=NOW)
    return replace(made, **more)


def items(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall("channel/item")  # noqa: S314 - ours


def found(text: str) -> list[PostRecord]:
    return [entry.post for entry in entries(text) if entry.post]


@given(posts() | posts(extras=extras))
def test_post_round_trip(one: PostRecord) -> None:
    (entry,) = [entry for entry in entries(written(one)) if entry.post]
    assert entry.post == one
    assert entry.notes == ()


@given(st.lists(people, unique_by=lambda person: person.email), st.lists(texts.filter(str.strip), unique=True))
def test_users_and_tags_round_trip(persons: Sequence[UserRecord], names: Sequence[str]) -> None:
    tags = [TagRecord(name=name) for name in names]
    read = entries(written(*persons, *tags))
    assert [person for entry in read for person in entry.people] == list(persons)
    assert sorted(tag.name for entry in read for tag in entry.tags) == sorted(names)


def test_password_hash_is_not_written() -> None:
    assert "argon2" not in written(UserRecord(email="ann@example.org", hashed_password="$argon2id$v=19$x"))  # noqa: S106 - of nothing


@pytest.mark.parametrize(
    ("before", "after", "name", "value"),
    [
        ("<title><![CDATA[T]]", "<title><![CDATA[Edited]]", "title", "Edited"),
        ("<p>First</p>", "<p>Other</p>", "content", "Other"),
        ("<wp:status><![CDATA[publish]]", "<wp:status><![CDATA[private]]", "status", PostStatus.DRAFT),
        ("<wp:post_name><![CDATA[t]]", "<wp:post_name><![CDATA[u]]", "slug", "u"),
        ("</category>", '</category><category domain="post_tag"><![CDATA[new]]></category>', "tags", ("a", "new")),
    ],
)
def test_modified_element_takes_precedence(before: str, after: str, name: str, value: object) -> None:
    text = written(post(content="First", status=PostStatus.PUBLISHED, published_at=NOW, tags=("a",)))
    assert before in text
    (changed,) = found(text.replace(before, after))
    assert getattr(changed, name) == value


SAID = "<wp:comment><wp:comment_author>Bob</wp:comment_author></wp:comment>"
META = "<wp:postmeta><wp:meta_key>{}</wp:meta_key><wp:meta_value>x</wp:meta_value></wp:postmeta>"


@pytest.mark.parametrize(
    ("before", "after", "name", "value"),
    [
        ("<wp:is_sticky><![CDATA[0]]", "<wp:is_sticky><![CDATA[1]]", "is_sticky", "1"),
        ("<wp:post_parent><![CDATA[0]]", "<wp:post_parent><![CDATA[7]]", "post_parent", "7"),
        ("<wp:comment_status><![CDATA[open]]", "<wp:comment_status><![CDATA[closed]]", "comment_status", "closed"),
        ("</item>", f"{SAID}</item>", "comments", [{"comment_author": "Bob"}]),
        ("</item>", f"{META.format('mood')}</item>", "postmeta", [{"key": "mood", "value": "x"}]),
        (
            'domain="post_tag"',
            'domain="category"',
            "categories",
            [{"domain": "category", "nicename": "a", "name": "a"}],
        ),
    ],
)
def test_modified_extra_field_takes_precedence(before: str, after: str, name: str, value: Any) -> None:
    text = written(post(content="First", tags=("a",), extra={"other": 1}))
    assert before in text
    (changed,) = found(text.replace(before, after))
    kept: Any = changed.extra["wordpress"]
    assert kept[name] == value


def test_modified_author_takes_precedence() -> None:
    (changed,) = found(written(post()).replace("<dc:creator><![CDATA[ann@", "<dc:creator><![CDATA[bob@"))
    assert changed.author == "bob@example.org"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<wp:post_id>1<", "<wp:post_id>77<"),
        ("</item>", '<category domain="category" nicename="uncategorized">Uncategorized</category></item>'),
        ("</item>", "".join(map(META.format, ["_edit_last", "_thumbnail_id", "_wp_old_slug", "_pingme"])) + "</item>"),
        ("<wp:is_sticky><![CDATA[0]]></wp:is_sticky>", ""),
    ],
)
def test_automatic_changes_do_not_count_as_modification(before: str, after: str) -> None:
    one = post(content="*First*", tags=("a",), extra={"other": 1})
    text = written(one, TagRecord(name="a"))
    assert before in text
    assert found(text.replace(before, after)) == [one]


def test_modified_post_keeps_uuid_and_copy_does_not() -> None:
    for kept in ({}, {"guid": "https://old.example.org/?p=568"}):
        one = post(extra={"wordpress": kept})
        text = written(one).replace("<title><![CDATA[T]]", "<title><![CDATA[Edited]]")
        assert [each.uuid for each in found(text)] == [one.uuid]
        (copy,) = found(text.replace('<guid isPermaLink="false">', '<guid isPermaLink="false">https://copy.example/'))
        assert copy.uuid != one.uuid


def test_damaged_metas_are_ignored() -> None:
    text = written(post(content="First"))
    (read,) = found(text.replace('{"uuid"', '{"uuid'))
    assert (read.title, read.content) == ("T", "First")


def test_written_status_of_post() -> None:
    to_come = datetime(2999, 1, 1, tzinfo=UTC)
    told = [
        post(),
        post(status=PostStatus.PUBLISHED, published_at=NOW),
        post(status=PostStatus.SCHEDULED, published_at=to_come),
        post(status=PostStatus.PUBLISHED, trashed_at=NOW),
        post(extra={"wordpress": {"status": "private"}}),
        post(extra={"wordpress": {"status": "publish"}}),
        post(extra={"wordpress": {"status": "publish", "post_password": "x"}}),
        post(extra={"wordpress": {"status": "archived"}}),
        post(extra={"wordpress": {"status": "trash"}}),
        post(status=PostStatus.PUBLISHED, published_at=NOW, extra={"wordpress": {"status": "archived"}}),
    ]
    more = ["publish", "archived", "draft", "publish"]
    statuses = [item.findtext(f"{WP}status") for item in items(written(*told))]
    assert statuses == ["draft", "publish", "future", "trash", "private", "draft", *more]


def test_extra_fields_are_written_to_their_elements() -> None:
    kept = {
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
    image, item = items(written(post(tags=("Alps", "New & old"), extra={"wordpress": kept})))
    assert item.findtext("guid") == kept["guid"]
    assert item.findtext(f"{WP}is_sticky") == "1"
    assert [each.text for each in item.findall("category")] == ["Alps", "Aside", "New &amp; old"]
    metas = {each.findtext(f"{WP}meta_key"): each.findtext(f"{WP}meta_value") for each in item.findall(f"{WP}postmeta")}
    assert metas["mood"] == "good"
    assert metas["_thumbnail_id"] == image.findtext(f"{WP}post_id") != item.findtext(f"{WP}post_id")
    assert item.findtext(f"{WP}comment/{WP}comment_content") == "]]> & <b>"
    assert item.findtext(f"{WP}comment/{WP}comment_author_IP") == "192.0.2.1"
    assert image.findtext(f"{WP}attachment_url") == kept["feature_image"]


def test_content_is_written_as_trusted_html() -> None:
    (item,) = items(written(post(content="*One*\n\n<iframe src='https://example.org'></iframe>")))
    html = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    assert html == "<p><em>One</em></p>\n<iframe src='https://example.org'></iframe>"


def test_ghost_url_placeholder_is_replaced_and_restored() -> None:
    one = post(content="![a](__GHOST_URL__/a.png)", extra={"ghost": {"feature_image": "__GHOST_URL__/b.png"}})
    text = written(one)
    assert "<wp:attachment_url><![CDATA[https://example.org/b.png]]>" in text
    assert 'src="https://example.org/a.png"' in text
    assert found(text) == [one]


def test_html_content_and_unknown_elements_are_written() -> None:
    kept = {"content_format": "html", "elements": [{"name": "{urn:x}y", "text": "z"}]}
    (item,) = items(written(post(content="<b>\n\n    x</b>", extra={"wordpress": kept})))
    assert item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") == "<b>\n\n    x</b>"
    assert item.findtext("{urn:x}y") == "z"


def test_trashed_post_keeps_status() -> None:
    (item,) = items(written(post(trashed_at=NOW, extra={"wordpress": {"status": "private"}})))
    metas = {each.findtext(f"{WP}meta_key"): each.findtext(f"{WP}meta_value") for each in item.findall(f"{WP}postmeta")}
    assert (item.findtext(f"{WP}status"), metas["_wp_trash_meta_status"]) == ("trash", "private")
