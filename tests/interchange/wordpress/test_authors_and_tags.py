"""Tests of reading authors, categories and tags from WordPress exports."""

from pathlib import Path

import pytest

from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import TagRecord, UserRecord
from tests.interchange.wordpress.exports import (
    codes_of,
    make_author,
    make_export,
    make_item,
    posts_of,
    read_items,
    write_sources,
)


@pytest.mark.parametrize(
    ("fields", "full_name"),
    [
        ({"display_name": "Ann B."}, "Ann B."),
        ({"first_name": "Ann", "last_name": "Bee"}, "Ann Bee"),
        ({"display_name": "Ann &amp;amp; Bob"}, "Ann & Bob"),
        ({}, "ann"),
    ],
)
def test_author_is_inactive_and_has_display_name(tmp_path: Path, fields: dict[str, str], full_name: str) -> None:
    author = make_author(email="ann@blog.example", **fields)
    (item,) = read_items(write_sources(tmp_path, make_export(author)))
    assert item.people == (UserRecord(email="ann@blog.example", full_name=full_name, is_active=False),)
    assert item.notes == ()


def test_author_without_email_gets_placeholder(tmp_path: Path) -> None:
    item_xml = make_item("<dc:creator>ANN</dc:creator>")
    author, post = read_items(write_sources(tmp_path, make_export(make_author(), item_xml)))
    assert [person.email for person in author.people] == ["ann@authors.invalid"]
    assert codes_of([author, post]) == [NoteCode.AUTHOR_CREATED]
    assert post.post is not None
    assert (post.post.author, post.people) == ("ann@authors.invalid", ())


@pytest.mark.parametrize(
    ("creator", "email", "code"),
    [
        ("Zo\xeb Who", "zoe-who@authors.invalid", NoteCode.AUTHOR_CREATED),
        ("zoe@blog.example", "zoe@blog.example", NoteCode.AUTHOR_INFERRED),
    ],
)
def test_unlisted_creator_becomes_user(tmp_path: Path, creator: str, email: str, code: NoteCode) -> None:
    (item,) = read_items(write_sources(tmp_path, make_export(make_item(f"<dc:creator>{creator}</dc:creator>"))))
    assert item.post is not None
    assert item.post.author == email
    assert [(person.email, person.is_active) for person in item.people] == [(email, False)]
    assert codes_of([item]) == [code]


def test_creator_matches_email_of_author(tmp_path: Path) -> None:
    author = make_author(email="Ann@blog.example")
    items = read_items(
        write_sources(tmp_path, make_export(author, make_item("<dc:creator>ann@BLOG.example</dc:creator>")))
    )
    assert [post.author for post in posts_of(items)] == ["Ann@blog.example"]
    assert codes_of(items) == []


BY_ADMIN = make_item("<dc:creator>admin</dc:creator>")


def make_blog_export(number: int, *elements: str) -> bytes:
    return make_export(*elements).replace(b"//blog.example", f"//blog{number}.example".encode())


def test_same_login_in_two_blogs_creates_two_users(tmp_path: Path) -> None:
    exports = [
        make_blog_export(number, make_author("admin", email=f"admin@{number}.example"), BY_ADMIN) for number in (1, 2)
    ]
    items = read_items(write_sources(tmp_path, *exports))
    assert [person.email for item in items for person in item.people] == ["admin@1.example", "admin@2.example"]
    assert [post.author for post in posts_of(items)] == ["admin@1.example", "admin@2.example"]
    assert codes_of(items) == []


def test_file_of_unknown_blog_uses_authors_of_other_files(tmp_path: Path) -> None:
    authors = [make_author("admin", email="admin@1.example"), make_author("admin", email="admin@2.example")]
    one = make_blog_export(1, authors[0])
    two = make_blog_export(2, authors[1])
    for parts, codes in (
        ([one], []),
        ([one, make_blog_export(2, authors[0])], []),
        ([one, two], [NoteCode.AUTHOR_INFERRED]),
    ):
        items = read_items(write_sources(tmp_path, *parts, make_blog_export(3, BY_ADMIN)))
        assert [post.author for post in posts_of(items)] == ["admin@1.example"]
        assert codes_of(items) == codes


def test_login_with_two_emails_is_reported(tmp_path: Path) -> None:
    authors = [make_author("admin", email=f"{name}@blog.example") for name in ("admin.one", "admin.two", "ADMIN.one")]
    items = read_items(write_sources(tmp_path, make_export(*authors, BY_ADMIN)))
    assert [person.email for item in items for person in item.people] == [
        "admin.one@blog.example",
        "admin.two@blog.example",
    ]
    assert [post.author for post in posts_of(items)] == ["admin.one@blog.example"]
    assert codes_of(items) == [NoteCode.AUTHOR_INFERRED]


@pytest.mark.parametrize(
    ("login", "fields", "unsupported"),
    [
        ("ann", {"first_name": "Ann", "last_name": "Bee", "display_name": "Ann Bee"}, ""),
        ("ann", {}, ""),
        ("bob", {}, ""),
        ("bob", {"first_name": "Ann", "last_name": "Cee", "display_name": "Ann Bee"}, "author_login, author_last_name"),
    ],
)
def test_unsupported_names_are_reported(tmp_path: Path, login: str, fields: dict[str, str], unsupported: str) -> None:
    item_xml = make_item(f"<dc:creator>{login}</dc:creator>")
    author = make_author(login, email="ann@blog.example", **fields)
    items = read_items(write_sources(tmp_path, make_export(author, item_xml, item_xml)))
    notes = [(note.code, note.message) for item in items for note in item.notes]
    expected = (NoteCode.NOT_IMPORTED, f"the user Ann Bee: fields that are not supported: {unsupported}")
    assert notes == ([expected] if unsupported else [])


def test_post_without_creator_has_no_author(tmp_path: Path) -> None:
    (post,) = posts_of(read_items(write_sources(tmp_path, make_export(make_item()))))
    assert post.author is None


@pytest.mark.parametrize(
    ("term", "name"),
    [
        (
            "<wp:category><wp:cat_name>N &amp;amp; M</wp:cat_name></wp:category>",
            "N & M",
        ),
        ("<wp:category><wp:category_nicename>n</wp:category_nicename></wp:category>", "n"),
        ("<wp:tag><wp:tag_slug>t</wp:tag_slug><wp:tag_name>T</wp:tag_name></wp:tag>", "T"),
        ("<wp:term><wp:term_taxonomy>post_tag</wp:term_taxonomy><wp:term_name>T</wp:term_name></wp:term>", "T"),
    ],
)
def test_categories_and_tags_become_tags(tmp_path: Path, term: str, name: str) -> None:
    (item,) = read_items(write_sources(tmp_path, make_export(term, term)))
    assert item.tags == (TagRecord(name=name),)
    assert item.notes == ()


@pytest.mark.parametrize(
    ("term", "tags"),
    [
        ("<wp:term><wp:term_taxonomy>nav_menu</wp:term_taxonomy><wp:term_name>Menu</wp:term_name></wp:term>", 0),
        ("<wp:tag/>", 0),
        ("<wp:tag><wp:tag_name>T</wp:tag_name><wp:tag_description>Long</wp:tag_description></wp:tag>", 1),
        ("<wp:category><wp:cat_name>C</wp:cat_name><wp:category_parent>p</wp:category_parent></wp:category>", 1),
    ],
)
def test_unsupported_term_fields_are_reported(tmp_path: Path, term: str, tags: int) -> None:
    (item,) = read_items(write_sources(tmp_path, make_export(term)))
    assert len(item.tags) == tags
    assert codes_of([item]) == [NoteCode.NOT_IMPORTED]


def test_too_many_authors_are_rejected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("blogcli.interchange.wordpress.export_file.scanner.MAX_ENTRIES", 2)
    authors = [make_author(f"a{number}") for number in range(3)]
    with pytest.raises(Exception, match="more than 2 authors"):
        read_items(write_sources(tmp_path, make_export(*authors)))
