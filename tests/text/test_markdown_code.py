"""Tests of finding the code in Markdown."""

import re
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from blogcli.text.markdown_code import find_code

# These tests are not traced, because measuring coverage would multiply their time, and other tests cover the same code.
pytestmark = pytest.mark.untraced

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
FRAGMENTS = [
    *(
        "a",
        "b",
        "`a`",
        "``b` c``",
        "`d\ne`",
        "`",
        "\\`",
        "*",
        "![x `f` y](u)",
        "[`g`](u)",
        "<i title='`h`'>",
        "|",
        "\\|",
    ),
    *(
        " ",
        "\n",
        "\r\n",
        "\n\n",
        "    ",
        "\t",
        "> ",
        "- ",
        "1. ",
        "# ",
        " #",
        "\n===\n",
        "\n```\n",
        "\n~~~ py\n",
        "```",
    ),
    *(
        "| a | `b` |\n|---|---|\n| `c\\|d` | `c` |\n",
        "\u3000",
        "\u00a0",
        "\x0b",
        "&amp;",
        "<!-- `i` -->",
        "\n    j\n",
        "字`k`字",
    ),
]


def list_code(text: str) -> list[str]:
    return [text[start:end] for start, end in find_code(text)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", []),
        ("no code", []),
        ("a `b` c ``d ` e`` f", ["`b`", "``d ` e``"]),
        ("a `b", []),
        (r"\`a\` `b`", ["`b`"]),
        ("a\r\n\r\n```py\r\nb\r\n```\r\nc", ["```py\r\nb\r\n```\r\n"]),
        ("~~~\na\n\nb", ["~~~\na\n\nb"]),
        ("\tcode\n    two\n\nc", ["\tcode\n    two\n"]),
        ("a\n    no code", []),
        ("> - q `a\n>   b` z `c`\n>\n>       d\n>\n> e", ["`a\n>   b`", "`c`", ">       d\n"]),
        ("# `a` b `a` #\n\n`c`\n===\n", ["`a`", "`a`", "`c`"]),
        ("| `a` | `a` b |\n|---|---|\n| `c\\|d` | `c` |", ["`a`", "`a`", "`c\\|d`", "`c`"]),
        ("![a `b` ![c `d`](u)](u) [`e`](u) ~~`f`~~ **`g`**", ["`b`", "`d`", "`e`", "`f`", "`g`"]),
        ("<a title='`a`'> `b` <pre>c</pre>", ["`b`"]),
        ("<pre>\na `b`\n</pre>\n", []),
        ("\u3000\n`a` b", ["`a`"]),
        ("  `a`  \n  `b`\\\n`c`", ["`a`", "`b`", "`c`"]),
    ],
)
def test_code_is_found(text: str, code: list[str]) -> None:
    assert list_code(text) == code


def letters_of(text: str) -> str:
    return "".join(re.findall(r"\w", text))


def list_tokens(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from list_tokens(token.children or ())


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
def test_code_is_that_of_the_parser(text: str) -> None:
    code = list_code(text)
    expected = [
        token for token in list_tokens(PARSER.parse(text)) if token.type in ("code_inline", "code_block", "fence")
    ]
    assert len(code) == len(expected)
    for region, token in zip(code, expected, strict=True):
        assert letters_of(region).endswith(letters_of(token.content))
        if token.type == "code_inline":
            assert region.startswith(token.markup)
            assert region.endswith(token.markup)
            assert letters_of(region) == letters_of(token.content)


@given(st.text(max_size=60))
def test_regions_are_in_order_and_in_text(text: str) -> None:
    positions = [position for region in find_code(text) for position in region]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(text) for position in positions)
