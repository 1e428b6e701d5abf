"""What a folder or a file beside a post hands down to it."""

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
    found = read_site({"content/a/b/x.md": POST.format(""), name: text, "hugo.toml": ""})["content/a/b/x.md"]
    assert post_of(found).status is PostStatus.DRAFT


def test_draft_field_takes_precedence_over_hugo_cascade(read_site: ReadSite) -> None:
    texts = {"a/x.md": POST.format("draft: false"), "a/y.md": POST.format(""), "b/z.md": POST.format("")}
    found = read_site(texts | {"a/_index.md": SECTION.format("cascade: {draft: true}"), "hugo.toml": ""})
    statuses = [post_of(found[name]).status for name in texts]
    assert statuses == [PostStatus.PUBLISHED, PostStatus.DRAFT, PostStatus.PUBLISHED]
    assert [NoteCode.NOT_PUBLIC in codes_of(found[name]) for name in texts] == [False, True, False]


@pytest.mark.parametrize("text", ["", "{", '["draft"]', '{"draft": "maybe"}', "\0"])
def test_invalid_hiding_file_is_ignored(read_site: ReadSite, text: str) -> None:
    found = read_site({"a/x.md": POST.format(""), "a/a.json": text, "a/_index.md": text, ".eleventy.js": ""})["a/x.md"]
    assert post_of(found).status is PostStatus.PUBLISHED


def test_own_fields_take_precedence_over_eleventy_data_file(read_site: ReadSite) -> None:
    found = read_site({"x.md": "---\ntitle: Own\n---\n", "x.11tydata.json": '{"title": "Other", "tags": ["a"]}'})[
        "x.md"
    ]
    assert (post_of(found).title, post_of(found).tags) == ("Own", ("a",))
