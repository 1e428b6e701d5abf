"""Tests of writing Ghost exports. Every written value must fit into its column in Ghost."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.ghost.writer import write
from blogcli.interchange.items import WriteOptions
from blogcli.interchange.records import PostRecord, Record, TagRecord, UserRecord

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
ANN = UserRecord(email="ann@blog.example", full_name="Ann", hashed_password="secret")  # noqa: S106 - the test does not use a real password
HEX_24 = 24


def write_tables(*records: Record) -> dict[str, list[dict[str, Any]]]:
    text = "".join(write(records, WriteOptions(now=NOW)))
    data: dict[str, list[dict[str, Any]]] = json.loads(text.encode())["db"][0]["data"]
    return data


def make_post(number: int = 1, **values: Any) -> PostRecord:
    return replace(PostRecord(uuid=UUID(int=number), title="A post", slug=f"post-{number}"), **values)


def write_post(**values: Any) -> dict[str, Any]:
    (row,) = write_tables(make_post(**values))["posts"]
    return row


def test_meta_has_version_and_time() -> None:
    text = "".join(write([], WriteOptions(now=NOW)))
    assert json.loads(text)["db"][0]["meta"] == {"exported_on": 1717156800000, "version": "5.130.0"}


def test_empty_blog_has_every_table() -> None:
    assert write_tables() == {
        "posts": [],
        "posts_meta": [],
        "posts_tags": [],
        "posts_authors": [],
        "tags": [],
        "users": [],
    }


def test_posts_are_written_incrementally() -> None:
    def iter_endlessly() -> Iterable[Record]:
        number = 0
        while True:
            number += 1
            yield make_post(number)

    parts = write(iter_endlessly(), WriteOptions(now=NOW))
    assert sum("lexical" in next(parts) for _ in range(12)) == 10


@pytest.mark.parametrize("content", ["", " \n", "# A\r\n\r\n> b\t\x07\U0001f600", "<script>x</script>", '"\\\u2028'])
def test_content_is_one_exact_markdown_card(content: str) -> None:
    (card,) = json.loads(write_post(content=content)["lexical"])["root"]["children"]
    assert card == {"type": "markdown", "version": 1, "markdown": content}


def test_ghost_url_placeholder_is_unchanged() -> None:
    row = write_post(content="![a](__GHOST_URL__/a.png)", extra={"ghost": {"feature_image": "__GHOST_URL__/b.png"}})
    assert row["lexical"].count("__GHOST_URL__/a.png") == row["html"].count("__GHOST_URL__/a.png") == 1
    assert row["feature_image"] == "__GHOST_URL__/b.png"


def test_html_is_rendered_from_the_markdown_without_scripts() -> None:
    assert write_post(content="*Hi*\n\n<script>alert(1)</script>")["html"].strip() == "<p><em>Hi</em></p>"


@pytest.mark.parametrize("name", ["ghost", "wordpress"])
def test_html_content_is_written_unchanged(name: str) -> None:
    html = "<div>\n\n    *a* <script>alert(1)</script>\n</div>"
    row = write_post(content=html, extra={name: {"content_format": "html"}})
    assert json.loads(row["lexical"])["root"]["children"] == [{"type": "html", "version": 1, "html": html}]
    assert row["html"] == html


def test_mobiledoc_is_not_written() -> None:
    assert "mobiledoc" not in write_post(content="x", extra={"ghost": {"mobiledoc": "{}"}})


@pytest.mark.parametrize(
    ("name", "max_length", "values"),
    [
        ("title", 255, {"title": "t" * 500}),
        ("slug", 191, {"slug": "s" * 255}),
        ("custom_excerpt", 300, {"excerpt": "e" * 301}),
    ],
)
def test_long_values_are_truncated(name: str, max_length: int, values: dict[str, str]) -> None:
    assert len(write_post(**values)[name]) <= max_length


def test_truncated_slugs_differ() -> None:
    posts = write_tables(make_post(1, slug="s" * 250 + "a"), make_post(2, slug="s" * 250 + "b"))["posts"]
    assert posts[0]["slug"] != posts[1]["slug"]


@pytest.mark.parametrize(
    "values", [{"title": "a\0b"}, {"content": "a\0b"}, {"title": "a\ud800b"}, {"content": "a\udfffb"}]
)
def test_unstorable_characters_are_replaced(values: dict[str, str]) -> None:
    row = write_post(**values)
    (name,) = values
    text = json.loads(row["lexical"])["root"]["children"][0]["markdown"] if name == "content" else row[name]
    assert text == "a\ufffdb"


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"status": PostStatus.DRAFT}, "draft"),
        ({"status": PostStatus.DRAFT, "published_at": NOW}, "draft"),
        ({"status": PostStatus.PUBLISHED}, "published"),
        ({"status": PostStatus.PUBLISHED, "published_at": NOW}, "published"),
        ({"status": PostStatus.PUBLISHED, "published_at": NOW + timedelta(days=1)}, "scheduled"),
        ({"status": PostStatus.SCHEDULED, "published_at": NOW + timedelta(days=1)}, "scheduled"),
        ({"status": PostStatus.SCHEDULED, "published_at": NOW - timedelta(days=1)}, "published"),
        ({"status": PostStatus.SCHEDULED}, "draft"),
        ({"status": PostStatus.PUBLISHED, "published_at": NOW, "trashed_at": NOW}, "draft"),
    ],
)
def test_status_depends_on_time(values: dict[str, Any], status: str) -> None:
    assert write_post(**values)["status"] == status


@pytest.mark.parametrize(
    ("status", "expected"),
    [(PostStatus.PUBLISHED, "sent"), (PostStatus.DRAFT, "draft"), (PostStatus.SCHEDULED, "draft")],
)
def test_sent_post_stays_sent(status: PostStatus, expected: str) -> None:
    assert write_post(status=status, extra={"ghost": {"status": "sent"}})["status"] == expected


def test_dates_are_written_in_utc() -> None:
    assert write_post(published_at=datetime(24, 5, 6, 7, 8, 9, 987654, tzinfo=UTC))["published_at"] == (
        "0024-05-06T07:08:09.987Z"
    )


def test_extra_fields_are_written_to_their_columns() -> None:
    fields = {"featured": True, "canonical_url": "https://a.example/", "og_title": "Ö" * 300, "visibility": "members"}
    data = write_tables(make_post(extra={"ghost": fields}))
    (post,) = data["posts"]
    (meta,) = data["posts_meta"]
    assert (post["featured"], post["canonical_url"], post["visibility"]) == (True, "https://a.example/", "members")
    assert (meta["post_id"], meta["og_title"], "og_title" in post) == (post["id"], "Ö" * 300, False)


@pytest.mark.parametrize(
    "ghost",
    [
        *("text", ["a"], 1, None, {"status": "published"}, {"id": "1"}, {"html": "<p>"}, {"og_title": "o" * 301}),
        *({"locale": {"a": 1}}, {"locale": 1}, {"featured": "x"}, {"canonical_url": "u" * 2_001}, {"email_only": None}),
        *({"codeinjection_head": "é" * 40_000}, {"tags": "x"}, {"posts_meta": "x"}, {"post_revisions": "x"}),
        *({"email_recipient_filter": "("}, {"created_by": 1}, {"authors": "x"}),
    ],
)
def test_invalid_extra_fields_are_not_written(ghost: Any) -> None:
    data = write_tables(make_post(extra={"ghost": ghost}))
    data_without_fields = write_tables(make_post())
    for tables in (data, data_without_fields):
        del tables["posts"][0]["blogcli"]
    assert data == data_without_fields


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        ("public", "public"),
        ("members", "members"),
        ("paid", "paid"),
        ("tiers", "tiers"),
        ("vip", "members"),
        (1, "members"),
    ],
)
def test_restricted_visibility_does_not_become_public(visibility: object, expected: str) -> None:
    assert write_post(extra={"ghost": {"visibility": visibility}})["visibility"] == expected


@pytest.mark.parametrize(
    ("email", "is_valid"),
    [
        *(("ann+x@blog.example", True), ("名@例え.jp", True), ("a@b.xn--p1ai", True), ("ann@authors.invalid", True)),
        *(("a@localhost", False), ("a@b.c", False), ('"a b"@blog.example', False), ("a@-b.example", False)),
        *((f"{'名' * 22}@blog.example", False), (f"a@{'b.' * 100}example", False), ("𝒳@blog.example", False)),
    ],
)
def test_invalid_emails_become_placeholders(email: str, is_valid: bool) -> None:
    data = write_tables(UserRecord(email=email), make_post(author=email))
    (user,) = data["users"]
    (relation,) = data["posts_authors"]
    assert user["email"] == (email if is_valid else f"{user['id']}@authors.invalid")
    assert relation["author_id"] == user["id"]


def test_relations_preserve_the_order_of_tags() -> None:
    data = write_tables(ANN, make_post(author=ANN.email, tags=("b", "a", "b")))
    names = {row["id"]: row["name"] for row in data["tags"]}
    rows = sorted(data["posts_tags"], key=lambda row: row["sort_order"])
    assert [names[row["tag_id"]] for row in rows] == ["b", "a"]
    assert [row["author_id"] for row in data["posts_authors"]] == [row["id"] for row in data["users"]]
    assert {row["post_id"] for row in rows} == {data["posts"][0]["id"]}


@pytest.mark.parametrize(
    ("stored_tags", "names"),
    [
        (["Zebra", "APPLE", "gone"], ["Zebra", "apple", "b", "c"]),
        (["c", 1, None], ["c", "apple", "b", "Zebra"]),
        ("Zebra", ["apple", "b", "c", "Zebra"]),
        ({"Zebra": 1}, ["apple", "b", "c", "Zebra"]),
    ],
)
def test_tags_have_the_order_stored_in_extra(stored_tags: Any, names: list[str]) -> None:
    data = write_tables(make_post(tags=("apple", "b", "c", "Zebra"), extra={"ghost": {"tags": stored_tags}}))
    names_by_id = {row["id"]: row["name"] for row in data["tags"]}
    rows = sorted(data["posts_tags"], key=lambda row: row["sort_order"])
    assert [names_by_id[row["tag_id"]] for row in rows] == names


def test_tags_without_posts_are_written_too() -> None:
    assert [row["name"] for row in write_tables(TagRecord(name="a"), make_post(tags=("b",)))["tags"]] == ["a", "b"]


def test_tags_with_number_sign_are_internal() -> None:
    (tag,) = write_tables(TagRecord(name="#news"))["tags"]
    assert (tag["slug"], tag["visibility"]) == ("hash-news", "internal")


def test_slugs_of_tags_differ() -> None:
    slugs = [row["slug"] for row in write_tables(*(TagRecord(name=name) for name in ("C", "C#", "c", "C++")))["tags"]]
    assert (len(set(slugs)), slugs[0]) == (4, "c")


def test_post_without_author_has_no_relation() -> None:
    assert write_tables(make_post())["posts_authors"] == []


def test_unknown_author_is_written_as_inactive() -> None:
    (user,) = write_tables(make_post(author="x@blog.example"))["users"]
    assert (user["email"], user["name"], user["status"]) == ("x@blog.example", "x", "inactive")


def test_all_authors_and_editors_are_written_as_users() -> None:
    fields = {"authors": ["bob@blog.example", ANN.email, 1], "updated_by": "eve@blog.example"}
    data = write_tables(ANN, make_post(author=ANN.email, extra={"ghost": fields}))
    emails = {row["id"]: row["email"] for row in data["users"]}
    authors = [(row["sort_order"], emails[row["author_id"]]) for row in data["posts_authors"]]
    assert authors == [(0, ANN.email), (1, "bob@blog.example")]
    assert emails[data["posts"][0]["updated_by"]] == "eve@blog.example"


def test_users_are_unique_by_normalized_email() -> None:
    fields = {"authors": ["Ann@Blog.Example", "Bob@E.xyz", "bob@e.xyz"], "created_by": "BOB@e.xyz"}
    data = write_tables(ANN, make_post(author=ANN.email, extra={"ghost": fields}))
    ids = [row["id"] for row in data["users"]]
    assert [row["email"] for row in data["users"]] == [ANN.email, "bob@e.xyz"]
    assert [row["author_id"] for row in data["posts_authors"]] == ids
    assert data["posts"][0]["created_by"] == ids[1]


def test_password_hashes_are_not_written() -> None:
    assert "secret" not in "".join(write([ANN, make_post(author=ANN.email)], WriteOptions(now=NOW)))


def test_ids_are_stable_hexadecimal_digits() -> None:
    records = (ANN, make_post(1, author=ANN.email, tags=("a",)), make_post(2))
    data = write_tables(*records)
    data_again = write_tables(*records)
    ids = [row["id"] for rows in data.values() for row in rows]
    assert all(len(row_id) == HEX_24 and int(row_id, 16) for row_id in ids)
    assert (len(set(ids)), data) == (len(ids), data_again)
