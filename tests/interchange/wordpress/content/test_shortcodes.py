"""Tests of the conversion of shortcodes in WordPress content."""

from time import process_time

import pytest

from blogcli.interchange.notes import ignore_note
from blogcli.interchange.wordpress.content.convert import convert_content


def to_markdown(content: str) -> str:
    return convert_content(content, ignore_note)[0]


SOURCE = """
#include <stdio.h>

\tint __x__ = a*b*c;

    // [caption] &copy=1 https://a.b
  <p>
"""


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("code", ""),
        ('sourcecode language="C"', "c"),
        ("code lang='c++' gutter=\"false\"", "c++"),
        ("code title=language", ""),
        ("php", "php"),
        ("Python", "python"),
        ("js lang=ts", "ts"),
        ("plain", "plain"),
    ],
)
@pytest.mark.parametrize("has_blocks", [False, True])
def test_code_in_shortcodes_is_exact(tag: str, language: str, has_blocks: bool) -> None:
    name = tag.split(maxsplit=1)[0]
    shortcode = f"[{tag}]{SOURCE}[/{name}]"
    content = f"<!-- wp:shortcode -->{shortcode}<!-- /wp:shortcode -->" if has_blocks else f"a\n{shortcode}"
    text = "" if has_blocks else "a\n\n"
    assert to_markdown(content) == f"{text}```{language}{SOURCE}```"


@pytest.mark.parametrize(
    ("content", "markdown"),
    [
        ("[code]a &lt; b &amp;amp; c[/code]", "```\na < b &amp; c\n```"),
        ("[php]    a();\n  <pre>b();[/php]x", "```php\n    a();\n  <pre>b();\n```\n\nx"),
        ("x\n[c]a_b_[/c]\ny\n[r]c[/r]", "x\n\n```c\na_b_\n```\n\ny\n\n```r\nc\n```"),
        ("<pre>[php]x[/php]</pre>", "```\n[php]x[/php]\n```"),
        ("[[php]*x*[/php]]", "[[php]\\*x\\*[/php]]"),
        ("[code /] *x* [/code]", "[code /] \\*x\\* [/code]"),
        ("[code]  [/code]", "[code] [/code]"),
        ("[code]\n*x*", "[code]  \n\\*x\\*"),
        ("[codes]*x*[/codes]", "[codes]\\*x\\*[/codes]"),
    ],
)
def test_only_shortcodes_with_content_become_code(content: str, markdown: str) -> None:
    assert to_markdown(content) == markdown


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("[see *this* and `x`]", "[see \\*this\\* and \\`x\\`]"),
        ("[see 5 *apples*]", "[see 5 \\*apples\\*]"),
        ('[a b="*" and]', '[a b="\\*" and]'),
        ("[a b=\"*\" '_c' 1.5% https://a/_d d=_ /]", "[a b=\"*\" '_c' 1.5% https://a/_d d=_ /]"),
    ],
)
def test_brackets_without_attributes_are_text(text: str, markdown: str) -> None:
    assert to_markdown(text) == markdown


@pytest.mark.parametrize(
    "part",
    ["[code]", "[code ", "[php]x", "[a 'b ", "[a b=c ", f"[a{' ' * 20}", "<!-- wp:a /", "<!--more", "<!-- wp:a /-->"],
)
def test_shortcode_conversion_time_is_limited(part: str) -> None:
    start = process_time()
    to_markdown(part * 4_000)
    assert process_time() - start < 5
