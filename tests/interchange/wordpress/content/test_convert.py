"""Tests of the conversion of WordPress content to Markdown: classic content, blocks, shortcodes and comments."""

from pathlib import Path
from time import process_time
from typing import Any

import pytest

from blogcli.interchange.html import render_trusted
from blogcli.interchange.items import ImportedItem
from blogcli.interchange.notes import ItemNotes, NoteCode, ignore_note
from blogcli.interchange.wordpress.content.convert import convert_content
from tests.interchange.wordpress.exports import codes_of, make_export, make_item, read_items, write_sources


def to_markdown(content: str) -> str:
    return convert_content(content, ignore_note)[0]


def notes_of(content: str) -> list[NoteCode]:
    notes = ItemNotes("", None)
    convert_content(content, notes.add)
    return [note.code for note in notes.all()]


def read_item(folder: Path, *children: str, content: str = "", **options: Any) -> ImportedItem:
    (item,) = read_items(write_sources(folder, make_export(make_item(*children, content=content))), **options)
    return item


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        ("one\n\ntwo", "one\n\ntwo"),
        ("one\ntwo", "one  \ntwo"),
        ("one\r\ntwo\r\n\r\nthree", "one  \ntwo\n\nthree"),
        ("one<br />\ntwo", "one  \ntwo"),
        ("one<br><br>two", "one\n\ntwo"),
        ("<em\nclass='x'>one</em>", "*one*"),
        ("<h2>Head</h2>\ntext\n<ul>\n<li>a</li>\n<li>b\n\nc</li>\n</ul>", "## Head\n\ntext\n\n- a\n- b\n\n  c"),
        ("<blockquote>one\n\ntwo</blockquote>after", "> one\n>\n> two\n\nafter"),
        ("<p>one</p>two", "one\n\ntwo"),
        ("<div>one\n\ntwo</div>", "one\n\ntwo"),
    ],
)
def test_empty_lines_separate_paragraphs_and_line_breaks_are_kept(content: str, markdown: str) -> None:
    assert to_markdown(content) == markdown


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        ('<a href="u"><div>card</div></a>', "[card](u)"),
        ('<a href="u">\n\n<img src="i">\n\n</a>', "[![](i)](u)"),
        ('a <a class="b" href="u">b\n\nc<br><br>d</a> e', "a [b](u)\n\n[c](u)\n\n[d](u) e"),
        ('<a href="u"><ul><li>a</li><li>b</li></ul></a>', "- [a](u)\n- [b](u)"),
        ('<a href="u">a\n\n<a href="v">b</a>', "[a](u)\n\n[b](v)"),
        ('<a name="n">\n\na</a>', '<a id="n"></a>\n\na'),
        ("<pre>&lt;b>\n<a href='u'>a\n\nb</a></pre>", '<pre>&lt;b&gt;\n<a href="u">a\n\nb</a></pre>'),
    ],
)
def test_link_around_paragraphs_is_split(content: str, markdown: str) -> None:
    assert to_markdown(content) == markdown


def test_long_link_is_not_split() -> None:
    paragraphs = "a\n\n" * 99
    assert to_markdown(f'<a href="{"x" * 9_999}">{paragraphs}</a>').count("x") == 9_999


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        ("<pre>a\n\n\n  b &lt; c\n</pre>", "```\na\n\n\n  b < c\n```"),
        ('<pre class="brush: php; gutter: false">[code] $a_b</pre>', "```php\n[code] $a_b\n```"),
        ('x <code>[a b="c"]</code>', 'x `[a b="c"]`'),
    ],
)
def test_code_is_unchanged(content: str, markdown: str) -> None:
    assert to_markdown(content) == markdown


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        ("<!-- wp:paragraph -->\n<p>one</p>\n<!-- /wp:paragraph -->", "one"),
        ('<!-- wp:heading {"level":3} --><h3>H</h3><!-- /wp:heading -->', "### H"),
        ("<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->\n<p>x</p>", "<!--more-->\n\nx"),
        ('<!-- wp:cover {"url":"/a.jpg?b&c","alt":"d"} --><div>x</div><!-- /wp:cover -->', "![d](/a.jpg?b&c)\n\nx"),
        ('<!-- wp:cover {"url":"/a.jpg"} --><div><img src="/a.jpg"></div><!-- /wp:cover -->', "![](/a.jpg)"),
        ('<!-- wp:cover {"url":7} --><div>x</div><!-- /wp:cover -->', "x"),
        ('<!-- wp:code {"language":"ruby"} -->\n<pre><code>puts 1</code></pre>', "```ruby\nputs 1\n```"),
        ('<!-- wp:code {"language":7} -->\n<pre>puts 1</pre>', "```\nputs 1\n```"),
        (
            "<!-- wp:embed -->\n<figure><div>\nhttps://video.example/a_b\n</div></figure>\n<!-- /wp:embed -->",
            "https://video.example/a_b",
        ),
        ("<!-- wp:paragraph --><p>a<!-- a comment --></p>", "a"),
        ("<!-- wp:paragraph <p>no end</p>", "\\<!-- wp:paragraph\n\nno end"),
    ],
)
def test_block_comments_are_removed(content: str, markdown: str) -> None:
    assert to_markdown(content) == markdown


def test_dynamic_blocks_are_reported() -> None:
    content = '<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph --><!-- wp:latest-posts {"a":1} /--><!-- wp:spacer /-->'
    notes = ItemNotes("", None)
    convert_content(content, notes.add)
    messages = [note.message for note in notes.all() if note.code is NoteCode.CONTENT_LOSSY]
    assert [message.rsplit(": ", 1)[1] for message in messages] == ["latest-posts"]


QUOTE = '<!-- wp:acf/quote {"data":{"text":"The *only* _text_ [a] \\u003cb\\u003e"}} /-->'


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        (QUOTE, QUOTE),
        (f"<p>a</p>\n{QUOTE}\n\n{QUOTE}\n<p>*b*</p>", f"a\n\n{QUOTE}\n\n{QUOTE}\n\n\\*b\\*"),
        (f"<!-- wp:group --><div><p>a</p>{QUOTE}</div><!-- /wp:group -->", f"a\n\n{QUOTE}"),
        (f"<ul><li>a{QUOTE}</li><li>b</li></ul>", f"- a\n\n  {QUOTE}\n- b"),
        (f"<ul>{QUOTE}\n\n{QUOTE}</ul>", f"{QUOTE}\n\n{QUOTE}"),
        (f"<p>a {QUOTE} <em>b</em></p>", f"a\n\n{QUOTE}\n\n*b*"),
        (f"<p>{QUOTE} <em>b</em></p>", f"{QUOTE}\n\n*b*"),
        ('<!-- wp:image {"id":3} /-->', '<!-- wp:image {"id":3} /-->'),
        ('<!-- wp:block {"ref":\n42,"x":"<b>"} /-->', '<!-- wp:block {"ref": 42,"x":"\\u003cb\\u003e"} /-->'),
        ("<!-- wp:rss /--><!-- wp:separator /--><!-- wp:more /-->", "<!-- wp:rss /-->"),
    ],
)
def test_comments_of_dynamic_blocks_are_kept(content: str, markdown: str) -> None:
    assert to_markdown(content) == markdown
    assert to_markdown(render_trusted(markdown)) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "[gallery ids=\"1,2\" order_by='rand']",
        "before\n\n<!--more Read _on_-->\n\nafter",
        "before\n\n<!--nextpage-->\n\nafter",
        "[a_b]c[/a_b]",
        "[audio https://blog.example/a_b_.mp3]",
    ],
)
def test_shortcodes_and_special_comments_are_kept(text: str) -> None:
    assert to_markdown(text) == text
    assert notes_of(text) == []


def test_caption_shortcode_is_kept() -> None:
    content = '[caption id="a_1"]<a href="b"><img src="c.jpg" alt="d"></a> A <em>cat</em>[/caption]'
    assert to_markdown(content) == '[caption id="a_1"][![d](c.jpg)](b) A *cat*[/caption]'


def test_content_with_all_private_characters_is_converted() -> None:
    characters = "".join(map(chr, range(0xE000, 0xF900)))
    assert to_markdown(f"{characters} [a_b_]").startswith(characters)


def test_plain_text_is_not_reported_as_converted() -> None:
    assert notes_of("just words") == []
    assert notes_of("<b>words</b>") == [NoteCode.CONTENT_CONVERTED]


@pytest.mark.parametrize("content", ["", " \n\n "])
def test_empty_content_stays_empty(content: str) -> None:
    assert to_markdown(content) == ""


def test_unconvertible_content_stays_html() -> None:
    content = "<div>" * 1_000
    assert to_markdown(content) == content
    assert notes_of(content) == [NoteCode.CONTENT_LOSSY]


def test_content_format_is_stored_for_html(tmp_path: Path) -> None:
    for content, keep_html, is_html in (
        ("<b>x</b>", True, True),
        ("<b>x</b>", False, False),
        ("<p>" * 300 + "<div>" * 300, False, True),
    ):
        item = read_item(tmp_path, content=content, keep_html=keep_html)
        assert item.post is not None
        fields: Any = item.post.extra["wordpress"]
        assert (fields.get("content_format") == "html") is is_html


def test_keep_html_keeps_content(tmp_path: Path) -> None:
    excerpt = "<excerpt:encoded><![CDATA[an <b>excerpt</b>]]></excerpt:encoded>"
    item = read_item(tmp_path, excerpt, content="<!-- wp:p -->\r\n<b>x</b>", keep_html=True)
    assert item.post is not None
    assert (item.post.content, item.post.excerpt) == ("<!-- wp:p -->\n<b>x</b>", "an <b>excerpt</b>")
    assert codes_of([item]) == []


def test_excerpt_with_markup_is_stored_in_extra(tmp_path: Path) -> None:
    item = read_item(tmp_path, "<excerpt:encoded><![CDATA[an <b>excerpt</b> &amp; more]]></excerpt:encoded>")
    assert item.post is not None
    assert item.post.excerpt == "an **excerpt** & more"
    fields: Any = item.post.extra["wordpress"]
    assert fields["excerpt"] == "an <b>excerpt</b> &amp; more"
    assert codes_of([item]) == [NoteCode.VALUE_CHANGED]


@pytest.mark.untraced
@pytest.mark.parametrize(
    "part",
    [
        "<!-- wp:a {",
        "<!--",
        "<pre>",
        "[a ",
        "<li>",
        "</p>",
        "<br>",
        "\n\n",
        "<a ",
        "&#x",
        "<td>",
        "<code>",
        "~",
        "`",
        '<a href="u">\n\n',
        "<a href=u>a<p>b</a>",
    ],
)
def test_conversion_time_is_limited(part: str) -> None:
    start = process_time()
    to_markdown(part * 4_000)
    assert process_time() - start < 5
