"""Who wrote an exported post: names for generators, and authors that a person changed since."""

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
MADE_UP = UserRecord(email="ann-bo@authors.invalid", full_name="Ann Bo")
NAMELESS = UserRecord(email="ann@example.org")


def exported(person: UserRecord, flavor: Flavor = Flavor.PLAIN) -> str:
    post = PostRecord(uuid=UUID(int=1), title="x", slug="x", author=person.email)
    records: list[Record] = [person, post]
    ((_, text),) = write(records, WriteOptions(now=datetime(2024, 5, 31, tzinfo=UTC), flavor=flavor))
    return text


@pytest.mark.parametrize("flavor", Flavor)
@pytest.mark.parametrize(
    ("person", "shown", "kept"),
    [
        (ANN, "Ann Bo", "  author: ann@example.org\n  full_name: Ann Bo\n"),
        (MADE_UP, "Ann Bo", "  full_name: Ann Bo\n"),
        (NAMELESS, "ann@example.org", ""),
        (UserRecord(email="ann@example.org", full_name=" "), "ann@example.org", ""),
        (UserRecord(email="ann and bo"), "ann and bo", "  author: ann and bo\n"),
    ],
)
def test_exported_author_is_full_name(flavor: Flavor, person: UserRecord, shown: str, kept: str) -> None:
    text = exported(person, flavor)
    assert f"\nauthor: {shown}\n" in text
    assert text.endswith(f"\nblogcli:\n  flavor: {flavor}\n{kept}---\n")


@pytest.mark.parametrize("person", [ANN, MADE_UP, NAMELESS])
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
    shown = f"author: {person.full_name or person.email}\n"
    (entry,) = read_site({"x.md": exported(person).replace(f"\n{shown}", f"\n{line}\n")}).values()
    assert entry.post
    assert (entry.post.author, [note.code for note in entry.notes]) == (email, codes)
    assert [(each.email, each.full_name) for each in entry.people] == ([(email, full_name)] if full_name else [])
    assert entry.post.extra == ({"other": "x"} if line == "other: x" else {})


def test_edited_hidden_address_takes_precedence(read_site: ReadSite) -> None:
    (entry,) = read_site({"x.md": exported(ANN).replace("ann@example.org", "bo@example.org")}).values()
    assert entry.people == (UserRecord(email="bo@example.org", full_name="Ann Bo", is_active=False),)


def test_several_edited_authors_are_kept_in_extra(read_site: ReadSite) -> None:
    (entry,) = read_site({"x.md": exported(ANN).replace("author: Ann Bo", "author: [Cy, Do]")}).values()
    assert entry.post
    assert (entry.post.author, entry.post.extra) == ("cy@authors.invalid", {"author": ["Cy", "Do"]})
