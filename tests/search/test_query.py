"""Tests of the grammar of search queries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.search.analyzer import tokens
from blogcli.search.query import MAX_TERMS, Query, Term, parse_query
from tests.search.reference import matches


def clauses(text: str) -> tuple[tuple[Term, ...], ...]:
    return parse_query(text).clauses


def test_parse_adds_prefixes_to_words() -> None:
    assert clauses("git migrat") == ((Term(("git",)),), (Term(("migrat",), is_prefix=True),))
    assert clauses("mi* 2024 c++") == ((Term(("mi",), is_prefix=True),), (Term(("2024",)),), (Term(("c++",)),))


def test_parse_keeps_phrases_together() -> None:
    assert clauses('"Exact Phrase" “curly one”') == ((Term(("exact", "phrase")),), (Term(("curly", "one")),))
    assert clauses("sqlalchemy.ext") == ((Term(("sqlalchemy", "ext")),),)


def test_parse_recognizes_fields_negation_and_or() -> None:
    assert clauses("TITLE:cat -content:dog") == (
        (Term(("cat",), field="title"),),
        (Term(("dog",), field="content", is_negated=True),),
    )
    assert clauses("a OR b c") == ((Term(("a",)), Term(("b",))), (Term(("c",)),))
    assert clauses("a or b") == ((Term(("a",)),), (Term(("or",)),), (Term(("b",)),))


def test_parse_splits_scripts_without_spaces() -> None:
    assert clauses("猫") == ((Term(("猫",), is_prefix=True),),)
    assert clauses("データ") == ((Term(("デー", "ータ")),),)
    assert clauses('"日本 db"') == ((Term(("日本", "本", "db")),),)


@pytest.mark.parametrize("text", ["", "!!!", '"', '""', "-", "- -", "*", "-!!!", "…"])
def test_parse_of_text_without_words_returns_no_clauses(text: str) -> None:
    assert clauses(text) == ()
    assert not matches(Query(()), {"title": ["a"], "content": []})


@pytest.mark.parametrize(("text", "terms"), [("OR", 1), ("a OR", 2), ("OR a", 2), ("a OR OR b", 3), ("a OR !!! b", 2)])
def test_parse_of_or_without_two_terms_does_not_fail(text: str, terms: int) -> None:
    assert sum(map(len, clauses(text))) == terms


def test_parse_truncates_long_query() -> None:
    assert len(clauses("a " * 10_000)) == MAX_TERMS
    assert len(clauses(" ".join(["-"] * 10_000 + ["a"]))) == 0
    assert len(clauses('"' + "a " * 10_000 + '"')[0][0].tokens) == 256


@pytest.mark.parametrize(
    ("query", "is_match"),
    [
        ("rabbits", True),
        ("rabb", True),
        ("rab", False),
        ("rab*", True),
        ('"white rabbits"', True),
        ('"white rabbit"', False),
        ("title:rabbits", False),
        ("title:tale content:white", True),
        ("-cat", True),
        ("tale -rabbits", False),
        ("cat OR tale", True),
        ("cat OR -dog", True),
        ("cat OR -white", False),
        ('"tale white"', False),
    ],
)
def test_query_matches_as_documented(query: str, is_match: bool) -> None:
    assert matches(parse_query(query), {"title": tokens("A tale"), "content": tokens("White rabbits.")}) is is_match


@given(st.text(st.sampled_from('ab猫 "-:*ORtile\n!') | st.characters()))
def test_parse_accepts_every_text(text: str) -> None:
    for clause in clauses(text):
        assert clause
        assert all(term.tokens for term in clause)
