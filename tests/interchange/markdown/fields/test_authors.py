"""Tests of reading the author from the fields of site generators."""

import pytest

from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.imported_items import ReadFile, codes_of, post_of

CREATED = NoteCode.AUTHOR_CREATED
INFERRED = NoteCode.AUTHOR_INFERRED


@pytest.mark.parametrize(
    ("fields", "email", "full_name", "extra", "codes"),
    [
        ("author: Ann Bo", "ann-bo@authors.invalid", "Ann Bo", [], [CREATED]),
        ("author: ann@example.org", "ann@example.org", None, [], []),
        ("author: Ann <ann@example.org>", "ann@example.org", "Ann", [], []),
        ("author: {name: Ann, email: ann@example.org}", "ann@example.org", "Ann", [], []),
        ("author: {name: Ann, email: a@b.org, url: x}", "a@b.org", "Ann", ["author"], []),
        ("author: {name: Ann, email: [x]}", "ann@authors.invalid", "Ann", ["author"], [CREATED]),
        ("by: ['Ann, Bo, and Cy']", "ann@authors.invalid", "Ann", ["by"], [INFERRED, CREATED]),
        ("authors: Ann Bo, Cy", "ann-bo@authors.invalid", "Ann Bo", ["authors"], [INFERRED, CREATED]),
        ("authors: [Ann]", "ann@authors.invalid", "Ann", [], [CREATED]),
        ("authors: [Ann, Bo]", "ann@authors.invalid", "Ann", ["authors"], [CREATED]),
        ("authors: [{name: Ann, title: Dr}, bo]", "ann@authors.invalid", "Ann", ["authors"], [CREATED]),
        ("by: [Ann]", "ann@authors.invalid", "Ann", [], [CREATED]),
        ("params: {author: Ann, x: 1}", "ann@authors.invalid", "Ann", ["params"], [CREATED]),
        ("params: {author: Ann}", "ann@authors.invalid", "Ann", [], [CREATED]),
        ("author: Bo\nparams: {author: Ann}", "bo@authors.invalid", "Bo", ["params"], [CREATED]),
        ("authors: [{key: ann}]", "ann@authors.invalid", "ann", [], [CREATED]),
        ("authors: {key: ann, title: X}", "ann@authors.invalid", "ann", ["authors"], [CREATED]),
        ("authors: {key: ann, name: Ann Bo}", "ann-bo@authors.invalid", "Ann Bo", ["authors"], [CREATED]),
        ("author: 'Ann, Bo, and Cy'", "ann@authors.invalid", "Ann", ["author"], [INFERRED, CREATED]),
        ("author: Ann and Bo", "ann@authors.invalid", "Ann", ["author"], [INFERRED, CREATED]),
        ("author: 'Bo, Ann'", "bo-ann@authors.invalid", "Bo, Ann", [], [CREATED]),
        ("author: '@ann'", "ann@authors.invalid", "@ann", [], [CREATED]),
        ("author: {url: x}\nauthors: [Ann]", "ann@authors.invalid", "Ann", ["author"], [INFERRED, CREATED]),
    ],
)
def test_first_author_becomes_author(
    read_file: ReadFile, fields: str, email: str, full_name: str | None, extra: list[str], codes: list[NoteCode]
) -> None:
    item = read_file("posts/x.md", f"---\ntitle: x\ndate: 2020-01-01\n{fields}\n---\nBody")
    post = post_of(item)
    (person,) = item.people
    assert (post.author, person.email, person.full_name, person.is_active) == (email, email, full_name, False)
    assert (list(post.extra), codes_of(item)) == (extra, codes)


@pytest.mark.parametrize("fields", ["author:", "author: []", "authors: ['']", "author: ''"])
def test_blank_author_field_is_ignored(read_file: ReadFile, fields: str) -> None:
    item = read_file("posts/x.md", f"---\ntitle: x\ndate: 2020-01-01\n{fields}\n---\nBody")
    post = post_of(item)
    assert (post.author, item.people, item.notes) == (None, (), ())
