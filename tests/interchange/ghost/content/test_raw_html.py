"""Tests of formatting HTML so that a Markdown parser does not change the HTML."""

from time import process_time

import pytest

from blogcli.interchange.ghost.content.raw_html import format_raw_html
from blogcli.interchange.html import render_trusted

DIV = '<div class="x">\n    <p>Hello</p>\n</div>'


@pytest.mark.parametrize(
    ("html", "block"),
    [
        (DIV.replace("\n", "\n\n \t\n"), DIV),
        (DIV.replace("\n", "\r\n\r\n"), DIV),
        (f"\n    {DIV}\n", DIV),
        ("<script>\n\na\n</script>\n\n    <p>b</p>", "<script>\n\na\n</script>\n<p>b</p>"),
        ("<!-- a\n\nb -->\n    <p>c</p>\n    <p>d</p>", "<!-- a\n\nb -->\n<p>c</p>\n    <p>d</p>"),
        ("<p>a</p>\n<style>\n\nb\n</style>\n    <!-- c\n\n-->", "<p>a</p>\n<style>\nb\n</style>\n<!-- c\n-->"),
        ("<div>\n\n<pre>a\n\n \n\tb</pre>\n\n</div>", "<div>\n<pre>a&#10;&#10; \n\tb</pre>\n</div>"),
        ("<div><!-- <pre> -->\n\n<script>a\n\n</SCRIPT ></div>", "<div><!-- <pre> -->\n<script>a\n</SCRIPT ></div>"),
        ("<p>a</p><textarea>\n\nb", "<p>a</p><textarea>&#10;\nb"),
        (" \n", ""),
    ],
)
def test_raw_html_is_one_unchanged_block(html: str, block: str) -> None:
    assert format_raw_html(html) == block
    assert render_trusted(block).strip() == block


@pytest.mark.parametrize("part", ["\n", "\n ", "<pre>", "<!--", "<script></script>\n", "</pre", "<!---->\t"])
def test_formatting_takes_linear_time(part: str) -> None:
    started_at = process_time()
    format_raw_html("<p>" + part * 200_000)
    assert process_time() - started_at < 5
