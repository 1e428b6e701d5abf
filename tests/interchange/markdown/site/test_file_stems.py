"""Languages: in the names of files and folders, where something says that they are some."""

from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import pytest

from tests.interchange.markdown.blogs import Blog, post_of


@pytest.mark.parametrize(
    ("name", "beside", "slug", "language"),
    [
        ("content/posts/x.ru.md", "content/posts/x.md", "x", "ru"),
        ("content/posts/x.ru.md", "content/posts/x.pt-BR.md", "x", "ru"),
        ("content/posts/x.ru.md", "content/posts/y.md", "x.ru", None),
        ("content/posts/x.ru.md", "content/posts/x.ru.mdx", "x.ru", None),
        ("content/posts/x/index.he.md", "content/posts/x/index.md", "x", "he"),
        ("content/moving-to-github.io.md", "content/z.md", "moving-to-github.io", None),
        ("content/x.js.md", "content/x.md", "x.js", None),
        ("content/zh-cn/x.md", "content/ru/x.md", "x", "zh-cn"),
        ("content/ml/x.md", "content/go/x.md", "x", None),
        ("content/ml/x.md", "content/cs.md", "x", None),
        ("i18n/pt-BR/blog/x.md", "blog/x.md", "x", "pt-BR"),
        ("posts/de/x.md", "posts/en/x.md", "x", None),
    ],
)
def test_languages_are_seen_where_there_are_several(
    blog: Blog, name: str, beside: str, slug: str, language: str | None
) -> None:
    post = post_of(blog(dict.fromkeys([name, beside], "---\ntitle: x\n---\n"))[name])
    assert (post.slug, post.extra) == (slug, {"lang": language} if language else {})


@pytest.mark.parametrize(
    ("name", "config", "language"),
    [
        ("hugo.toml", "[languages.en]\n[languages.ru]\n", "ru"),
        ("config.yaml", "languages:\n  en: {weight: 1}\n  ru:\n", "ru"),
        ("hugo.json", '{"languages": {"en": {}, "ru": {}}}', "ru"),
        ("_config.yml", "language: [en, ru]\n", "ru"),
        ("_config.yml", "language: ru\n", None),
        ("zola.toml", "[languages.ru]\n", "ru"),
        ("hugo.toml", "[languages", None),
        ("config.yaml", "languages: {a: [", None),
    ],
)
def test_a_configuration_may_list_languages(blog: Blog, name: str, config: str, language: str | None) -> None:
    found = blog({"content/x.ru.md": "---\ntitle: x\n---\n", "content/ru/y.md": "---\ntitle: y\n---\n", name: config})
    assert [post_of(entry).extra.get("lang") for entry in found.values()] == [language, language]


def test_a_single_file_has_the_language_that_it_has_in_its_folder(blog: Blog) -> None:
    names = ["content/de/x.fr.md", "content/de/x.md", "content/ru/x.md"]
    for name, entry in blog(dict.fromkeys([*names, "hugo.toml"], "Text")).items():
        assert blog({}, folder=name) == {name: replace(entry, source=ANY, notes=ANY)}


def test_translations_come_last(blog: Blog) -> None:
    names = ["x.de.md", "x.md", "y.md"]
    assert list(blog(dict.fromkeys(names, "Text"))) == ["x.md", "y.md", "x.de.md"]


def test_a_language_that_is_said_stays(one: Any) -> None:
    assert post_of(one("i18n/ru/x.md", "---\ntitle: x\nlang: uk\n---\n")).extra == {"lang": "uk"}
