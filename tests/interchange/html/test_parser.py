"""Tests of markup that html.parser interprets differently from browsers or XHTML."""

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange.html.parser import parse_html


@pytest.mark.parametrize(
    ("html", "tree"),
    [
        ("<p>a<ul><li>b<li>c</ul>d", "<p>a</p><ul><li>b</li><li>c</li></ul>d"),
        ("<b>a<p>b</p></b>", "<b>a<p>b</p></b>"),
        ("<h2><table><tr><td>a</table>b</h2>", "<h2><table><tr><td>a</td></tr></table>b</h2>"),
        ("a</b>b</p>", "ab"),
        ("<div><b>a</div>b", "<div><b>a</b></div>b"),
        ("a<br>b</br>c<br/>", "a<br/>bc<br/>"),
        ('<a name="x"/>a<p/>b', '<a name="x"></a>a<p></p>b'),
        ("<a b=1 c B=2>", '<a b="1" c=""></a>'),
        ("<!doctype html><html><body>a</body></html>b", "<html><body>a</body></html>b"),
        ("<ul>\n  <li>a\n", "<ul>\n  <li>a\n</li></ul>"),
    ],
)
def test_elements_are_closed_as_html_defines(html: str, tree: str) -> None:
    assert str(parse_html(html)) == tree


@pytest.mark.parametrize(
    ("html", "tree"),
    [
        ("&copy; &copy &#169 &copy=1 &section;", "© © © &amp;copy=1 &amp;section;"),
        ('<a b="&copy;&copy=1&section&lt"></a>', '<a b="©&amp;copy=1&amp;section&lt;"></a>'),
        ("<script>a&copy&b && c<![CDATA[d]]></script>", "<script>a&copy&b && c<![CDATA[d]]></script>"),
        ("<!-- &b <![c]> -->", "<!-- &b <![c]> -->"),
    ],
)
def test_references_without_semicolon_are_kept_in_addresses_and_scripts(html: str, tree: str) -> None:
    assert str(parse_html(html)) == tree


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a\0b", "a\0b"),
        ("a<", "a<"),
        ("a<b c='d>e", "a<b c='d>e"),
        ("a<b c=\"d>e<i>f</i><b c='g>h<i>i", "a<b c=\"d>ef<b c='g>h<i>i"),
        ("a<!-- b", "a<!-- b"),
        ("<!-- a -->b<!-- c", "b<!-- c"),
        ("a<plaintext>b", "ab"),
        ("a<![CDATA[b < c]]>d", "ab < cd"),
        ("a<![CDATA[b", "a<![CDATA[b"),
        ("a<?php b ?>c", "a<?php b ?>c"),
        ("a<![if b]>c<![endif]><?xml:namespace prefix=o /><![d]>e", "ace"),
        ("a" * 1_900_000, "a" * 1_900_000),
    ],
    ids=range(12),
)
def test_parse_html_preserves_all_text(html: str, text: str) -> None:
    assert parse_html(html).get_text() == text


@pytest.mark.parametrize("name", ["script", "style"])
def test_unclosed_script_is_kept(name: str) -> None:
    assert str(parse_html(f"<{name}>a</b>c")) == f"<{name}>a</b>c</{name}>"


def test_deep_nesting_is_refused() -> None:
    assert parse_html("<div>" * 249 + "a").get_text() == "a"
    with pytest.raises(InvalidError):
        parse_html("<div>" * 300)


@pytest.mark.untraced
@pytest.mark.parametrize(
    "html",
    [
        "<![CDATA[>" * 40_000,
        "<![if>" * 40_000,
        "<b>" * 240 + "<i>a</i>" * 20_000,
        f"<p><a href={'a' * 100_000}>{'<p>b' * 10_000}",
        f"<p>{''.join(f'<font a={number}>' for number in range(200))}{'<p>b' * 10_000}",
    ],
    ids=range(5),
)
def test_tree_of_hostile_markup_is_at_most_twice_as_long(html: str) -> None:
    assert len(str(parse_html(html))) < 2 * len(html)
