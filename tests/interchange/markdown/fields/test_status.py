"""Tests of reading the status from fields, paths and tags."""

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.imported_items import ReadFile, ReadSite, codes_of, post_of


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
    read_file: ReadFile, name: str, fields: str, status: PostStatus, codes: list[NoteCode]
) -> None:
    item = read_file(name, f"---\ntitle: x\ndate: 2020-01-01\n{fields}\n---\nBody")
    assert (post_of(item).status, codes_of(item)) == (status, codes)


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
    item = read_site({"posts/x.md": f"---\ntitle: x\ntags: {tags}\n---\nBody", mark: ""})["posts/x.md"]
    assert post_of(item).status is status
    assert codes_of(item) == ([NoteCode.NOT_PUBLIC] if status is PostStatus.DRAFT else [])
