"""Tests of reading Ghost exports that blogcli wrote."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from blogcli.enums import PostStatus
from blogcli.interchange import ghost
from blogcli.interchange.ghost.embedding import dump_post, dump_user, load_post, load_user
from blogcli.interchange.items import ImportedItem, ReadOptions, WriteOptions
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord, Record, TagRecord, UserRecord
from blogcli.interchange.sources import Source
from tests.interchange.ghost.exports import list_codes, list_posts, read_bytes

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
READ = ReadOptions(zone=UTC, now=NOW)
POST = PostRecord(uuid=UUID(int=1), title="A post", content="Text", status=PostStatus.PUBLISHED)
PERSON = UserRecord(email="ann@blog.example", full_name="Ann")

# Generates strings that may contain any character, including lone surrogates and control characters.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
NAMES = TEXTS.filter(bool)
INSTANTS = st.none() | st.datetimes(timezones=st.just(UTC))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda values: st.lists(values, max_size=3) | st.dictionaries(TEXTS, values, max_size=3),
    max_leaves=5,
)
COLUMNS = st.sampled_from(["featured", "og_title", "visibility", "status", "lexical", "id", "post_id", "title", "page"])
POSTS = st.builds(
    PostRecord,
    uuid=st.uuids(),
    title=TEXTS,
    author=st.none() | TEXTS | st.just(PERSON.email),
    slug=st.none() | TEXTS | st.text("s", min_size=190, max_size=255),
    content=TEXTS | st.text("# \n\r\t`-", max_size=30),
    excerpt=st.none() | TEXTS,
    status=st.sampled_from([PostStatus.DRAFT, PostStatus.SCHEDULED, PostStatus.PUBLISHED]),
    tags=st.lists(NAMES, max_size=3).map(tuple),
    extra=st.dictionaries(TEXTS, VALUES, max_size=3)
    | st.fixed_dictionaries({"ghost": st.dictionaries(COLUMNS | TEXTS, VALUES, max_size=3)}),
    published_at=INSTANTS,
    created_at=INSTANTS,
    updated_at=INSTANTS,
    trashed_at=INSTANTS,
)
PEOPLE = st.builds(
    UserRecord,
    email=st.integers(0).map("p{}@blog.example".format),
    full_name=st.none() | TEXTS,
    is_active=st.booleans(),
    created_at=INSTANTS,
    updated_at=INSTANTS,
)


def write_and_read(records: Sequence[Record], options: ReadOptions = READ) -> list[ImportedItem]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "blog.json")
        path.write_text("".join(ghost.writer.write(records, WriteOptions(now=NOW))), encoding="utf-8", newline="")
        source = Source.at(path)
        assert ghost.reader.detect(source)
        scan = ghost.reader.scan([source], options)
        items = [ghost.reader.read(item, options) for item in scan.items]
    assert len(items) == scan.total
    return items


@settings(max_examples=30)
@given(st.lists(POSTS, max_size=4, unique_by=lambda post: post.uuid))
@example([replace(POST, title="\ud83d\ude00", content="\ud83d\ude00\0")])
@example([replace(POST, content="<p>a\n\n\tb</p>\0", extra={"ghost": {"content_format": "html"}})])
@example([replace(POST, extra={"a": 2**70, "b": 1.0, "c": -0.0, "d": float("inf"), "ghost": {"a": 2**70, "b": 1e400}})])
def test_posts_round_trip(posts: list[PostRecord]) -> None:
    assert [item.post for item in write_and_read(posts) if item.post] == posts


@pytest.mark.parametrize("extra", [{}, {"ghost": {"content_format": "html"}}])
def test_posts_round_trip_with_keep_html(extra: dict[str, Any]) -> None:
    post = replace(POST, content="*a*\n\n\n<b>b</b>", extra=extra)
    assert [item.post for item in write_and_read([post], replace(READ, keep_html=True))] == [post]


@settings(max_examples=30)
@given(st.lists(PEOPLE, max_size=4, unique_by=lambda person: person.email))
def test_users_round_trip(people: list[UserRecord]) -> None:
    assert [person for item in write_and_read(people) for person in item.people] == people


def test_password_hashes_are_not_restored() -> None:
    person = replace(PERSON, hashed_password="secret")  # noqa: S106 - the test does not use a real password
    assert write_and_read([person])[0].people == (PERSON,)


def test_tags_round_trip() -> None:
    names = ["b", "#internal", "C++", "C#", "ü"]
    items = write_and_read([TagRecord(name=name) for name in names])
    assert [tag.name for item in items for tag in item.tags] == names


def test_value_types_are_restored() -> None:
    extra = {"whole": 1, "fraction": 1.0, "true": True, "none": None}
    (item,) = write_and_read([replace(POST, extra=extra)])
    assert item.post
    assert repr(item.post.extra) == repr(extra)


def test_round_trip_reports_nothing() -> None:
    post = replace(POST, author=PERSON.email, tags=("a",), slug="a-post", extra={"ghost": {"visibility": "public"}})
    assert [note for item in write_and_read([PERSON, TagRecord(name="a"), post]) for note in item.notes] == []


@given(POSTS, TEXTS)
def test_restorable_content_is_not_embedded(post: PostRecord, content: str) -> None:
    is_embedded = "content" in json.loads(dump_post(post).replace("\x1a", "?"))
    loaded = load_post(dump_post(post), replace(POST, content=content))
    assert loaded.content == (post.content if is_embedded else content)


EDITED = replace(
    POST,
    title="A title",
    author=PERSON.email,
    slug="a-slug",
    tags=("a", "b"),
    excerpt="Short",
    published_at=NOW,
    extra={"hugo": {"a": 1}, "ghost": {"authors": ["bob@blog.example"], "og_title": "Og", "feature_image": "/a.png"}},
)


def read_edited(old: str, new: str) -> list[ImportedItem]:
    records: list[Record] = [PERSON, TagRecord(name="a"), TagRecord(name="b"), EDITED]
    text = "".join(ghost.writer.write(records, WriteOptions(now=NOW)))
    assert old in text
    return read_bytes(text.replace(old, new).encode())


@pytest.mark.parametrize(
    ("old", "new", "name", "value"),
    [
        ('"title": "A title"', '"title": "Edited"', "title", "Edited"),
        ('"slug": "a-slug"', '"slug": "b-slug"', "slug", "b-slug"),
        ('"status": "published"', '"status": "draft"', "status", PostStatus.DRAFT),
        ('"visibility": "public"', '"visibility": "paid"', "status", PostStatus.DRAFT),
        ('\\"Text\\"', '\\"Other\\"', "content", "Other"),
        ('"lexical": ', '"mobiledoc": "x", "lexical": ', "content", "Text"),
        ('"custom_excerpt": "Short"', '"custom_excerpt": null', "excerpt", None),
        ('"published_at": "2024', '"published_at": "2023', "published_at", NOW.replace(year=2023)),
        ('"name": "a"', '"name": "z"', "tags", ("z", "b")),
        ('"sort_order": 0', '"sort_order": 2', "tags", ("b", "a")),
        ('"email": "ann@blog.example"', '"email": "eve@blog.example"', "author", "eve@blog.example"),
    ],
)
def test_modified_value_takes_precedence(old: str, new: str, name: str, value: object) -> None:
    items = read_edited(old, new)
    (changed,) = list_posts(items)
    assert (getattr(changed, name), changed.uuid) == (value, EDITED.uuid)
    assert NoteCode.NOT_IMPORTED in list_codes(items)


@pytest.mark.parametrize(
    ("name", "value"), [("featured", True), ("feature_image", "/b.png"), ("og_title", "Ogre"), ("tiers", [{"id": "1"}])]
)
def test_modified_column_takes_precedence(name: str, value: object) -> None:
    (changed,) = list_posts(read_edited('"type": "post"', f'"type": "post", "{name}": {json.dumps(value)}'))
    original = {"authors": ["bob@blog.example"], "og_title": "Og", "feature_image": "/a.png"}
    assert changed.extra == {"ghost": original | {name: value}}


@pytest.mark.parametrize("status", ["draft", "scheduled", "sent", "strange"])
def test_embedded_record_does_not_publish_post(status: str) -> None:
    text = json.dumps({"posts": [{"id": "1", "title": "A post", "status": status, "blogcli": dump_post(POST)}]})
    assert [post.status for post in list_posts(read_bytes(text.encode()))] == [PostStatus.DRAFT]


def test_modified_post_keeps_author_with_invalid_email() -> None:
    person = replace(PERSON, email="ann@localhost")
    text = "".join(ghost.writer.write([person, replace(EDITED, author=person.email)], WriteOptions(now=NOW)))
    (changed,) = list_posts(read_bytes(text.replace('"A title"', '"Edited"').encode()))
    assert changed.author == person.email


def test_post_without_author_round_trips() -> None:
    assert [item.post for item in write_and_read([PERSON, POST]) if item.post] == [POST]


def test_modified_user_takes_precedence() -> None:
    people = [person for item in read_edited('"status": "active"', '"status": "locked"') for person in item.people]
    assert people[0] == replace(PERSON, is_active=False)


@given(PEOPLE)
def test_user_is_restored_without_password_hash(person: UserRecord) -> None:
    user = replace(person, hashed_password="secret")  # noqa: S106 - the test does not use a real password
    assert load_user(dump_user(user), PERSON) == person


DUMPED = json.loads(dump_post(POST))
DAMAGED = [None, 1, 1.5, True, [], {}, DUMPED, "", "{", "null", "[]", "{}", "1", '"a"', "\x1ad800", "[" * 100_000]
DAMAGED += [dump_post(POST)[:-1], '{"uuid": 1' + "0" * 5_000 + "}", dump_user(PERSON)]


@pytest.mark.parametrize("record", DAMAGED)
def test_damaged_record_is_ignored(record: object) -> None:
    assert load_post(record, POST) is POST
    assert record == dump_user(PERSON) or load_user(record, PERSON) is PERSON


@pytest.mark.parametrize("name", ["uuid", "title", "slug", "author", "tags", "extra", "status", "published_at", "more"])
@pytest.mark.parametrize("value", [None, 1, True, ["a", 1], [[]], "0001-01-01", "trashed", "2024-05-31T12:00:00"])
def test_record_with_wrong_type_is_ignored(name: str, value: object) -> None:
    valid = name in {"title", "slug", "author"} and isinstance(value, str)
    default_post = replace(POST, title="Default")
    assert (load_post(json.dumps({**DUMPED, name: value}), default_post) is default_post) is not valid


@given(
    st.text(max_size=30) | st.dictionaries(st.sampled_from([*DUMPED, "email", "tags"]), VALUES).map(json.dumps) | VALUES
)
def test_hostile_record_does_not_raise(record: Any) -> None:
    assert isinstance(load_post(record, POST), PostRecord)
    assert isinstance(load_user(record, PERSON), UserRecord)


def test_dates_keep_microseconds() -> None:
    post = replace(POST, published_at=NOW + timedelta(microseconds=1), trashed_at=NOW - timedelta(microseconds=1))
    assert load_post(dump_post(post), POST) == post
