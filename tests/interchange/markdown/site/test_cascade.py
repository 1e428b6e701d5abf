"""What a folder or a file beside a post hands down to it."""

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.blogs import Blog, codes_of, post_of

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
def test_what_is_kept_from_the_public_by_its_folder_is_a_draft(blog: Blog, name: str, text: str) -> None:
    found = blog({"content/a/b/x.md": POST.format(""), name: text, "hugo.toml": ""})["content/a/b/x.md"]
    assert post_of(found).status is PostStatus.DRAFT


def test_what_a_post_says_itself_comes_first_and_the_rest_is_noted(blog: Blog) -> None:
    texts = {"a/x.md": POST.format("draft: false"), "a/y.md": POST.format(""), "b/z.md": POST.format("")}
    found = blog(texts | {"a/_index.md": SECTION.format("cascade: {draft: true}"), "hugo.toml": ""})
    statuses = [post_of(found[name]).status for name in texts]
    assert statuses == [PostStatus.PUBLISHED, PostStatus.DRAFT, PostStatus.PUBLISHED]
    assert [NoteCode.NOT_PUBLIC in codes_of(found[name]) for name in texts] == [False, True, False]


@pytest.mark.parametrize("text", ["", "{", '["draft"]', '{"draft": "maybe"}', "\0"])
def test_what_cannot_be_read_hands_down_nothing(blog: Blog, text: str) -> None:
    found = blog({"a/x.md": POST.format(""), "a/a.json": text, "a/_index.md": text, ".eleventy.js": ""})["a/x.md"]
    assert post_of(found).status is PostStatus.PUBLISHED


def test_the_data_of_a_post_beside_it_stands_behind_its_own(blog: Blog) -> None:
    found = blog({"x.md": "---\ntitle: Own\n---\n", "x.11tydata.json": '{"title": "Other", "tags": ["a"]}'})["x.md"]
    assert (post_of(found).title, post_of(found).tags) == ("Own", ("a",))
