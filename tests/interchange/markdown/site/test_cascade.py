"""Tests of the fields that posts inherit from files in their folder."""

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.imported_items import ReadSite, codes_of, post_of

POST = "---\ntitle: x\n{}\n---\nBody"
SECTION = "---\ntitle: s\n{}\n---\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("content/a/_index.md", SECTION.format("cascade: {draft: true}")),
        ("content/_index.md", SECTION.format("cascade: [{type: x}, {build: {render: never}}]")),
        ("content/a/b/_index.md", "+++\n[cascade]\ndraft = true\n+++\n"),
        ("content/a/a.json", '{"draft": true}'),
        ("content/a/b/b.11tydata.json", '{"permalink": false}'),
        ("content/a/b/x.11tydata.json", '{"draft": true}'),
    ],
)
def test_hiding_file_of_folder_makes_posts_drafts(read_site: ReadSite, name: str, text: str) -> None:
    items = read_site({"content/a/b/x.md": POST.format(""), name: text, "hugo.toml": ""})
    assert post_of(items["content/a/b/x.md"]).status is PostStatus.DRAFT


def test_draft_field_takes_precedence_over_hugo_cascade(read_site: ReadSite) -> None:
    texts = {"a/x.md": POST.format("draft: false"), "a/y.md": POST.format(""), "b/z.md": POST.format("")}
    items = read_site(texts | {"a/_index.md": SECTION.format("cascade: {draft: true}"), "hugo.toml": ""})
    statuses = [post_of(items[name]).status for name in texts]
    assert statuses == [PostStatus.PUBLISHED, PostStatus.DRAFT, PostStatus.PUBLISHED]
    assert [NoteCode.NOT_PUBLIC in codes_of(items[name]) for name in texts] == [False, True, False]


@pytest.mark.parametrize("text", ["", "{", '["draft"]', '{"draft": "maybe"}', "\0"])
def test_invalid_hiding_file_is_ignored(read_site: ReadSite, text: str) -> None:
    items = read_site({"a/x.md": POST.format(""), "a/a.json": text, "a/_index.md": text, ".eleventy.js": ""})
    assert post_of(items["a/x.md"]).status is PostStatus.PUBLISHED


def test_own_fields_take_precedence_over_eleventy_data_file(read_site: ReadSite) -> None:
    items = read_site({"x.md": "---\ntitle: Own\n---\n", "x.11tydata.json": '{"title": "Other", "tags": ["a"]}'})
    post = post_of(items["x.md"])
    assert (post.title, post.tags) == ("Own", ("a",))
