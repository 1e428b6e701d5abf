"""Tests of writing the title, content, excerpt and slug of a post to a WordPress export."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from blogcli.interchange.notes import ignore_note
from blogcli.interchange.records import PostRecord
from blogcli.interchange.wordpress.content.convert import convert_excerpt
from blogcli.interchange.wordpress.texts import format_content, format_excerpt, format_post_name, format_title


def make_post(**fields: Any) -> PostRecord:
    return replace(PostRecord(uuid=UUID(int=1), title="T"), **fields)


@pytest.mark.parametrize(
    ("title", "original", "expected"),
    [
        ("A fine title", "A <em>fine</em><br />title", "A <em>fine</em><br />title"),
        ("Another", "A <em>fine</em> title", "Another"),
        ("<em> & more", "", "&lt;em&gt; &amp; more"),
    ],
)
def test_unmodified_title_keeps_markup(title: str, original: str, expected: str) -> None:
    assert format_title(make_post(title=title), {"title": original}) == expected


@pytest.mark.parametrize(
    ("excerpt", "original", "expected"),
    [
        ("use <b>", "use &lt;b&gt;", "use &lt;b&gt;"),
        ("an **old** one", "an <b>old</b> one", "an <b>old</b> one"),
        ("a **new** one", "an <b>old</b> one", "<p>a <strong>new</strong> one</p>"),
        ('use <b> & "c"', "", 'use &lt;b&gt; &amp; "c"'),
        ("one\ntwo", "", "one\ntwo"),
        ("one\n\ntwo", "", "<p>one</p>\n<p>two</p>"),
        ("5 * 6 = 30", "", "5 * 6 = 30"),
        (None, "an <b>old</b> one", ""),
    ],
)
def test_excerpt_is_written_as_html(excerpt: str | None, original: str, expected: str) -> None:
    assert format_excerpt(make_post(excerpt=excerpt), {"excerpt": original}) == expected
    assert convert_excerpt(expected, ignore_note) == (excerpt or "")


@pytest.mark.parametrize(
    ("slug", "original", "expected"),
    [
        ("caf\xe9", "Caf%C3%89", "Caf%C3%89"),
        ("other", "Caf%C3%89", "other"),
        ("\u30ab", "%E3%82%AB%E3%83", "%E3%82%AB%E3%83"),
        ("caf\xe9", "", "caf%c3%a9"),
        (None, "gone", ""),
    ],
)
def test_unmodified_slug_keeps_encoding(slug: str | None, original: str, expected: str) -> None:
    assert format_post_name(make_post(slug=slug), {"post_name": original}) == expected


@pytest.mark.parametrize("name", ["wordpress", "ghost"])
def test_html_content_is_written_unchanged(name: str) -> None:
    html = "<div>\n\n    <p>a *b*</p>\n</div>"
    assert format_content(make_post(content=html, extra={name: {"content_format": "html"}})) == html
    assert format_content(make_post(content=html)) != html


def test_html_excerpt_is_written_unchanged() -> None:
    assert format_excerpt(make_post(excerpt="a <b>c</b> &amp;"), {"content_format": "html"}) == "a <b>c</b> &amp;"
