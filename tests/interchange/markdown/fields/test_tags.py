"""Tests of reading tags and categories from fields and folders."""

from typing import Any

import pytest

from tests.interchange.markdown.imported_items import ReadFile, ReadSite, post_of


@pytest.mark.parametrize(
    ("name", "fields", "tags", "extra"),
    [
        ("_posts/x.md", "tags: a b\ncategory: c d", ("a", "b", "c d"), {"category": "c d"}),
        ("_posts/x.md", "categories: a b", ("a", "b"), {"categories": "a b"}),
        ("source/_posts/x.md", "tags: a b", ("a b",), {}),
        ("source/_posts/x.md", "categories:\n- [a, b]\n- c", ("a", "b", "c"), {"categories": [["a", "b"], "c"]}),
        ("content/x.md", "tags: another tag", ("another tag",), {}),
        ("content/x.md", "tags: [a]\ncategories: [a, b]", ("a", "b"), {"categories": ["a", "b"]}),
        ("content/x.md", "tags: a, b c", ("a", "b c"), {}),
        ("content/x.md", "tags: {a: b}", (), {"tags": {"a": "b"}}),
        ("content/x.md", "tags: [a, {label: B c}, {name: d}]", ("a", "B c", "d"), {}),
        (
            "content/x.md",
            "tags: [a, {label: B c, permalink: /b}]",
            ("a", "B c"),
            {"original_tags": ["a", {"label": "B c", "permalink": "/b"}]},
        ),
        ("content/x.md", "tags: [{a: b}]", (), {"tags": [{"a": "b"}]}),
        ("content/x.md", "tags:\ncategories:", (), {}),
        (
            "content/x.md",
            "taxonomies: {tags: [a], categories: [b]}",
            ("a", "b"),
            {"taxonomies": {"categories": ["b"]}},
        ),
    ],
)
def test_tags_and_categories_are_read(
    read_file: ReadFile, name: str, fields: str, tags: tuple[str, ...], extra: dict[str, Any]
) -> None:
    post = post_of(read_file(name, f"---\ntitle: x\n{fields}\n---\n"))
    assert (post.tags, post.extra) == (tags, extra)


@pytest.mark.parametrize(
    ("field", "extra"),
    [
        ("tags", {"original_tags": ["a", {"b": "c"}, "d"]}),
        ("tag", {"original_tags": ["a", {"b": "c"}, "d"]}),
        ("categories", {"categories": ["a", {"b": "c"}, "d"]}),
    ],
)
def test_list_item_that_is_not_a_tag_is_omitted(read_file: ReadFile, field: str, extra: dict[str, Any]) -> None:
    item = read_file("_posts/x.md", f"---\ntitle: x\n{field}: [a, {{b: c}}, d]\n---\n")
    assert (post_of(item).tags, post_of(item).extra) == (("a", "d"), extra)
    assert [note.message for note in item.notes] == [
        f"{field} must be text, not a map; the original value is kept in extra"
    ]


@pytest.mark.parametrize(
    ("name", "mark", "fields", "tags", "extra"),
    [
        ("cooking/_posts/x.md", "x", "tags: [a]", ("a", "cooking"), {"categories": ["cooking"]}),
        ("a/b/_drafts/2020/x.md", "x", "", ("a", "b"), {"categories": ["a", "b"]}),
        ("a/_posts/x.md", "x", "categories: b c", ("a", "b", "c"), {"categories": ["a", "b", "c"]}),
        ("a/_posts/x.md", "x", "categories: [b, a]", ("b", "a"), {"categories": ["b", "a"]}),
        ("a/_posts/x.md", "x", "category: b c", ("a", "b c"), {"category": "b c", "categories": ["a"]}),
        ("a/_posts/x.md", "x", "categories: {b: c}", ("a",), {"categories": {"b": "c"}}),
        ("docs/_posts/x.md", "x", "", (), {}),
        ("docs/a/_posts/x.md", "docs/_config.yml", "", ("a",), {"categories": ["a"]}),
        ("source/_posts/a/x.md", "_config.yml", "", (), {}),
        ("a/posts/x.md", "_config.yml", "", (), {}),
        ("content/a/x.md", "pelicanconf.py", "tags: b", ("b", "a"), {"categories": ["a"]}),
        ("content/a/x.md", "pelicanconf.py", "category: b", ("b",), {"category": "b"}),
        ("content/x.md", "pelicanconf.py", "", (), {}),
        ("content/a/x.md", "hugo.toml", "", (), {}),
    ],
)
def test_folders_become_categories(
    read_site: ReadSite, name: str, mark: str, fields: str, tags: tuple[str, ...], extra: dict[str, Any]
) -> None:
    post = post_of(read_site({name: f"---\ntitle: x\n{fields}\n---\n", mark: ""})[name])
    assert (post.tags, post.extra) == (tags, extra)


def test_categories_begin_at_named_folder_without_jekyll_configuration(read_site: ReadSite) -> None:
    name = "sites/my/a/_posts/x.md"
    for mark, categories in [("package.json", ["a"]), ("sites/_config.yml", ["my", "a"])]:
        post = post_of(read_site({name: "Text", mark: ""}, folder="sites/my")[name])
        assert post.extra == {"categories": categories}
