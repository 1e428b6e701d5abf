"""Ghost's users and tags, and the tables that are left out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange import ghost
from blogcli.interchange.items import RawItem
from blogcli.interchange.notes import NoteCode
from tests.interchange.ghost.exports import ANN, OPTIONS, codes, posts, read_file, read_tables

SAMPLES = Path(__file__).parents[2] / "data/interchange/ghost"


@pytest.mark.parametrize(
    ("status", "is_active"),
    [("active", True), ("inactive", False), ("locked", False), ("warn-1", False), (None, False)],
)
def test_only_active_users_are_active(status: Any, is_active: bool) -> None:
    (entry,) = read_tables(users=[{**ANN, "status": status, "created_at": "2020-01-02 03:04:05"}])
    (person,) = entry.people
    assert (person.email, person.full_name, person.is_active) == ("ann@blog.example", "Ann", is_active)
    assert (person.created_at, entry.notes) == (datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC), ())


def test_password_hashes_are_not_imported() -> None:
    (entry,) = read_tables(users=[{**ANN, "password": "$2a$10$secret"}])
    assert entry.people[0].hashed_password is None
    assert "secret" not in repr(entry)


@pytest.mark.parametrize("email", [None, "", " ", ["a"]])
def test_user_without_email_gets_placeholder(email: Any) -> None:
    (entry,) = read_tables(users=[{**ANN, "email": email}])
    assert (entry.people[0].email, codes([entry])) == ("ann@authors.invalid", [NoteCode.AUTHOR_CREATED])


def test_unsupported_fields_are_reported() -> None:
    user, tag = read_tables(
        users=[{**ANN, "bio": "Writes"}], tags=[{"id": 1, "name": "A", "slug": "a", "description": "d"}]
    )
    assert "bio" in user.notes[0].message
    assert "description" in tag.notes[0].message
    assert codes([user, tag]) == [NoteCode.NOT_IMPORTED] * 2


@pytest.mark.parametrize(("slug", "is_noted"), [("a-tag", False), ("hash-a-tag", False), ("other", True)])
def test_slug_not_derived_from_name_is_reported(slug: str, is_noted: bool) -> None:
    (entry,) = read_tables(tags=[{"id": 1, "name": "A tag", "slug": slug}])
    assert bool(entry.notes) is is_noted


@pytest.mark.parametrize(("table", "row"), [("users", 1), ("tags", "a"), ("tags", {"id": 1}), ("posts", None)])
def test_invalid_row_fails_alone(table: str, row: Any) -> None:
    with pytest.raises(InvalidError, match=r"^Not a"):
        ghost.reader.read(RawItem("blog.json", 1, (table, row)), OPTIONS)


def test_skipped_tables_are_reported_except_technical_ones() -> None:
    entries = read_tables(posts=[], settings=[{"key": "title"}] * 2, members=[{"email": "x"}], permissions=[{"id": 1}])
    assert [note.message.split(",")[0] for entry in entries for note in entry.notes] == [
        "settings: 2 rows",
        "members: 1 row",
    ]


def test_export_of_ghost_0_with_markdown() -> None:
    entries = read_file(SAMPLES / "markdown.json")
    assert [post.author for post in posts(entries)[:3]] == [
        "josephinebloggs@example.com",
        "rmachine@example.com",
        "swellingsworth@example.com",
    ]
    assert posts(entries)[0].content == "You're live! Nice."
    assert [person.is_active for entry in entries for person in entry.people] == [True, True, False]


def test_export_with_lexical() -> None:
    entries = read_file(SAMPLES / "lexical.json")
    assert [post.content for post in posts(entries)][2] == "![](https://example.com/images/lexical-image.jpg)"
    assert [(post.author, post.tags) for post in posts(entries)] == [
        ("alice@example.com", ("News",)),
        ("bob@example.com", ("Technology",)),
        (None, ()),
    ]
