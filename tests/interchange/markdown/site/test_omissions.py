"""Tests of the rules by which site generators determine which files are not posts."""

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.imported_items import ReadSite

PAGE = "a page is not a post"
FRAGMENT = "its name begins with _, like that of a page fragment"
BUNDLE_FILE = "it belongs to the post of its folder"


@pytest.mark.parametrize(
    ("name", "fields", "beside", "reason"),
    [
        ("about.md", "layout: page", "_config.yml", PAGE),
        ("about.md", "type: Page", "_posts/x.md", PAGE),
        ("about.md", "layout: page", "hugo.toml", None),
        ("about.md", "layout: post", "_config.yml", None),
        ("a/_posts/x.md", "layout: page", "_config.yml", None),
        ("source/about/index.md", "", "source/_posts/x.md", PAGE),
        ("source/about/index.md", "", "source/posts/x.md", None),
        ("source/_drafts/x.md", "", "source/_posts/x.md", None),
        ("content/pages/about.md", "", "pelicanconf.py", PAGE),
        ("pages/about.md", "", "conf.py", PAGE),
        ("pages/about.md", "", "package.json", None),
        ("docs/_part.mdx", "", "docs/x.md", FRAGMENT),
        ("content/posts/x/notes.md", "", "content/posts/x/index.md zola.toml", BUNDLE_FILE),
        ("content/posts/x/notes.md", "", "content/posts/x/index.md", None),
        ("content/posts/x/notes.md", "", "content/posts/x/index.js hugo.toml", None),
        ("content/x.md", "", "content/index.md hugo.toml", None),
        ("content/posts/x/index.de.md", "", "content/posts/x/index.md hugo.toml", None),
    ],
)
def test_pages_and_bundle_files_are_omitted(
    read_site: ReadSite, name: str, fields: str, beside: str, reason: str | None
) -> None:
    text = f"---\ntitle: x\ndraft: false\n{fields}\n---\nBody"
    item = read_site({name: text} | dict.fromkeys(beside.split(), "Text"))[name]
    assert [(note.code, note.message) for note in item.notes] == ([(NoteCode.NOT_IMPORTED, reason)] if reason else [])
    assert (item.post is None) is bool(reason)


@pytest.mark.parametrize("name", ["x.css", "x.csv", ".env", "x.rst"])
def test_named_file_that_is_not_text_is_refused(read_site: ReadSite, name: str) -> None:
    with pytest.raises(
        InvalidError, match="is not Markdown: it has no front matter, and its name is not that of a text file"
    ):
        read_site({name: ":status: draft\n\nBody"}, folder=name)
    (item,) = read_site({name: "---\ntitle: x\n---\nBody"}, folder=name).values()
    assert item.post


def test_exported_file_is_post_in_every_folder(read_site: ReadSite) -> None:
    text = "---\ntitle: x\nblogcli: {flavor: hugo}\n---\n"
    items = read_site(
        {"content/posts/_x.md": text, "content/posts/index.md": text, "content/posts/y.md": text, "hugo.toml": ""}
    )
    assert all(item.post for item in items.values())
    assert len(items) == 3
