"""Tests of which files in a folder are read or reported, and of the UUIDs of the posts in the files."""

import gzip
import os
import pickle
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange.items import ReadOptions
from blogcli.interchange.markdown.reader import detect, read, scan
from blogcli.interchange.markdown.site import file
from blogcli.interchange.sources import Source
from tests.interchange.markdown.imported_items import ReadSite, post_of

POST = "---\ntitle: x\ndraft: false\n---\nBody"
OPTIONS = ReadOptions(zone=UTC, now=datetime(2024, 5, 31, tzinfo=UTC))


def omission_reasons(read_site: ReadSite, *names: str, text: str = POST) -> dict[str, str]:
    """Return the reason for each file that is not imported, by the name of the file."""
    items = read_site(dict.fromkeys(names, text))
    return {name: item.notes[0].message for name, item in items.items() if item.post is None}


def uuid_of(read_site: ReadSite, name: str, text: str = POST, **options: str) -> UUID:
    (post,) = (item.post for item in read_site({name: text}, **options).values())
    assert post
    return post.uuid


def test_files_are_sorted_by_name(read_site: ReadSite) -> None:
    names = ["b.md", "a.markdown", "c/z.mdx", "c/a.mkd", "a/x.mdown"]
    assert list(read_site(dict.fromkeys(names, POST))) == ["a.markdown", "b.md", "a/x.mdown", "c/a.mkd", "c/z.mdx"]


def test_unrelated_files_are_skipped_without_note(read_site: ReadSite) -> None:
    names = [".git/x.md", "node_modules/a/x.md", "x.txt", "x.11tydata.js", "data.json", "posts/x.html", ".x.md"]
    assert list(read_site(dict.fromkeys(["post.md", *names], POST))) == ["post.md"]


def test_folders_without_posts_are_reported(read_site: ReadSite) -> None:
    names = ["_site/x.md", "public/x.md", "themes/x.md", "archetypes/default.md", "posts/public/x.md", "posts/x.md"]
    assert list(omission_reasons(read_site, *names)) == ["_site"]
    assert list(omission_reasons(read_site, *names, "hugo.toml")) == ["_site", "archetypes", "public", "themes"]


def test_unsupported_formats_are_reported(read_site: ReadSite) -> None:
    others = ["posts/a.rst", "posts/b.ORG", "posts/2020/c.ipynb", "x/d.textile", "x/e.njk"]
    names = ["x/post.md", "README.rst", "x/README.adoc", "posts/.f.rst", "posts/g.txt", "theme/index.njk"]
    reasons = omission_reasons(read_site, *names, *others)
    assert reasons.keys() == set(others)
    assert reasons["posts/a.rst"] == ".rst files are not supported, only Markdown files"


def test_template_in_root_folder_is_skipped_without_note(read_site: ReadSite) -> None:
    assert omission_reasons(read_site, "post.md", "index.njk", "package.json") == {}


EXCLUDED = "generators exclude folders whose names begin with _; name the folder to import it"


@pytest.mark.parametrize(
    ("name", "beside", "is_read"),
    [
        ("blog/_ideas/x.md", "docusaurus.config.js", False),
        ("content/_notes/deep/x.md", "hugo.toml", False),
        ("_private/x.md", "", False),
        ("_ideas/x.md", "_config.yml", False),
        ("_posts/2020-01-01-x.md", "_config.yml", True),
        ("source/_drafts/x.md", "", True),
        ("_content/x.md", "", True),
    ],
)
def test_folders_with_underscore_are_excluded(read_site: ReadSite, name: str, beside: str, is_read: bool) -> None:
    items = read_site({name: POST, "x.md": POST} | ({beside: ""} if beside else {}))
    assert (name in items) is is_read
    messages = [item.notes[0].message for item in items.values() if item.post is None]
    assert messages == ([] if is_read else [EXCLUDED])
    folder = next(part for part in name.split("/") if part.startswith("_"))
    parent = name.partition(folder)[0]
    assert post_of(next(iter(read_site({}, folder=parent + folder).values())))


@pytest.mark.parametrize("settings", ["collections: [recipes]", "collections:\n  recipes:\n    output: true"])
def test_jekyll_collections_are_read(read_site: ReadSite, settings: str) -> None:
    items = read_site({"_recipes/x.md": POST, "_ideas/x.md": POST, "_config.yml": settings})
    assert [name for name, item in items.items() if item.post] == ["_recipes/x.md"]


def test_circular_links_are_reported(read_site: ReadSite, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    for name, target in [("a", "b"), ("b", "a"), ("c.md", "c.md")]:
        (tmp_path / "site" / name).symlink_to(target)
    items = read_site({"x.md": POST})
    assert post_of(items["x.md"])
    errors = [items[name] for name in ("a", "b")]
    assert [str(error) for error in errors] == ["it cannot be read: Too many levels of symbolic links"] * 2
    assert items["c.md"].notes[0].message == "symbolic links are not followed"


@pytest.mark.parametrize("name", ["content/_index.md", "content/posts/_index.he.md"])
def test_section_pages_are_omitted(read_site: ReadSite, name: str) -> None:
    assert omission_reasons(read_site, name) == {name: "the page of a folder is not a post"}


@pytest.mark.parametrize("name", ["README.md", "docs/CHANGELOG.md", "LICENSE.md", "CODE-OF-CONDUCT.md", "Security.md"])
def test_project_files_are_posts_only_with_title_or_date(read_site: ReadSite, name: str) -> None:
    assert list(omission_reasons(read_site, name, text="# Read me\n")) == [name]
    assert omission_reasons(read_site, name, text=POST) == {}
    assert omission_reasons(read_site, name, text="---\ndate: 2020-01-01\n---\n") == {}


def test_security_and_support_are_posts_below_root_folder(read_site: ReadSite) -> None:
    assert omission_reasons(read_site, "posts/security.md", "content/blog/support.md", text="# Of our work\n") == {}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("data/authors/ann.md", POST, "the page of an author is not a post"),
        ("posts/x.md", "", "it has neither a title nor text"),
        ("posts/x.md", "---\nredirect: /y\n---\n \n", "it has neither a title nor text"),
        ("_posts/x.html", "<p>x</p>", "HTML without front matter"),
    ],
)
def test_files_that_are_not_posts_are_reported(read_site: ReadSite, name: str, text: str, reason: str) -> None:
    assert omission_reasons(read_site, name, text=text) == {name: reason}


def test_html_with_front_matter_is_read_unchanged(read_site: ReadSite) -> None:
    (item,) = read_site({"_posts/2020-01-01-x.html": "---\ntitle: x\n---\n<p>\r\n"}).values()
    assert item.post
    assert (item.post.slug, item.post.content) == ("x", "<p>\r\n")


def test_links_are_not_followed(read_site: ReadSite, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(POST)
    (tmp_path / "site").mkdir()
    for name, target in [("a.md", "secret.md"), ("b", "."), ("c.txt", "secret.md")]:
        (tmp_path / "site" / name).symlink_to(tmp_path / target)
    assert omission_reasons(read_site, "x.md") == dict.fromkeys(["a.md", "b"], "symbolic links are not followed")


def test_folder_without_markdown_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match=f"^{tmp_path}: no Markdown files in it$"):
        scan([Source.at(tmp_path)], OPTIONS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"caf\xe9", "byte 3 is not UTF-8"),
        (b"a\0b", "byte 1 is NUL"),
        (b"---js\nx\n---\n", "Front matter: program code is not run (line 1)"),
        (b"---\na: b: c\n---\n", "Front matter: mapping values are not allowed in this context (line 2)"),
    ],
)
def test_unreadable_file_does_not_stop_import(read_site: ReadSite, data: bytes, message: str) -> None:
    items = read_site({"a.md": data, "b.md": POST})
    assert isinstance(items["a.md"], InvalidError)
    assert items["a.md"].message == message
    assert items["b.md"].post


def test_file_above_maximum_size_is_refused(read_site: ReadSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "_MAX_SIZE", 50)
    items = read_site({"a.md": POST + "x" * 50, "b.md": POST})
    assert isinstance(items["a.md"], InvalidError)
    assert items["a.md"].message == "more than 50 bytes"
    assert items["b.md"].post


def test_byte_order_mark_is_removed(read_site: ReadSite) -> None:
    (item,) = read_site({"a.md": b"\xef\xbb\xbf---\r\ntitle: x\r\n---\r\n\r\nBody  \r\n"}).values()
    assert item.post
    assert (item.post.title, item.post.content) == ("x", "\r\nBody  \r\n")


def test_compressed_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "2020-01-01-x.md.gz"
    path.write_bytes(gzip.compress(POST.encode()))
    source = Source.at(path)
    (item,) = scan([source], OPTIONS).items
    post = read(item, OPTIONS).post
    assert detect(source)
    assert post
    assert (post.slug, post.content) == ("x", "Body")


@pytest.mark.parametrize(
    ("name", "text", "is_recognized"),
    [
        ("x.MD", "", True),
        ("x", POST, True),
        ("x", "\ufeff+++\n", True),
        ("x", "Title: x\n\nBody", True),
        ("x.json", '{"db": []}', False),
        ("x.txt", "Text", False),
    ],
)
def test_detect_recognizes_files(tmp_path: Path, name: str, text: str, is_recognized: bool) -> None:
    (tmp_path / name).write_text(text)
    assert detect(Source.at(tmp_path / name)) is is_recognized


@pytest.mark.parametrize(("name", "is_recognized"), [("a/b/x.md", True), ("a/x.txt", False), (".git/x.md", False)])
def test_detect_recognizes_folders(tmp_path: Path, name: str, is_recognized: bool) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).touch()
    assert detect(Source.at(tmp_path)) is is_recognized


def test_uuid_does_not_depend_on_imported_folder(read_site: ReadSite, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "_config.yml").touch()
    first = uuid_of(read_site, "_posts/2020-01-01-x.md")
    assert first == uuid_of(read_site, "_posts/2020-01-01-x.md", folder="_posts")
    assert first == uuid_of(
        read_site, "_posts/2020-01-01-x.md", "---\ntitle: other\n---\n", folder="_posts/2020-01-01-x.md"
    )
    assert first != uuid_of(read_site, "_posts/2020-01-01-x.md", site="other")


def test_uuid_depends_on_uuid_and_id_fields(read_site: ReadSite) -> None:
    uuid = "6d1f0f5e-8a8e-4a58-b3a8-3c5d2f7e9a10"
    assert uuid_of(read_site, "a.md", f"---\ntitle: x\nuuid: {uuid.upper()}\n---\n") == UUID(uuid)
    assert uuid_of(read_site, "a.md", "---\ntitle: x\nid: 7\n---\n") != uuid_of(read_site, "a.md")


def test_docusaurus_id_identifies_post_within_folder_only(read_site: ReadSite) -> None:
    names = ["docs/a/intro.md", "docs/b/intro.md", "docs/b/other.md"]
    items = read_site(dict.fromkeys(names, "---\ntitle: x\nid: intro\n---\n") | {"docusaurus.config.js": ""})
    first, second, third = (post_of(items[name]).uuid for name in names)
    assert first != second == third


def test_file_name_that_is_not_utf8_is_read(read_site: ReadSite, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    name = os.fsencode(tmp_path / "site") + b"/caf\xe9.md"
    Path(os.fsdecode(name)).write_text(POST)
    (item,) = read_site({}).values()
    assert item.source.endswith("caf\ufffd.md")


def test_items_can_be_pickled(read_site: ReadSite, tmp_path: Path) -> None:
    read_site({"a.md": POST})
    (item,) = scan([Source.at(tmp_path)], OPTIONS).items
    assert read(pickle.loads(pickle.dumps(item)), OPTIONS) == read(item, OPTIONS)  # noqa: S301 - the test itself wrote the data


def test_unreadable_folder_is_reported(read_site: ReadSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_site({"a.md": POST, "b/c.md": POST})
    scandir = os.scandir

    def guarded(path: Path) -> object:
        if path.name == "b":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    items = read_site({})
    assert items["a.md"].post
    assert isinstance(items["b"], InvalidError)
    assert items["b"].message == "it cannot be read: Permission denied"
    assert items["a.md"].notes == ()
