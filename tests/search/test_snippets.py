"""Tests of the snippets that show the matches of a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.search.query import parse_query
from blogcli.search.snippets import snippet


@pytest.mark.parametrize(
    ("content", "query", "expected"),
    [
        ("One two three.", "two", "One **two** three."),
        ("# Head\n\nSome *strong*\n`words`.", "strong words", "Head Some **strong** **words**."),
        ("Un café, des Cafés", "CAFE", "Un **café**, des **Cafés**"),
        ("私はデータベースが好き", "データベース", "私は**データベース**が好き"),
        ("吾輩は猫である", "猫", "吾輩は**猫**である"),
        ("see [this](http://example.com/secret)", "secret", "see this"),
        ("nothing here", "else", "nothing here"),
        ("", "else", ""),
        ("(sqlalchemy.ext.asyncio)", "asyncio", "(**sqlalchemy.ext.asyncio**)"),
    ],
)
def test_snippet_marks_matches(content: str, query: str, expected: str) -> None:
    assert snippet(content, parse_query(query)) == expected


def test_snippet_is_around_first_match() -> None:
    text = snippet("before " * 100 + "needle " + "after " * 100, parse_query("needle"))
    assert text.startswith("…before ")
    assert text.endswith(" after…")
    assert "**needle**" in text
    assert 100 < len(text) < 180


def test_snippet_without_query_is_start_of_text() -> None:
    assert snippet("word " * 100, None) == "word " * 31 + "word…"


@given(st.text(), st.text())
def test_snippet_of_every_text_is_short(content: str, query: str) -> None:
    assert len(snippet(content, parse_query(query))) < 2_000
