"""Who wrote a post, and whether the public may see it: what fields and folders say."""

from typing import Any

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.imported_items import ReadSite

MADE, GUESSED = NoteCode.AUTHOR_CREATED, NoteCode.AUTHOR_INFERRED


def read_one(read_site: ReadSite, fields: str, name: str = "posts/x.md") -> ImportedItem:
    (entry,) = read_site({name: f"---\ntitle: x\ndate: 2020-01-01\n{fields}\n---\nBody"}).values()
    return entry


@pytest.mark.parametrize(
    ("fields", "email", "full_name", "extra", "codes"),
    [
        ("author: Ann Bo", "ann-bo@authors.invalid", "Ann Bo", [], [MADE]),
        ("author: ann@example.org", "ann@example.org", None, [], []),
        ("author: Ann <ann@example.org>", "ann@example.org", "Ann", [], []),
        ("author: {name: Ann, email: ann@example.org}", "ann@example.org", "Ann", [], []),
        ("author: {name: Ann, email: a@b.org, url: x}", "a@b.org", "Ann", ["author"], []),
        ("author: {name: Ann, email: [x]}", "ann@authors.invalid", "Ann", ["author"], [MADE]),
        ("by: ['Ann, Bo, and Cy']", "ann@authors.invalid", "Ann", ["by"], [GUESSED, MADE]),
        ("authors: Ann Bo, Cy", "ann-bo@authors.invalid", "Ann Bo", ["authors"], [GUESSED, MADE]),
        ("authors: [Ann]", "ann@authors.invalid", "Ann", [], [MADE]),
        ("authors: [Ann, Bo]", "ann@authors.invalid", "Ann", ["authors"], [MADE]),
        ("authors: [{name: Ann, title: Dr}, bo]", "ann@authors.invalid", "Ann", ["authors"], [MADE]),
        ("by: [Ann]", "ann@authors.invalid", "Ann", [], [MADE]),
        ("params: {author: Ann, x: 1}", "ann@authors.invalid", "Ann", ["params"], [MADE]),
        ("params: {author: Ann}", "ann@authors.invalid", "Ann", [], [MADE]),
        ("author: Bo\nparams: {author: Ann}", "bo@authors.invalid", "Bo", ["params"], [MADE]),
        ("authors: [{key: ann}]", "ann@authors.invalid", "ann", [], [MADE]),
        ("authors: {key: ann, title: X}", "ann@authors.invalid", "ann", ["authors"], [MADE]),
        ("authors: {key: ann, name: Ann Bo}", "ann-bo@authors.invalid", "Ann Bo", ["authors"], [MADE]),
        ("author: 'Ann, Bo, and Cy'", "ann@authors.invalid", "Ann", ["author"], [GUESSED, MADE]),
        ("author: Ann and Bo", "ann@authors.invalid", "Ann", ["author"], [GUESSED, MADE]),
        ("author: 'Bo, Ann'", "bo-ann@authors.invalid", "Bo, Ann", [], [MADE]),
        ("author: '@ann'", "ann@authors.invalid", "@ann", [], [MADE]),
        ("author: {url: x}\nauthors: [Ann]", "ann@authors.invalid", "Ann", ["author"], [GUESSED, MADE]),
    ],
)
def test_first_author_becomes_author(
    read_site: ReadSite, fields: str, email: str, full_name: str | None, extra: list[str], codes: list[NoteCode]
) -> None:
    entry = read_one(read_site, fields)
    assert entry.post
    (person,) = entry.people
    assert (entry.post.author, person.email, person.full_name, person.is_active) == (email, email, full_name, False)
    assert (list(entry.post.extra), [note.code for note in entry.notes]) == (extra, codes)


@pytest.mark.parametrize("fields", ["author:", "author: []", "authors: ['']", "author: ''"])
def test_blank_author_field_is_ignored(read_site: ReadSite, fields: str) -> None:
    entry = read_one(read_site, fields)
    assert entry.post
    assert (entry.post.author, entry.people, entry.notes) == (None, (), ())


@pytest.mark.parametrize(
    ("name", "fields", "status", "codes"),
    [
        ("posts/x.md", "", PostStatus.PUBLISHED, []),
        ("posts/x.md", "draft: false", PostStatus.PUBLISHED, []),
        ("posts/x.md", "draft: true", PostStatus.DRAFT, []),
        ("posts/x.md", "published: false", PostStatus.DRAFT, []),
        ("posts/x.md", "published: true", PostStatus.PUBLISHED, []),
        ("posts/x.md", "status: scheduled", PostStatus.SCHEDULED, []),
        ("posts/x.md", "status: featured", PostStatus.PUBLISHED, []),
        ("posts/x.md", "status: Private", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "status: hidden", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "status: in review", PostStatus.DRAFT, [NoteCode.STATUS_INFERRED]),
        ("posts/x.md", "status: [a]", PostStatus.DRAFT, [NoteCode.STATUS_INFERRED]),
        ("posts/x.md", "draft: perhaps", PostStatus.DRAFT, [NoteCode.STATUS_INFERRED]),
        ("posts/x.md", "draft: [true]", PostStatus.DRAFT, [NoteCode.STATUS_INFERRED]),
        ("posts/x.md", "unlisted: true", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "unlisted: false", PostStatus.PUBLISHED, []),
        ("posts/x.md", "password: secret", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "visibility: members", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "visibility: public", PostStatus.PUBLISHED, []),
        ("posts/x.md", "expiryDate: 2024-05-30", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "unpublishdate: '2024-05-31T14:00:00+02:00'", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "expirydate: 2024-05-31 14:00:01", PostStatus.PUBLISHED, []),
        ("posts/x.md", "expiryDate: 0001-01-01", PostStatus.PUBLISHED, []),
        ("posts/x.md", "expiryDate:", PostStatus.PUBLISHED, []),
        ("posts/x.md", "expiryDate: soon", PostStatus.DRAFT, [NoteCode.STATUS_INFERRED, NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "build: {render: never}", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "_build: {render: false}", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "build: {render: always, list: never}", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "render: false", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "permalink: false", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "permalink: {build: false}", PostStatus.DRAFT, [NoteCode.NOT_PUBLIC]),
        ("posts/x.md", "permalink: /never/", PostStatus.PUBLISHED, []),
        ("_drafts/x.md", "", PostStatus.DRAFT, []),
        ("_drafts/x.md", "published: true", PostStatus.DRAFT, []),
        ("draft-2020-01-01-x.md", "", PostStatus.DRAFT, []),
    ],
)
def test_status_is_read_from_fields_and_path(
    read_site: ReadSite, name: str, fields: str, status: PostStatus, codes: list[Any]
) -> None:
    entry = read_one(read_site, fields, name)
    assert entry.post
    assert (entry.post.status, [note.code for note in entry.notes]) == (status, codes)


@pytest.mark.parametrize(
    ("tags", "mark", "status"),
    [
        ("a, Draft", "conf.py", PostStatus.DRAFT),
        ("[private]", "conf.py", PostStatus.DRAFT),
        ("drafts", "conf.py", PostStatus.PUBLISHED),
        ("draft", "hugo.toml", PostStatus.PUBLISHED),
    ],
)
def test_tags_hide_post_only_in_nikola(read_site: ReadSite, tags: str, mark: str, status: PostStatus) -> None:
    entry = read_site({"posts/x.md": f"---\ntitle: x\ntags: {tags}\n---\nBody", mark: ""})["posts/x.md"]
    assert entry.post
    assert entry.post.status is status
    assert [note.code for note in entry.notes] == ([NoteCode.NOT_PUBLIC] if status is PostStatus.DRAFT else [])
