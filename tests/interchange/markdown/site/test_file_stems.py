"""Tests that languages are recognized in the names of files and folders."""

from dataclasses import replace
from unittest.mock import ANY

import pytest

from tests.interchange.markdown.imported_items import ReadFile, ReadSite, post_of


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
def test_languages_are_recognized_beside_other_languages(
    read_site: ReadSite, name: str, beside: str, slug: str, language: str | None
) -> None:
    post = post_of(read_site(dict.fromkeys([name, beside], "---\ntitle: x\n---\n"))[name])
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
def test_languages_are_read_from_configuration(
    read_site: ReadSite, name: str, config: str, language: str | None
) -> None:
    items = read_site(
        {"content/x.ru.md": "---\ntitle: x\n---\n", "content/ru/y.md": "---\ntitle: y\n---\n", name: config}
    )
    assert [post_of(item).extra.get("lang") for item in items.values()] == [language, language]


def test_single_file_is_read_like_file_of_folder(read_site: ReadSite) -> None:
    names = ["content/de/x.fr.md", "content/de/x.md", "content/ru/x.md"]
    for name, item in read_site(dict.fromkeys([*names, "hugo.toml"], "Text")).items():
        assert read_site({}, folder=name) == {name: replace(item, source=ANY, notes=ANY)}


def test_translations_are_sorted_last(read_site: ReadSite) -> None:
    names = ["x.de.md", "x.md", "y.md"]
    assert list(read_site(dict.fromkeys(names, "Text"))) == ["x.md", "y.md", "x.de.md"]


def test_language_field_takes_precedence_over_path(read_file: ReadFile) -> None:
    assert post_of(read_file("i18n/ru/x.md", "---\ntitle: x\nlang: uk\n---\n")).extra == {"lang": "uk"}
