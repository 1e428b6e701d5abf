"""Tests that line breaks in links and images become spaces, and that long whitespace is converted fast."""

from time import perf_counter

import pytest

from blogcli.interchange.html import html_to_markdown


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a b", "a b"),
        ("  a  b  ", "  a  b  "),
        ("a\nb", "a b"),
        ("a \t\n\n \n\tb\x0b\n", "a b "),
        ("\n a", " a"),
        (" \n ", " "),
        ("a\u2028b", "a\u2028b"),
    ],
)
def test_line_breaks_in_attributes_become_spaces(text: str, line: str) -> None:
    assert html_to_markdown(f'<img src="a" alt="x{text}x" title="y{text}y">') == f'![x{line}x](a "y{line}y")'


@pytest.mark.parametrize("html", ['<img src="a" alt="{}x">', '<a href="b" title="{}x">c</a>', '<a href="b">a{}x</a>'])
@pytest.mark.parametrize("whitespace", [" " * 160_000, " \n" * 80_000])
def test_long_whitespace_is_converted_fast(html: str, whitespace: str) -> None:
    start = perf_counter()
    html_to_markdown(html.format(whitespace))
    assert perf_counter() - start < 5
