"""Tests of replacing text."""

import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import InvalidError, UsageError
from blogcli.text import replacements
from blogcli.text.casefold import fold_pattern, simple_fold
from blogcli.text.replacements import ReplacementRule

LETTERS = "aAbß İıKk\u212aΣς_-.\\1$\n字कि\u0301é🎉"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=30)
OLD_TEXTS = st.text(st.sampled_from(LETTERS), min_size=1, max_size=3)
# Parts of expressions that have the same meaning in the modules `re` and `regex`.
ASSERTIONS = ["^", "$", r"\b"]
ATOMS = ["a", "b", ".", "[ab]", "[^a\n]", "(a|b)", "(?:b)", r"\w", r"\s", r"\.", "字", "(?=a)a", "(?<!b)a", *ASSERTIONS]
EXPRESSIONS = st.lists(
    st.tuples(st.sampled_from(ATOMS), st.sampled_from(["", "", "?", "*", "+", "*?", "{1,2}"])).map(
        # A repeated assertion is an error in one of the modules only.
        lambda pair: pair[0] if pair[0] in ASSERTIONS else "".join(pair)
    ),
    min_size=1,
    max_size=4,
).map("".join)
PLAIN_TEXTS = st.text(st.sampled_from("aAb .\n字_"), max_size=20)


def replace(text: str, old: str, new: str, **options: Any) -> tuple[str, int]:
    return ReplacementRule(old, new, **options).replace(text)


@pytest.mark.parametrize(
    ("text", "old", "new", "options", "expected"),
    [
        ("a.b.c", ".", r"\1", {}, (r"a\1b\1c", 2)),
        ("aaa", "aa", "b", {}, ("ba", 1)),
        ("aAa", "a", "", {}, ("A", 2)),
        ("Über ÜBER uber", "über", "x", {"ignore_case": True}, ("x x uber", 2)),
        ("straße STRASSE", "STRASSE", "x", {"ignore_case": True}, ("straße x", 1)),
        ("a.b A.B axb", "a.b", r"\g", {"ignore_case": True}, (r"\g \g axb", 2)),
        ("cat cats concat cat_ cat", "cat", "dog", {"whole_word": True}, ("dog cats concat cat_ dog", 2)),
        ("C++ C++11 (C++)", "C++", "Rust", {"whole_word": True}, ("Rust C++11 (Rust)", 2)),
        ("cafe cafe\u0301 कि", "cafe", "x", {"whole_word": True}, ("x cafe\u0301 कि", 1)),
        ("क कि", "क", "x", {"whole_word": True}, ("x कि", 1)),
        ("Cat cats", "cat", "x", {"whole_word": True, "ignore_case": True}, ("x cats", 1)),
        ("2024-05-31", r"(\d+)-(\d+)-(?P<day>\d+)", r"\g<day>.\2.\1\n", {"is_regex": True}, ("31.05.2024\n", 1)),
        ("ab b", "(a)?b", r"<\1>", {"is_regex": True}, ("<a> <>", 2)),
        ("Ab aB", "ab", "x", {"is_regex": True, "ignore_case": True}, ("x x", 2)),
        ("foo foobar", "foo|foobar", "x", {"is_regex": True, "whole_word": True}, ("x x", 2)),
        ("a b", "(?x) a # comment", "x", {"is_regex": True}, ("x b", 1)),
        ("a\na", "(?m)^a", "x", {"is_regex": True}, ("x\nx", 2)),
        ("a\na", "^a", "x", {"is_regex": True}, ("x\na", 1)),
        (
            "a `a` a\n\n    a\n\n```\na\n```\na",
            "a",
            "b",
            {"skip_code": True},
            ("b `a` b\n\n    a\n\n```\na\n```\nb", 3),
        ),
        ("foo `c` foo foo", "foo.*", "x", {"is_regex": True, "skip_code": True}, ("foo `c` x", 1)),
        ("a `b` c", ". `", "x", {"is_regex": True, "skip_code": True}, ("a `b` c", 0)),
    ],
)
def test_replace_returns_text_and_count(
    text: str, old: str, new: str, options: dict[str, Any], expected: tuple[str, int]
) -> None:
    assert replace(text, old, new, **options) == expected


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("(", "", "Invalid regular expression: missing ) at position 1"),
        ("a)|(b", "", "Invalid regular expression: unbalanced parenthesis at position 1"),
        ("[", "", "Invalid regular expression: unterminated character set at position 1"),
        ("*", "", "Invalid regular expression: nothing to repeat at position 0"),
        ("(" * 5_000, "", "Invalid regular expression: nested too deeply"),
        ("a{99999999999}", "", "Invalid regular expression: repeat count too big at position 2"),
        ("a", r"\1", r"Invalid new text '\\1': no such group"),
        ("a", r"\g<x>", r"Invalid new text '\\g<x>': unknown group"),
        ("a", "\\", "Invalid new text '\\\\': bad escape (end of pattern) at position 1"),
        ("a*", "", "The expression matches an empty text"),
        ("", "", "The text to replace is empty"),
    ],
)
def test_invalid_expression_raises_usage_error(old: str, new: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        ReplacementRule(old, new, is_regex=True, whole_word=True)
    assert error.value.message == message


@pytest.mark.parametrize("expression", [r"\b", "(?=b)", "^(?=a)", "(?<=a)"])
def test_empty_match_in_text_raises_usage_error(expression: str) -> None:
    rule = ReplacementRule(expression, "x", is_regex=True)
    with pytest.raises(UsageError, match="matches an empty text"):
        rule.replace("ab")


@pytest.mark.parametrize("expression", ["(a|a)+$", "(a|aa)+$", "((a|a)+)+!!"])
def test_endless_expression_is_stopped(expression: str) -> None:
    rule = ReplacementRule(expression, "x", is_regex=True, max_seconds=0.1)
    with pytest.raises(UsageError, match=r"takes more than 0\.1 seconds") as error:
        rule.replace(f"{'a' * 60}!")
    assert error.value.hint


def test_nested_repetition_ends() -> None:
    assert replace("a" * 40 + "!", "(a+)+$", "x", is_regex=True) == ("a" * 40 + "!", 0)


def test_text_that_multiplies_in_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacements, "MAX_LENGTH", 100)
    for options in ({}, {"ignore_case": True}):
        assert replace("a" * 10, "a", "b" * 10, **options) == ("b" * 100, 10)
        with pytest.raises(InvalidError, match="more than 100 characters"):
            replace("a" * 10, "a", "b" * 11, **options)
    assert replace("a" * 200, "a", "b", ignore_case=True) == ("b" * 200, 200)
    with pytest.raises(InvalidError, match="more than 100 characters"):
        replace("a" * 60, "(.+)", r"\1\1", is_regex=True)


@given(TEXTS, OLD_TEXTS, TEXTS)
def test_literal_replacement_equals_that_of_python(text: str, old: str, new: str) -> None:
    expected = (text.replace(old, new), text.count(old))
    assert replace(text, old, new) == expected
    assert replace(text, re.escape(old), new.replace("\\", "\\\\"), is_regex=True) == expected
    assert ReplacementRule(old, new).matches(text) == (old in text)


@given(TEXTS, OLD_TEXTS, TEXTS)
def test_ignoring_case_equals_simple_case_folding(text: str, old: str, new: str) -> None:
    expected = re.subn(fold_pattern(old), lambda _: new, text)
    assert replace(text, old, new, ignore_case=True) == expected
    folded, folded_old = ("".join(map(simple_fold, value)) for value in (text, old))
    assert expected[1] == folded.count(folded_old)


@given(PLAIN_TEXTS, EXPRESSIONS, st.sampled_from(["x", r"<\g<0>>", "\\n", ""]))
def test_expression_equals_that_of_python(text: str, expression: str, new: str) -> None:
    matches_empty = re.search(expression, "") or any(not match[0] for match in re.finditer(expression, text))
    if matches_empty:
        with pytest.raises(UsageError, match="matches an empty text"):
            replace(text, expression, new, is_regex=True)
    else:
        assert replace(text, expression, new, is_regex=True) == re.subn(expression, new, text)


@given(TEXTS, OLD_TEXTS)
def test_reverse_replacement_restores_text(text: str, old: str) -> None:
    new = "\x01new\x02"
    replaced, count = replace(text, old, new)
    assert replace(replaced, new, old) == (text, count)


@given(TEXTS.map(lambda text: f"{text} `{text}` {text}"), OLD_TEXTS, st.booleans())
def test_edits_are_in_order_and_name_occurrences(text: str, old: str, skip_code: bool) -> None:
    edits = list(ReplacementRule(old, "x", ignore_case=True, skip_code=skip_code).iter_edits(text))
    assert all(re.fullmatch(fold_pattern(old), text[edit.start : edit.end]) for edit in edits)
    assert all(first.end <= second.start for first, second in pairwise(edits))
