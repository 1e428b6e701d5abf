"""Tests that the conversion of HTML to Markdown loses no text and does not turn text into markup."""

from html import escape
from time import monotonic

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import InvalidError
from blogcli.interchange.html import html_to_markdown, render_html, render_trusted

CHARACTERS = st.text(st.sampled_from("ab1 \n\\*_`<>&;#~[]()!+-=|:.'\"/é漢"), max_size=16).map(escape)
INLINE = st.recursive(
    CHARACTERS,
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(["b", "i", "em", "strong", "s", "code", "u", "sub", "span"]),
        st.lists(inner, max_size=3),
    ),
    max_leaves=3,
)
PARAGRAPHS = INLINE.map("<p>{}</p>".format)
LISTS = st.lists(PARAGRAPHS | INLINE, min_size=1, max_size=3).map(
    lambda items: f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
)
TABLES = st.lists(INLINE, min_size=1, max_size=3).map(
    lambda cells: f"<table>{''.join(f'<tr><td>{cell}</td></tr>' for cell in cells)}</table>"
)
QUOTES = (PARAGRAPHS | LISTS).map("<blockquote>{}</blockquote>".format)
BLOCKS = st.lists(PARAGRAPHS | LISTS | TABLES | QUOTES | INLINE.map("<h2>{}</h2>".format), max_size=3).map("".join)


def visible_text(html: str) -> str:
    return "".join(BeautifulSoup(html, "html.parser").get_text().split())


@given(BLOCKS)
def test_html_to_markdown_preserves_visible_text(html: str) -> None:
    assert visible_text(render_html(html_to_markdown(html))) == visible_text(html)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "- a\n- b\n  - c"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("<table><tr><th>a<th>b<tr><td>c|d<td>e<br>f</table>", "| a | b |\n| --- | --- |\n| c\\|d | e<br>f |"),
        ('<ol start="3"><li>a<li>b</ol>', "3. a\n4. b"),
        ("<ol><li>a</ol><ol><li>b<li>c</ol><ol><li>d</ol>", "1. a\n\n1) b\n2) c\n\n1. d"),
        ("<div><ul><li>a</ul></div><ul></ul><div><ul><li>b</ul></div>", "- a\n\n* b"),
        ("<ul><li>a<ul><li>b</ul><ul><li>c</ul><li>d<ul><li>e</ul></ul>", "- a\n  - b\n  * c\n- d\n  - e"),
        ("<ul><li>a</ul>b<ul><li>c</ul><hr><ul><li>d</ul>", "- a\n\nb\n\n- c\n\n---\n\n- d"),
        ("<ul><li>a</ul><blockquote><ul><li>b</ul></blockquote><ul><li>c</ul>", "- a\n\n> - b\n\n- c"),
        ("<ul><li>a</ul><canvas></canvas><ol><li>b</ol>", "- a\n\n<canvas></canvas>\n\n1. b"),
        ("<ul><li>a</li>\n<ul><li>b</li></ul>\n<li>c</li></ul>", "- a\n  - b\n- c"),
        ("<ol start=9><li>a<li>b</li><ol><li>c<p>d</p></ol><ul></ul></ol>", "9. a\n10. b\n    1. c\n\n       d"),
        ("<ul><ul><li>a</ul></ul>", "- a"),
        ('<ol start="²"><li>a</ol>', "1. a"),
        ('<pre><code class="language-rust">a\n```\nb</code></pre>', "````rust\na\n```\nb\n````"),
        ('<pre lang="php">$a</pre>', "```php\n$a\n```"),
        ("<p>a <code>b`c</code></p>", "a `` b`c ``"),
        ('<figure><img src="a b.png" alt="c [d]"><figcaption>e</figcaption></figure>', "![c \\[d\\]](<a b.png>)\n\ne"),
        ('<a href="x"><img src="y.png"></a>', "[![](y.png)](x)"),
        ('<a href="https://a.example/(b)">c</a>', "[c](<https://a.example/(b)>)"),
        ('<a href="foo.html">foo.html</a>', "[foo.html](foo.html)"),
        ('<a href="https://a.example/b_c">https://a.example/b_c</a>', "<https://a.example/b_c>"),
        ('<a href="x"><div>a</div></a>', "[a](x)"),
        ('<a href="x"><h2>a</h2></a>', "## [a](x)"),
        ('<a href="x"><img src="y"><h2># a</h2><p>b<br>c</p></a>', "[![](y)](x)\n\n## [\\# a](x)\n\n[b c](x)"),
        ('<a href="x"># a<p># b</p></a>', "[\\# a](x)\n\n[\\# b](x)"),
        ('<a href="x"><pre>a\n\nb</pre></a>', "[``` a b ```](x)"),
        ('<pre>a<a name="x"></a>b</pre>', "```\nab\n```"),
        ('<a name="top"></a>x', '<a id="top"></a>x'),
        ('Hello!<a href="x">y</a>', "Hello\\![y](x)"),
        ("これは<b>「強調」</b>です", "これは<strong>「強調」</strong>です"),
        ("<b>a</b><b>b</b>", "<strong>a</strong><strong>b</strong>"),
        ("<b>a<p>b</p></b>", "**a**\n\n**b**"),
        ('<abbr title="a &quot;b">c</abbr>', '<abbr title="a &quot;b">c</abbr>'),
        ('<acronym title="a">b</acronym>', '<abbr title="a">b</abbr>'),
        ("H<sub>2</sub>O <ins>x</ins>", "H<sub>2</sub>O <ins>x</ins>"),
        ("<p>1. a</p><p>- b</p><p># c</p><p>snake_case</p>", "1\\. a\n\n\\- b\n\n\\# c\n\nsnake_case"),
        ("<p><span>1</span>. a</p><p>b<br>2<!-- c --><span>) d</span></p>", "1\\. a\n\nb  \n2\\) d"),
        ("<p>a 1<span>. b</span> <b>2</b>. c</p><b>3</b>. d", "a 1. b **2**. c\n\n**3**. d"),
        ("<p>1</p>. a", "1\n\n. a"),
        ('<a href="/?a=1&section=2&copy=1&amp;b">x</a>', "[x](/?a=1&section=2&copy=1&b)"),
        ("<a/title='\"&copy;' href=?a&regions&reg=1&reg>x</a>", '[x](?a&regions&reg=1® "\\"©")'),
        ('<img src="a?b&lt=1" alt="&copy &notit; &#38" />', "![© \\&notit; &](a?b&lt=1)"),
        ("<h2></h2>", ""),
        ("a<!-- b -->c", "ac"),
    ],
)
def test_html_to_markdown_converts_elements(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<tr><td>a<td>b<tr><td>c<td>d", "|  |  |\n| --- | --- |\n| a | b |\n| c | d |"),
        ("<tbody><tr><th>a</tbody><tbody><tr><td>b</tbody>", "| a |\n| --- |\n| b |"),
        ("<tfoot><tr><td>c</tfoot><tr><td>b</tr><thead><tr><td>a</thead>", "| a |\n| --- |\n| b |\n| c |"),
        ("<caption>1. a <b>b</b></caption><tr><th>c", "1\\. a **b**\n\n| c |\n| --- |"),
        ("<colgroup><col></colgroup><tr><th>a<tr><td>b", "| a |\n| --- |\n| b |"),
        ("<tr></tr><tr><th>a</tr><tr></tr><tr><td>b", "| a |\n| --- |\n| b |"),
        ("<tr><th>a<tr><td>b<td>c<td>d<tr><td>e<td>f", "| a |  |  |\n| --- | --- | --- |\n| b | c | d |\n| e | f |"),
        ("<td>a<td>b", "|  |  |\n| --- | --- |\n| a | b |"),
        ("a<tr>b<th>c", "ab\n\n| c |\n| --- |"),
    ],
)
def test_table_has_one_header_row(html: str, markdown: str) -> None:
    assert html_to_markdown(f"x<table>{html}</table>y") == f"x\n\n{markdown}\n\ny"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<a href="u"><table><caption>a</caption><tr><td>b<td>c</table></a>', "[a b c](u)"),
        ("<h2><table><tr><td>a<td>b</table></h2>", "## a b"),
        ("<pre><table><tr><td>a<td>b\nc</table></pre>", "```\na b\nc \n```"),
        ("<td>a<td>b", "a b"),
    ],
)
def test_table_inside_inline_content_becomes_text(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="https://video.example/1" width="10"></iframe>',
        '<video controls="" src="a.mp4"></video>',
        '<audio src="a.mp3"></audio>',
        '<script src="https://gist.example/1.js"></script>',
        '<table><tr><td colspan="2">a</td></tr></table>',
        "<table><tr><td><ul><li>a</li></ul></td></tr></table>",
        "<dl><dt>a</dt><dd>b</dd></dl>",
        '<pre>a <a href="b">c</a>\n\n  &lt;d</pre>',
        '<pre><img src="a"/>\n\n\nb</pre>',
        "<details><summary>a</summary><pre>b&#10;\nc</pre></details>",
    ],
)
def test_elements_without_markdown_equivalent_stay_html(html: str) -> None:
    assert (
        html_to_markdown(f"<p>before</p>{html.replace('&#10;', chr(10))}<p>after</p>") == f"before\n\n{html}\n\nafter"
    )


@pytest.mark.parametrize("html", ["<div>" * 1_000, "<b>" * 60_000, "x" * 2_000_001])
def test_html_to_markdown_rejects_long_and_deep_html(html: str) -> None:
    with pytest.raises(InvalidError):
        html_to_markdown(html)


@pytest.mark.untraced
@pytest.mark.parametrize("html", ['<a href="&copy' * 40_000, f"<a {'b=&copy=1 ' * 100_000}>", "&copy=" * 100_000])
def test_html_to_markdown_of_hostile_markup_is_fast(html: str) -> None:
    start = monotonic()
    html_to_markdown(html)
    assert monotonic() - start < 5


def test_malformed_tags_are_converted() -> None:
    assert html_to_markdown('<a"b c="&d">x</a>') == "x"
    assert html_to_markdown('<a b="&amp;" href="/?a&copy=b" title>x</a>') == "[x](/?a&copy=b)"


def test_link_around_many_blocks_does_not_repeat_long_url() -> None:
    assert html_to_markdown(f'<a href="{"x" * 9_999}">{"<p>a</p>" * 99}</a>').count("x") == 9_999


def test_render_html_keeps_only_language_classes() -> None:
    assert render_html("```php\n1\n```") == '<pre><code class="language-php">1\n</code></pre>\n'
    assert render_html('<code class="evil">x</code>') == "<p><code>x</code></p>\n"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ('[gallery columns="1"] & <', '<p>[gallery columns="1"] &amp; &lt;</p>'),
        ('`a "b" &`', '<p><code>a "b" &amp;</code></p>'),
        ('```a"b\n"<"\n\n```', '<pre><code class="language-a&quot;b">"&lt;"\n\n</code></pre>'),
        ('    "a"\n    &', '<pre><code>"a"\n&amp;\n</code></pre>'),
        ("[a](b '\"')", '<p><a href="b" title="&quot;">a</a></p>'),
        ("One line\nand the *next\none*", "<p>One line and the <em>next one</em></p>"),
        ("one  \ntwo", "<p>one<br />\ntwo</p>"),
    ],
)
def test_render_trusted_keeps_shortcodes_and_joins_lines(markdown: str, html: str) -> None:
    assert render_trusted(markdown) == f"{html}\n"


def test_render_html_does_not_escape_quotation_marks() -> None:
    assert render_html('"a" `"b"`') == '<p>"a" <code>"b"</code></p>\n'
