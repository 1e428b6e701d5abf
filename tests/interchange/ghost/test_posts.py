"""Tests of reading posts, and the related rows in other tables, from Ghost exports."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.sanitize import sanitize_item
from tests.interchange.ghost.exports import ANN, list_codes, list_posts, read_post, read_tables

POST = {"id": "1", "title": "A post", "slug": "a-post", "status": "draft"}
NOON = datetime(2024, 5, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2024-05-31 12:00:00",
        "2024-05-31T12:00:00.000Z",
        "2024-05-31T14:00:00+02:00",
        "Fri, 31 May 2024 12:00:00 +0000",
        1717156800,
        1717156800000,
        "1717156800000",
    ],
)
def test_dates_of_every_version_are_utc(value: Any) -> None:
    post, notes = read_post(published_at=value)
    assert (post.published_at, notes) == (NOON, [])


@pytest.mark.parametrize("value", [None, "", "0000-00-00 00:00:00", "00-00-0000 00:00:00"])
def test_empty_date_is_none(value: Any) -> None:
    post, notes = read_post(published_at=value)
    assert (post.published_at, notes, post.extra) == (None, [], {})


@pytest.mark.parametrize("value", ["soon", "2024-13-45", [1], {"a": 1}, True, 1e18, "9999-12-31T23:59:59-14:00"])
def test_invalid_date_is_reported_and_stored(value: Any) -> None:
    post, notes = read_post(published_at=value)
    assert (post.published_at, post.extra) == (None, {"ghost": {"published_at": value}})
    assert set(notes) == {NoteCode.DATE_INFERRED, NoteCode.VALUE_CHANGED}


def make_lexical(*cards: dict[str, Any]) -> str:
    return json.dumps({"root": {"children": cards}})


GATED = {
    "type": "html",
    "html": "<p>x</p>",
    "visibility": {"web": {"nonMember": False, "memberSegment": "status:free"}},
}
PUBLIC = GATED | {"visibility": {"web": {"nonMember": True}}}
GATE = "<p>a</p><!--kg-gated-block:begin {}--><p>x</p><!--kg-gated-block:end-->"


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ({"lexical": make_lexical(GATED)}, PostStatus.DRAFT),
        ({"lexical": json.loads(make_lexical(GATED))}, PostStatus.DRAFT),
        ({"lexical": make_lexical(GATED | {"type": "call-to-action", "textValue": "x"})}, PostStatus.DRAFT),
        ({"lexical": make_lexical(GATED | {"visibility": {"showOnWeb": False}})}, PostStatus.DRAFT),
        ({"lexical": make_lexical({"type": "paywall"}, PUBLIC)}, PostStatus.DRAFT),
        ({"mobiledoc": '{"sections": [[10, 0]], "cards": [["paywall", {}]]}'}, PostStatus.DRAFT),
        ({"html": GATE.format('nonMember:false memberSegment:"status:free" ')}, PostStatus.DRAFT),
        ({"html": GATE.format('memberSegment:"status:free"')}, PostStatus.DRAFT),
        ({"html": "<p>a</p><!--members-only--><p>x</p>"}, PostStatus.DRAFT),
        ({"html": "<p>a</p>", "lexical": make_lexical(GATED)}, PostStatus.DRAFT),
        ({"html": GATE.format('memberSegment:"" nonMember:true')}, PostStatus.PUBLISHED),
        ({"html": "<p>&lt;!--members-only--&gt;</p>"}, PostStatus.PUBLISHED),
        ({"lexical": make_lexical(PUBLIC)}, PostStatus.PUBLISHED),
        ({"lexical": make_lexical(PUBLIC | {"html": '"nonMember":false'})}, PostStatus.PUBLISHED),
    ],
)
def test_gated_post_becomes_draft(columns: dict[str, Any], status: PostStatus) -> None:
    post, notes = read_post(**columns)
    assert post.status is status
    assert (NoteCode.NOT_PUBLIC in notes) is (status is PostStatus.DRAFT)


@pytest.mark.parametrize(
    ("columns", "status", "note"),
    [
        ({"status": "draft"}, PostStatus.DRAFT, None),
        ({"status": "published"}, PostStatus.PUBLISHED, None),
        ({"status": "published", "published_at": "2999-01-01 00:00:00"}, PostStatus.PUBLISHED, None),
        ({"status": "scheduled", "published_at": "2999-01-01 00:00:00"}, PostStatus.SCHEDULED, None),
        ({"status": "scheduled"}, PostStatus.DRAFT, NoteCode.STATUS_INFERRED),
        ({"status": "sent"}, PostStatus.DRAFT, NoteCode.NOT_PUBLIC),
        ({"email_only": 1}, PostStatus.DRAFT, NoteCode.NOT_PUBLIC),
        (
            {"status": "scheduled", "published_at": "2999-01-01", "email_only": True},
            PostStatus.DRAFT,
            NoteCode.NOT_PUBLIC,
        ),
        ({"status": "strange"}, PostStatus.DRAFT, NoteCode.STATUS_INFERRED),
        ({"status": ["published"]}, PostStatus.DRAFT, NoteCode.STATUS_INFERRED),
        ({"visibility": "public"}, PostStatus.PUBLISHED, None),
        ({"visibility": "members"}, PostStatus.DRAFT, NoteCode.NOT_PUBLIC),
        ({"visibility": "label:vip"}, PostStatus.DRAFT, NoteCode.NOT_PUBLIC),
        ({"visibility": ["public"]}, PostStatus.DRAFT, NoteCode.NOT_PUBLIC),
        ({"visibility": "paid", "status": "draft"}, PostStatus.DRAFT, None),
    ],
)
def test_restricted_post_does_not_become_public(columns: dict[str, Any], status: PostStatus, note: NoteCode) -> None:
    post, notes = read_post(**columns)
    assert (post.status, notes) == (status, [note] if note else [])


@pytest.mark.parametrize("page", [{"type": "page"}, {"page": 1}, {"page": True}, {"page": "1"}])
def test_pages_are_reported(page: dict[str, Any]) -> None:
    (item,) = read_tables(posts=[{**POST, **page}])
    assert (item.post, list_codes([item])) == (None, [NoteCode.NOT_IMPORTED])


def test_tags_are_ordered_for_any_type_of_id() -> None:
    links = [("9", "1", 2), (9, 3, 0), (9, "2", 1), ("8", "1", 0)]
    items = read_tables(
        posts=[{**POST, "id": 9}],
        tags=[{"id": 1, "name": "a"}, {"id": 2, "name": "#hidden"}, {"id": "3", "name": "c"}],
        posts_tags=[{"post_id": post, "tag_id": tag, "sort_order": order} for post, tag, order in links],
    )
    assert list_posts(items)[0].tags == ("c", "#hidden", "a")
    assert list_posts(items)[0].extra == {"ghost": {"tags": ["c", "#hidden", "a"]}}
    assert [tag.name for item in items for tag in item.tags] == ["a", "#hidden", "c"]
    assert list_codes(items) == []


def test_order_of_sorted_tags_is_not_stored() -> None:
    post, _ = read_post(tags=["apple", "Zebra"])
    assert (post.tags, post.extra) == (("apple", "Zebra"), {})


def test_unknown_tag_is_reported() -> None:
    items = read_tables(posts=[POST], posts_tags=[{"post_id": "1", "tag_id": "5"}])
    assert (list_posts(items)[0].tags, list_codes(items)) == ((), [NoteCode.TAG_CHANGED])


def test_other_authors_are_stored_in_extra() -> None:
    bob = {**ANN, "id": "2", "name": "Bob", "email": "bob@blog.example"}
    links = [{"post_id": "1", "author_id": ANN["id"], "sort_order": 1}, {"post_id": "1", "author_id": "2"}]
    (post,) = list_posts(read_tables(posts=[POST], users=[ANN, bob], posts_authors=links))
    assert (post.author, post.extra) == ("bob@blog.example", {"ghost": {"authors": ["ann@blog.example"]}})


def test_emails_in_extra_are_normalized() -> None:
    bob, eve = [
        {"id": name, "name": name, "email": email} for name, email in (("b", "Bob@E.xyz"), ("e", " no address"))
    ]
    links = [
        {"post_id": "1", "author_id": author_id, "sort_order": order}
        for order, author_id in enumerate((ANN["id"], "b", "e"))
    ]
    tables = {"posts": [{**POST, "updated_by": "b"}], "users": [ANN, bob, eve], "posts_authors": links}
    items = [sanitize_item(item) for item in read_tables(**tables)]
    emails = [person.email for item in items for person in item.people]
    (post,) = list_posts(items)
    assert post.extra == {"ghost": {"authors": emails[1:], "updated_by": "bob@e.xyz"}}


def test_unlisted_author_gets_placeholder() -> None:
    (item,) = read_tables(posts=[{**POST, "author_id": 7}])
    (person,) = item.people
    assert item.post
    assert (item.post.author, person.full_name, person.is_active) == (person.email, "Author 7", False)
    assert (person.email, list_codes([item])) == ("author-7@authors.invalid", [NoteCode.AUTHOR_CREATED])


def test_embedded_authors_and_tags_are_read() -> None:
    (item,) = read_tables(posts=[{**POST, "authors": [{"name": "Cy"}, "Dee"], "tags": [{"name": "a"}, "b"]}])
    assert item.post
    assert (item.post.tags, item.post.author) == (("a", "b"), "cy@authors.invalid")
    assert [person.full_name for person in item.people] == ["Cy", "Dee"]


def test_editors_are_stored_by_email() -> None:
    row = {**POST, "author_id": 2, "created_by": ANN["id"], "updated_by": 2, "published_by": 99}
    (post,) = list_posts(read_tables(posts=[row], users=[ANN, {"id": 2, "name": "Bob", "email": "bob@blog.example"}]))
    assert post.extra == {"ghost": {"created_by": "ann@blog.example"}}


def test_unsupported_columns_are_stored_in_extra() -> None:
    stored = {"featured": 1, "visibility": "paid", "canonical_url": "https://a.example/", "tiers": [{"id": "1"}]}
    stored |= {"unknown": {"a": [1, None]}, "codeinjection_head": "<style>", "comment_id": "old"}
    skipped = {"locale": None, "og_image": "", "email_recipient_filter": "none", "featured": False, "comment_id": "1"}
    post, _ = read_post(**stored)
    assert post.extra == {"ghost": stored}
    post, notes = read_post(**skipped, visibility="public", type="post", author_id=None)
    assert (post.extra, notes) == ({}, [])


def test_posts_meta_fills_empty_columns() -> None:
    meta = {"id": "8", "post_id": "1", "og_title": "New", "meta_title": "Meta", "email_only": 0}
    (post,) = list_posts(read_tables(posts=[{**POST, "og_title": None, "meta_title": "Own"}], posts_meta=[meta]))
    assert post.extra == {"ghost": {"og_title": "New", "meta_title": "Own"}}


def test_old_column_names_are_renamed() -> None:
    post, _ = read_post(image="/a.png", language="de_DE")
    assert post.extra == {"ghost": {"feature_image": "/a.png", "locale": "de_DE"}}


@pytest.mark.parametrize("name", ["title", "slug", "custom_excerpt", "html", "plaintext"])
def test_value_of_wrong_type_is_stored_and_reported(name: str) -> None:
    post, notes = read_post(**{name: ["a"]})
    assert (post.extra, notes) == ({"ghost": {name: ["a"]}}, [NoteCode.VALUE_CHANGED])


def test_text_columns_are_read_as_text() -> None:
    post, _ = read_post(title=2015, slug="x", custom_excerpt="Short")
    assert (post.title, post.slug, post.excerpt) == ("2015", "x", "Short")


def test_invalid_uuid_is_derived_from_id_and_slug() -> None:
    uuid = "d5003d64-67c5-4aab-bbbc-42396330f4cf"
    assert read_post(uuid=uuid)[0].uuid == UUID(uuid)
    derived = [read_post(uuid=value)[0].uuid for value in (None, "none", 5, ["a"])]
    assert len({*derived, read_post(id="2")[0].uuid, read_post(slug="b")[0].uuid}) == 3


def test_uuid_from_object_id_ignores_slug() -> None:
    object_id = "5951f5fca366002ebd5dbef7"
    ids = (object_id, object_id.upper())
    uuids = {read_post(id=ghost_id, slug=slug)[0].uuid for ghost_id in ids for slug in ("a", "b")}
    assert len(uuids) == 1


BOB = {"id": "2", "name": "Bob", "email": "bob@blog.example"}


@pytest.mark.parametrize(
    ("users", "author", "notes"),
    [([ANN], ANN["email"], [NoteCode.AUTHOR_INFERRED]), ([ANN, BOB], None, []), ([], None, [])],
)
def test_only_user_gets_posts_without_author(users: list[Any], author: str | None, notes: list[NoteCode]) -> None:
    items = read_tables(users=users, posts=[POST])
    assert ([post.author for post in list_posts(items)], list_codes(items)) == ([author], notes)


def test_named_author_precedes_only_user() -> None:
    author_columns: list[dict[str, Any]] = [{"author_id": "7"}, {"authors": ["Cy"]}]
    items = read_tables(users=[ANN], posts=[{**POST, **columns} for columns in author_columns])
    assert [post.author for post in list_posts(items)] == ["author-7@authors.invalid", "cy@authors.invalid"]
