"""Tests of the analyzer, which splits texts in many scripts into tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.search.analyzer import MAX_TOKEN_LENGTH, tokenize_markdown, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sqlalchemy.ext.asyncio a_b-c/d@e", "sqlalchemy ext asyncio a b c d e"),
        ("C++ and c# and C, foo#bar x++, #tag ++i", "c++ and c# and c foo bar x++ tag i"),
        ("Café NAÏVE nai\u0308ve Ångström", "cafe naive naive angstrom"),
        ("ΑΘΉΝΑ Ὀδυσσεύς", "αθηνα οδυσσευσ"),
        ("שָׁלוֹם עולם", "שלום עולם"),
        ("مُحَمَّد كتــاب", "محمد كتاب"),
        ("ещё Еще й за́мок ї", "еще еще й замок ї"),
        ("हिन्दी में", "हिन्दी में"),
        ("ﬁne ＦＵＬＬ Straße İstanbul", "fine full strasse istanbul"),
        ("don\u2019t soft\u00adhyphen می\u200cخواهم", "don t softhyphen میخواهم"),
        ("データベース", "デー ータ タベ ベー ース ス"),
        ("部署", "部署 署"),
        ("猫", "猫"),
        ("한국어", "한국 국어 어"),
        ("ﾃﾞｰﾀ が か\u3099", "デー ータ タ が が"),
        ("ภาษา", "ภา าษ ษา า"),
        ("Python入門2024", "python 入門 門 2024"),
        ("!?… \u0301 _", ""),
    ],
)
def test_tokens_follow_rules_of_script(text: str, expected: str) -> None:
    assert tokens(text) == expected.split()


def test_tokens_are_truncated() -> None:
    assert tokens("x" * 10_000) == ["x" * MAX_TOKEN_LENGTH]
    assert tokens("ж" * 10_000) == ["ж" * MAX_TOKEN_LENGTH]


@given(st.text("aZ1+# .-_\n/", max_size=20))
def test_ascii_text_is_split_like_other_text(text: str) -> None:
    assert words(text) == [word for word in words(f"{text} ж") if word != "ж"]


@given(st.text())
def test_tokens_contain_no_special_characters(text: str) -> None:
    """Check that tokens contain no characters that a database would treat as separators or as query syntax."""
    for token in tokens(text):
        assert token
        assert not set(token) & set(" \t\n\"'\\():*&|!<>^-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[a link](http://example.com/secret "title") end', "a link title end"),
        ("[b](<http://example.com/a b>) ![alt](pic_(1).png)", "b alt"),
        ("see <http://example.com/secret> and <a href='secret'>this</a>", "see and this"),
        ("[id]: http://example.com/secret\nfoo [bar][id]", "foo bar id"),
        ("x [id]: stays", "x id stays"),
        ("caf&eacute; &nbsp; &amp; &#233; AT&T &bogus;", "cafe e at t bogus"),
        ("a <!-- hidden --> b <!-- open", "a b open"),
        ("`<div>` ``a ` <b>`` <div>c</div>", "div a b c"),
        ("```html\n<p class='x'>\n```\n<p>d</p>", "html p class x d"),
        ("1 < 2 and 3 > 2", "1 2 and 3 2"),
        ("a `open <i>b</i>", "a open b"),
    ],
)
def test_markdown_tokens_exclude_markup(text: str, expected: str) -> None:
    assert tokenize_markdown(text) == expected.split()


@pytest.mark.untraced
@pytest.mark.parametrize(
    "unit", ["<a", "`", "<!--", "](", "[a", "&a", "`a``b", "](  ", "\u0301", "a\u0301", "](a(", "``` `"]
)
def test_markdown_tokens_take_linear_time(unit: str) -> None:
    """Tokenize a text of a million characters. If the algorithm took quadratic time, the test would take hours."""
    assert len(tokenize_markdown(unit * (1_000_000 // len(unit)))) <= 1_000_000
