"""Tests of the rules that determine which fields hide a post from the public."""

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.markdown.visibility import hiding_fields, states_public
from blogcli.interchange.notes import NoteCode
from tests.interchange.markdown.imported_items import ReadSite, codes_of, post_of

HIDING = [
    ("publish: false", "publish"),
    ("publish: never", "publish"),
    ("publish: draft", "publish"),
    ("Publish: no", "Publish"),
    ("published: 0", "published"),
    ("isPublished: false", "isPublished"),
    ("is_draft: true", "is_draft"),
    ("isDraft: 1", "isDraft"),
    ("isdraft: true", "isdraft"),
    ("draft_post: yes", "draft_post"),
    ("wip: true", "wip"),
    ("public: false", "public"),
    ("is-private: true", "is-private"),
    ("private_post: y", "private_post"),
    ("hide: true", "hide"),
    ("_hidden: yes", "_hidden"),
    ("listed: false", "listed"),
    ("isListed: false", "isListed"),
    ("list: false", "list"),
    ("unlist: true", "unlist"),
    ("visible: off", "visible"),
    ("show: false", "show"),
    ("show_in_list: false", "show_in_list"),
    ("exclude: true", "exclude"),
    ("excludeFromCollections: true", "excludeFromCollections"),
    ("eleventyExcludeFromCollections: true", "eleventyExcludeFromCollections"),
    ("hiddenInHomeList: true", "hiddenInHomeList"),
    ("hide_from_feed: true", "hide_from_feed"),
    ("do_not_publish: true", "do_not_publish"),
    ("noPublish: true", "noPublish"),
    ("notpublic: true", "notpublic"),
    ("not_draft: false", "not_draft"),
    ("membersOnly: true", "membersOnly"),
    ("paid: true", "paid"),
    ("visibility: followers", "visibility"),
    ("post_visibility: none", "post_visibility"),
    ("access: members", "access"),
    ("state: draft", "state"),
    ("post_status: private", "post_status"),
    ("password: secret", "password"),
    ("post_password: 0815", "post_password"),
    ("password_protected: true", "password_protected"),
    ("encrypted: true", "encrypted"),
    ("params: {private: true}", "params.private"),
    ("extra: {draft: true}", "extra.draft"),
    ("params: {published: false}", "params.published"),
    ("build: {list: never}", "build"),
    ("_build: {list: never, render: always}", "_build"),
    ("build: {render: link}", "build"),
    ("rcp_access_level: 2", "rcp_access_level"),
    ("_members_access_role: [subscriber]", "_members_access_role"),
]
NOT_HIDING = [
    "publish: true",
    "isDraft: false",
    "private: false",
    "hidden: 0",
    "visibility: public",
    "visibility: Everyone",
    "listed: true",
    "not_draft: true",
    "password: false",
    "exclude: no",
    "hidden:",
    "private: ''",
    # These fields are about a part of the page, about other posts, or about something other than visibility.
    "hide_title: true",
    "hideMeta: true",
    "hide_table_of_contents: true",
    "hide: [toc, navigation]",
    "show_date: false",
    "show_drafts: false",
    "list_drafts: false",
    "private_comments: true",
    "comments: false",
    "render_with_liquid: false",
    "showToc: false",
    "show_feed: false",
    "disableShare: true",
    "hidden_tags: true",
    "publishResources: false",
    "release: false",
    "layout: false",
    "list_style: none",
    "stage: seedling",
    "access_date: 2020-01-01",
    "build: {publishResources: false}",
    "_build: {list: local}",
    "menu: {hidden: true}",
    "password_hint: cat",
    # These fields omit a public post from search engines or menus, or restrict nothing.
    "noindex: true",
    "search: false",
    "searchable: false",
    "search_exclude: true",
    "nav_exclude: true",
    "sitemap: false",
    "sitemap: {exclude: true}",
    "hide_from_search: true",
    "exclude_from_sitemap: true",
    "robots: noindex",
    "rcp_access_level: None",
    "_members_access_role: ['']",
]


@pytest.mark.parametrize(("fields", "name"), HIDING)
def test_hiding_field_makes_post_a_draft(read_site: ReadSite, fields: str, name: str) -> None:
    (item,) = read_site({"x.md": f"---\ntitle: x\ndate: 2020-01-01\n{fields}\n---\nBody"}).values()
    assert (post_of(item).status, codes_of(item)[0]) == (PostStatus.DRAFT, NoteCode.NOT_PUBLIC)
    assert name.lower() in item.notes[0].message.lower()


@pytest.mark.parametrize("fields", NOT_HIDING)
def test_unrelated_field_does_not_hide_post(read_site: ReadSite, fields: str) -> None:
    (item,) = read_site({"x.md": f"---\ntitle: x\ndate: 2020-01-01\n{fields}\n---\nBody"}).values()
    assert (post_of(item).status, codes_of(item)) == (PostStatus.PUBLISHED, [])


@pytest.mark.parametrize("fields", ["params: {private: true}", "isDraft: true", "published: false"])
def test_hiding_field_in_hugo_cascade_makes_posts_drafts(read_site: ReadSite, fields: str) -> None:
    section = f"---\ntitle: x\ncascade: {{{fields}}}\n---\n"
    items = read_site({"content/a/x.md": "---\ntitle: x\n---\n", "content/a/_index.md": section, "hugo.toml": ""})
    assert post_of(items["content/a/x.md"]).status is PostStatus.DRAFT


def test_hiding_fields_are_found_beside_showing_fields() -> None:
    assert hiding_fields({"publish": "true", "isPrivate": "true"}) == ["isPrivate"]
    assert states_public({"publish": "true"})
    assert not states_public({"title": "x", "show_date": "true"})


NO_STATUS_NOTE = "neither a status nor a date, and not in the site of a known generator; it became a draft"


@pytest.mark.parametrize(
    ("name", "fields", "beside", "is_public"),
    [
        ("x.md", "", (), False),
        ("notes/x.md", "created: 2020-01-01", (), False),
        ("content/x.md", "", ("package.json", ".git/config"), False),
        ("x.md", "", ("config.toml",), False),
        ("x.md", "date: 2020-01-01", (), True),
        ("x.md", "date: 2020-30-01", (), True),
        ("2020-01-01-x.md", "", (), True),
        ("x.md", "publish: true", (), True),
        ("x.md", "draft: false", (), True),
        ("x.md", "status: published", (), True),
        ("content/x.md", "", ("config.toml",), True),
        ("content/x.md", "", ("config/_default/hugo.toml",), True),
        ("posts/x.md", "", (".eleventy.js",), True),
        ("posts/x.md", "", ("package.json", "astro.config.mjs"), True),
        ("source/_posts/x.md", "", (), True),
    ],
)
def test_post_without_status_and_date_is_public_only_with_generator(
    read_site: ReadSite, name: str, fields: str, beside: tuple[str, ...], is_public: bool
) -> None:
    item = read_site({name: f"---\ntitle: x\n{fields}\n---\nBody"} | dict.fromkeys(beside, ""))[name]
    assert (post_of(item).status is PostStatus.PUBLISHED) is is_public
    assert any(note.message == NO_STATUS_NOTE for note in item.notes) is not is_public
