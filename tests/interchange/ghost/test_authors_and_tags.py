"""Tests of reading users and tags from Ghost exports, and of skipped tables."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange import ghost
from blogcli.interchange.items import RawItem
from blogcli.interchange.notes import NoteCode
from tests.interchange.ghost.exports import ANN, OPTIONS, list_codes, list_posts, read_file, read_tables

SAMPLES = Path(__file__).parents[2] / "data/interchange/ghost"


@pytest.mark.parametrize(
    ("status", "is_active"),
    [("active", True), ("inactive", False), ("locked", False), ("warn-1", False), (None, False)],
)
def test_only_active_users_are_active(status: Any, is_active: bool) -> None:
    (item,) = read_tables(users=[{**ANN, "status": status, "created_at": "2020-01-02 03:04:05"}])
    (person,) = item.people
    assert (person.email, person.full_name, person.is_active) == ("ann@blog.example", "Ann", is_active)
    assert (person.created_at, item.notes) == (datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), ())


def test_password_hashes_are_not_imported() -> None:
    (item,) = read_tables(users=[{**ANN, "password": "$2a$10$secret"}])
    assert item.people[0].hashed_password is None
    assert "secret" not in repr(item)


@pytest.mark.parametrize("email", [None, "", " ", ["a"]])
def test_user_without_email_gets_placeholder(email: Any) -> None:
    (item,) = read_tables(users=[{**ANN, "email": email}])
    assert (item.people[0].email, list_codes([item])) == ("ann@authors.invalid", [NoteCode.AUTHOR_CREATED])


def test_unsupported_fields_are_reported() -> None:
    user, tag = read_tables(
        users=[{**ANN, "bio": "Writes"}], tags=[{"id": 1, "name": "A", "slug": "a", "description": "d"}]
    )
    assert "bio" in user.notes[0].message
    assert "description" in tag.notes[0].message
    assert list_codes([user, tag]) == [NoteCode.NOT_IMPORTED] * 2


@pytest.mark.parametrize(("slug", "is_noted"), [("a-tag", False), ("hash-a-tag", False), ("other", True)])
def test_slug_not_derived_from_name_is_reported(slug: str, is_noted: bool) -> None:
    (item,) = read_tables(tags=[{"id": 1, "name": "A tag", "slug": slug}])
    assert bool(item.notes) is is_noted


def test_slug_that_blogcli_wrote_is_not_reported() -> None:
    tag = {"id": 1, "name": "C++", "slug": "c-2", "blogcli": True}
    items = read_tables(users=[{**ANN, "slug": "ann-2", "blogcli": {}}], tags=[tag])
    assert list_codes(items) == []


@pytest.mark.parametrize(("table", "row"), [("users", 1), ("tags", "a"), ("tags", {"id": 1}), ("posts", None)])
def test_invalid_row_is_rejected(table: str, row: Any) -> None:
    with pytest.raises(InvalidError, match=r"^Not a"):
        ghost.reader.read(RawItem("blog.json", 1, (table, row)), OPTIONS)


def test_skipped_tables_are_reported_except_technical_ones() -> None:
    items = read_tables(posts=[], settings=[{"key": "title"}] * 2, members=[{"email": "x"}], permissions=[{"id": 1}])
    assert [note.message.split(",")[0] for item in items for note in item.notes] == [
        "settings: 2 rows",
        "members: 1 row",
    ]


def test_markdown_export_of_ghost_0_is_read() -> None:
    items = read_file(SAMPLES / "markdown.json")
    assert [post.author for post in list_posts(items)[:3]] == [
        "josephinebloggs@example.com",
        "rmachine@example.com",
        "swellingsworth@example.com",
    ]
    assert list_posts(items)[0].content == "You're live! Nice."
    assert [person.is_active for item in items for person in item.people] == [True, True, False]


def test_lexical_export_is_read() -> None:
    items = read_file(SAMPLES / "lexical.json")
    assert [post.content for post in list_posts(items)][2] == "![](https://example.com/images/lexical-image.jpg)"
    assert [(post.author, post.tags) for post in list_posts(items)] == [
        ("alice@example.com", ("News",)),
        ("bob@example.com", ("Technology",)),
        (None, ()),
    ]
