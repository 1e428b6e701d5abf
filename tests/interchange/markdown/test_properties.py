"""Tests that exporting a post in any flavor and importing the file does not change the post."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blogcli.enums import Flavor, PostStatus
from blogcli.interchange.items import ImportedItem, RawItem, ReadOptions, WriteOptions
from blogcli.interchange.markdown.reader import read
from blogcli.interchange.markdown.site.file import File
from blogcli.interchange.markdown.writer import write
from blogcli.interchange.records import PostRecord, Record, TagRecord, UserRecord
from blogcli.interchange.sources import Source
from blogcli.text.emails import placeholder_email

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
ANN = "ann@example.org"
ID = UUID("6d1f0f5e-8a8e-4a58-b3a8-3c5d2f7e9a10")
FULL = PostRecord(
    uuid=ID,
    title="Yes: 2024",
    author="ada@example.org",
    slug="yes-2024",
    content="---\n\r\nBody  \n\n---\n",
    excerpt=" one\n two ",
    status=PostStatus.SCHEDULED,
    tags=("no", "07", "C#"),
    extra={"weight": 5, "ratio": 5.0, "comments": True, "version": "1.10", "ghost": {"id": 7, "none": None, "x": [[]]}},
    published_at=NOW + timedelta(days=400, microseconds=1),
    created_at=NOW,
    updated_at=NOW,
)

CHARACTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXT = st.text(CHARACTERS, max_size=30) | st.text("a ---\n:#'\"\\|>{}[]&*!%@`,?~=\t\r\x85\u2028\ufeff", max_size=12)
WORDS = st.sampled_from(["true", "No", "~", "null", "5", "-0", "0x1f", "1e3", "2020-01-01", "1:30", "<<", "=", "---"])
KEYS = TEXT | st.sampled_from(
    [
        *("uuid", "title", "slug", "status", "draft", "published", "date", "created_at", "lastmod", "updated_at"),
        *("last_modified_at", "author", "authors", "tags", "categories", "excerpt", "summary", "blogcli", "lang"),
    ]
)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | WORDS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
INSTANTS = st.none() | st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(9999, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
RECORDS = st.builds(
    PostRecord,
    uuid=st.uuids(),
    title=TEXT | WORDS,
    author=st.none() | TEXT | WORDS,
    slug=st.none() | TEXT | WORDS,
    content=TEXT,
    excerpt=st.none() | TEXT | WORDS,
    status=st.sampled_from(PostStatus),
    tags=st.lists(TEXT | WORDS, max_size=3).map(tuple),
    extra=st.dictionaries(KEYS, VALUES, max_size=4),
    published_at=INSTANTS,
    created_at=INSTANTS,
    updated_at=INSTANTS,
    trashed_at=INSTANTS,
)


def write_post(post: PostRecord, flavor: Flavor, *people: UserRecord) -> tuple[str, str]:
    ((name, text),) = write([*people, post], WriteOptions(now=NOW, flavor=flavor))
    return name, text


def read_back(post: PostRecord, flavor: Flavor, folder: Path, *people: UserRecord) -> ImportedItem:
    name, text = write_post(post, flavor, *people)
    path = folder / "post.md"
    path.write_bytes(text.encode())
    item = RawItem(name, None, File(Source(name, path), "blog", PurePath("blog", name)))
    return read(item, ReadOptions(zone=timezone(timedelta(hours=2)), now=NOW))


def types_of(value: Any) -> Any:
    match value:
        case dict():
            return {name: types_of(item) for name, item in value.items()}
        case list():
            return [types_of(item) for item in value]
    return type(value)


@given(RECORDS, st.sampled_from(Flavor))
@example(FULL, Flavor.PLAIN)
@example(FULL, Flavor.JEKYLL)
@example(FULL, Flavor.HUGO)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)
def test_any_exported_post_is_read_back_equal(tmp_path: Path, post: PostRecord, flavor: Flavor) -> None:
    item = read_back(post, flavor, tmp_path)
    assert item.post == post
    assert types_of(item.post.extra) == types_of(post.extra)
    assert item.notes == ()


NAMES = TEXT | WORDS | st.sampled_from(["Ann Bo", "Ann, Bo and Cy", "Ann <ann@example.org>", "a@b.org", "日本"])


@given(TEXT | st.sampled_from([ANN, "a@b and c@d", ""]) | NAMES.map(placeholder_email), NAMES, st.sampled_from(Flavor))
@example("ann-bo@authors.invalid", "Ann Bo", Flavor.PLAIN)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_exported_author_is_read_back_equal(tmp_path: Path, author: str, full_name: str, flavor: Flavor) -> None:
    post = PostRecord(uuid=ID, title="x", author=author, extra={"authors": ["Cy"], "author": "Do", "blogcli": {}})
    person = UserRecord(email=author, full_name=full_name, is_active=False)
    item = read_back(post, flavor, tmp_path, UserRecord(email="other", full_name="Other"), person)
    assert (item.post, item.notes) == (post, ())
    assert item.people == ((person,) if full_name.strip() else ())


@given(RECORDS, st.sampled_from(Flavor))
@settings(max_examples=50)
def test_equal_posts_are_written_equal_with_uuid_first(post: PostRecord, flavor: Flavor) -> None:
    name, text = write_post(post, flavor)
    assert (name, text) == write_post(post, flavor)
    # The option `--delete` recognizes an exported file by these lines at the start of the file.
    assert text.startswith(f"---\nuuid: {post.uuid}\n")


@pytest.mark.parametrize("flavor", Flavor)
@pytest.mark.parametrize("status", list(PostStatus))
@pytest.mark.parametrize("trashed_at", [None, NOW])
def test_every_status_is_read_back(tmp_path: Path, flavor: Flavor, status: PostStatus, trashed_at: datetime) -> None:
    post = PostRecord(uuid=ID, title="x", status=status, trashed_at=trashed_at)
    assert read_back(post, flavor, tmp_path).post == post


def test_write_omits_users_and_tags() -> None:
    records: list[Record] = [
        UserRecord(email="a@example.org"),
        TagRecord(name="x"),
        PostRecord(uuid=ID, title="x", slug="x"),
    ]
    assert [name for name, _ in write(records, WriteOptions(now=NOW))] == ["x.md"]


def test_deeply_nested_extra_is_read_back(tmp_path: Path) -> None:
    value: Any = "x"
    for _ in range(99):
        value = [value]
    post = PostRecord(uuid=ID, title="x", extra={"title": value})
    assert read_back(post, Flavor.HUGO, tmp_path).post == post


def test_long_extra_is_read_back(tmp_path: Path) -> None:
    post = PostRecord(uuid=ID, title="x", extra={"html": "é" * 1_100_000})
    assert read_back(post, Flavor.HUGO, tmp_path).post == post
