"""Tests of the author of exported files, some of which a user edited after the export."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from blogcli.enums import Flavor
from blogcli.interchange.items import WriteOptions
from blogcli.interchange.markdown.writer import write
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord, Record, UserRecord
from tests.interchange.markdown.imported_items import ReadSite

ANN = UserRecord(email="ann@example.org", full_name="Ann Bo")
PLACEHOLDER = UserRecord(email="ann-bo@authors.invalid", full_name="Ann Bo")
NAMELESS = UserRecord(email="ann@example.org")


def exported(person: UserRecord, flavor: Flavor = Flavor.PLAIN) -> str:
    post = PostRecord(uuid=UUID(int=1), title="x", slug="x", author=person.email)
    records: list[Record] = [person, post]
    ((_, text),) = write(records, WriteOptions(now=datetime(2024, 5, 31, tzinfo=UTC), flavor=flavor))
    return text


@pytest.mark.parametrize("flavor", Flavor)
@pytest.mark.parametrize(
    ("person", "visible", "hidden"),
    [
        (ANN, "Ann Bo", "  author: ann@example.org\n  full_name: Ann Bo\n"),
        (PLACEHOLDER, "Ann Bo", "  full_name: Ann Bo\n"),
        (NAMELESS, "ann@example.org", ""),
        (UserRecord(email="ann@example.org", full_name=" "), "ann@example.org", ""),
        (UserRecord(email="ann and bo"), "ann and bo", "  author: ann and bo\n"),
    ],
)
def test_exported_author_is_full_name(flavor: Flavor, person: UserRecord, visible: str, hidden: str) -> None:
    text = exported(person, flavor)
    assert f"\nauthor: {visible}\n" in text
    assert text.endswith(f"\nblogcli:\n  flavor: {flavor}\n{hidden}---\n")


@pytest.mark.parametrize("person", [ANN, PLACEHOLDER, NAMELESS])
@pytest.mark.parametrize(
    ("line", "email", "full_name", "codes"),
    [
        ("author: Cy Do", "cy-do@authors.invalid", "Cy Do", [NoteCode.AUTHOR_CREATED]),
        ("author: cy@example.org", "cy@example.org", None, []),
        ("author: Cy <cy@example.org>", "cy@example.org", "Cy", []),
        ("author: {name: Cy, email: cy@example.org}", "cy@example.org", "Cy", []),
        ("author:", None, None, []),
        ("other: x", None, None, []),
    ],
)
def test_edited_author_takes_precedence(
    read_site: ReadSite, person: UserRecord, line: str, email: str | None, full_name: str | None, codes: list[NoteCode]
) -> None:
    line_of_author = f"author: {person.full_name or person.email}\n"
    (item,) = read_site({"x.md": exported(person).replace(f"\n{line_of_author}", f"\n{line}\n")}).values()
    assert item.post
    assert (item.post.author, [note.code for note in item.notes]) == (email, codes)
    assert [(user.email, user.full_name) for user in item.people] == ([(email, full_name)] if full_name else [])
    assert item.post.extra == ({"other": "x"} if line == "other: x" else {})


def test_edited_hidden_address_takes_precedence(read_site: ReadSite) -> None:
    (item,) = read_site({"x.md": exported(ANN).replace("ann@example.org", "bo@example.org")}).values()
    assert item.people == (UserRecord(email="bo@example.org", full_name="Ann Bo", is_active=False),)


def test_several_edited_authors_are_kept_in_extra(read_site: ReadSite) -> None:
    (item,) = read_site({"x.md": exported(ANN).replace("author: Ann Bo", "author: [Cy, Do]")}).values()
    assert item.post
    assert (item.post.author, item.post.extra) == ("cy@authors.invalid", {"author": ["Cy", "Do"]})
