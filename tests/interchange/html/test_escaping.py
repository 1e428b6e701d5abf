"""Texts in links and images: they stand in one line, however long it is."""

from time import perf_counter

import pytest

from blogcli.interchange.html import markdown_of


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
def test_ends_of_lines_are_blanks(text: str, line: str) -> None:
    assert markdown_of(f'<img src="a" alt="x{text}x" title="y{text}y">') == f'![x{line}x](a "y{line}y")'


@pytest.mark.parametrize("html", ['<img src="a" alt="{}x">', '<a href="b" title="{}x">c</a>', '<a href="b">a{}x</a>'])
@pytest.mark.parametrize("blanks", [" " * 160_000, " \n" * 80_000])
def test_blanks_take_no_time(html: str, blanks: str) -> None:
    start = perf_counter()
    markdown_of(html.format(blanks))
    assert perf_counter() - start < 5
