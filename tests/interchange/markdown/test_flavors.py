"""Tests of the status of exported files that a user edited."""

from typing import Any
from uuid import UUID

import pytest

from blogcli.enums import Flavor, PostStatus
from blogcli.interchange.items import ImportedItem
from blogcli.interchange.markdown.flavors import write_exported_post
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord
from tests.interchange.markdown.imported_items import ReadSite

PUBLISHED = PostStatus.PUBLISHED
DRAFT = PostStatus.DRAFT
SCHEDULED = PostStatus.SCHEDULED


def read_with(read_site: ReadSite, line: str, flavor: Flavor, **values: Any) -> ImportedItem:
    post = PostRecord(uuid=UUID(int=1), title="x", **{"status": PUBLISHED} | values)
    text = write_exported_post(post, flavor).replace("\ntitle: x\n", f"\ntitle: x\n{line}\n")
    (item,) = read_site({"x.md": text}).values()
    return item


@pytest.mark.parametrize(
    ("flavor", "line", "status"),
    [
        (Flavor.PLAIN, "draft: true", DRAFT),
        (Flavor.PLAIN, "draft: yes", DRAFT),
        (Flavor.PLAIN, "published: false", DRAFT),
        (Flavor.PLAIN, "draft: false", SCHEDULED),
        (Flavor.PLAIN, "draft:", SCHEDULED),
        (Flavor.JEKYLL, "draft: true", DRAFT),
        (Flavor.JEKYLL, "status: draft", DRAFT),
        (Flavor.JEKYLL, "status: published", SCHEDULED),
        (Flavor.HUGO, "published: false", DRAFT),
        (Flavor.HUGO, "status: Draft", DRAFT),
    ],
)
def test_exported_post_is_draft_if_added_field_hides_it(
    read_site: ReadSite, flavor: Flavor, line: str, status: PostStatus
) -> None:
    item = read_with(read_site, line, flavor, status=SCHEDULED)
    assert item.post
    assert (item.post.status, item.notes) == (status, ())
    assert not any(item.post.extra.values())


@pytest.mark.parametrize("flavor", Flavor)
def test_exported_draft_stays_draft_if_added_fields_publish_it(read_site: ReadSite, flavor: Flavor) -> None:
    lines = {"status": "status: published", "draft": "draft: false", "published": "published: true"}
    own_field = {Flavor.PLAIN: "status", Flavor.HUGO: "draft", Flavor.JEKYLL: "published"}[flavor]
    added = "\n".join(line for name, line in lines.items() if name != own_field)
    item = read_with(read_site, added, flavor, status=DRAFT)
    assert item.post
    assert (item.post.status, item.post.extra, item.notes) == (DRAFT, {}, ())


@pytest.mark.parametrize("line", ["draft: perhaps", "status: in review"])
def test_unknown_value_of_added_field_makes_post_a_draft(read_site: ReadSite, line: str) -> None:
    item = read_with(read_site, line, Flavor.JEKYLL)
    assert item.post
    assert (item.post.status, [note.code for note in item.notes]) == (DRAFT, [NoteCode.STATUS_INFERRED])


@pytest.mark.parametrize("flavor", Flavor)
def test_extra_field_with_reserved_name_does_not_change_status(read_site: ReadSite, flavor: Flavor) -> None:
    extra = {"draft": "true", "published": "no", "status": "draft"}
    item = read_with(read_site, "other: 1", flavor, extra=extra)
    assert item.post
    assert (item.post.status, item.post.extra) == (PUBLISHED, {"other": "1", **extra})


def test_hidden_status_is_ignored_if_visible_status_is_removed(read_site: ReadSite) -> None:
    (item,) = read_site({"x.md": "---\ntitle: x\nblogcli: {flavor: hugo, status: scheduled}\n---\n"}).values()
    assert item.post
    assert (item.post.status, item.post.extra) == (PUBLISHED, {})
