"""Tests that case-insensitive comparison has the same result in Python, PostgreSQL and SQLite."""

import re
import sys
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import String, literal, select

from blogcli.database import SessionFactory
from blogcli.repositories.dialects import contains
from blogcli.repositories.identifiers import chunked
from blogcli.text.casefold import _UNREACHABLE, fold_pattern, simple_fold

# These tests are not traced for coverage, because tracing multiplies their time and other tests cover the same lines.
pytestmark = pytest.mark.untraced

CHARACTERS = [chr(number) for number in range(1, sys.maxunicode + 1) if not 0xD800 <= number <= 0xDFFF]
CASED_CHARACTERS = [
    *"ABCZabcz019%_\\[]()*+?.^$-{}|#&/'\"~!<>=:,; \n\tßẞİIıiKk\u212aΣσςſSsÅå\u212bΩω\u2126µμÉé\u00e9\u0301ЖжёЁДд",
    *"ǅǆǄᾳᾼᏸᎠꭰaＡａ你字한글नस्ตก🎉𐐀𐐨𞤀𞤢\u2028\u00a0",
]
TEXTS = st.text(st.sampled_from(CASED_CHARACTERS), max_size=6)
NEEDLES = st.text(st.sampled_from(CASED_CHARACTERS), min_size=1, max_size=3)


def fold_text(text: str) -> str:
    return "".join(map(simple_fold, text))


@pytest.fixture(scope="module")
def case_groups() -> dict[str, set[str]]:
    """Return a dictionary that maps each simple case folding to all Unicode characters that have this folding."""
    characters_by_fold: dict[str, set[str]] = defaultdict(set)
    for character in CHARACTERS:
        characters_by_fold[simple_fold(character)].add(character)
    return characters_by_fold


def test_unreachable_characters_are_complete(case_groups: dict[str, set[str]]) -> None:
    unreachable = set()
    # A character that is alone in its group is always reached.
    for fold, group in ((fold, group) for fold, group in case_groups.items() if len(group) > 1):
        for seed in group:
            reached = {
                other for start in (seed, fold) for other in (start, start.upper(), start.lower(), start.title())
            }
            unreachable |= group - reached - {fold}
    assert unreachable - set(_UNREACHABLE) == set()


def test_unreachable_characters_are_needed(case_groups: dict[str, set[str]]) -> None:
    assert [character for character in _UNREACHABLE if len(case_groups[simple_fold(character)]) == 1] == []


def test_fold_pattern_matches_all_cases(case_groups: dict[str, set[str]]) -> None:
    cased = "".join("".join(group) for group in case_groups.values() if len(group) > 1)
    for group in case_groups.values():
        for character in group if len(group) > 1 else ():
            assert set(re.findall(fold_pattern(character), cased)) == group, character


def test_simple_fold_is_idempotent(case_groups: dict[str, set[str]]) -> None:
    assert [fold for fold in case_groups if simple_fold(fold) != fold] == []


@given(text=TEXTS, needle=NEEDLES)
def test_fold_pattern_agrees_with_folded_text(text: str, needle: str) -> None:
    assert bool(re.search(fold_pattern(needle), text)) is (fold_text(needle) in fold_text(text))


PAIRS = [
    ("Straße", "STRASSE", False),
    ("Straße", "STRAẞE", True),
    ("İstanbul", "istanbul", False),
    ("İstanbul", "İSTANBUL", True),
    ("ışık", "ISIK", False),
    ("300 \u212a", "300 k", True),
    ("k", "\u212a", True),
    ("ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς", True),
    ("σς", "ΣΣ", True),
    ("Ångström", "\u212bNGSTRÖM", True),
    ("5 µm", "5 ΜM", True),
    ("ПРИВЕТ, мир", "привет, МИР", True),
    ("Ёлка", "елка", False),
    ("你好，世界", "世界", True),
    ("नमस्ते", "मस्", True),
    ("สวัสดี", "วัส", True),
    ("𐐀𐐁", "𐐨𐐩", True),
    ("Ꭰ", "ꭰ", True),
    ("ǅ", "Ǆ", True),
    ("café", "CAFÉ", True),
    ("café", "CAFE", False),
    ("a\nb", "A\nB", True),
    ("100%", "0%", True),
    ("1000", "0%", False),
    ("aXb", "a_b", False),
    ("a_b", "A_B", True),
    ("x" * 3_000 + "É", "x" * 2_999 + "é", True),
    *((f"a{sign}b", f"A{sign}B", True) for sign in "%_\\[]()*+?.^$-{}|#&/'\"~"),
    *(("ab", f"a{sign}", False) for sign in "%_\\[]()*+?.^$-{}|"),
]


@pytest.mark.parametrize(("text", "needle", "is_match"), PAIRS)
def test_contains_agrees_with_python(text: str, needle: str, *, is_match: bool) -> None:
    assert bool(re.search(fold_pattern(needle), text)) is is_match


async def test_contains_agrees_on_both_databases(sessions: SessionFactory) -> None:
    async with sessions() as session:
        differing = [
            (text, needle)
            for text, needle, is_match in PAIRS
            if await session.scalar(select(contains(literal(text, String), needle))) is not is_match
        ]
    assert differing == []


async def test_every_case_of_every_letter_is_found_on_both_databases(
    sessions: SessionFactory, case_groups: dict[str, set[str]]
) -> None:
    pairs = [(other, fold) for fold, group in case_groups.items() for other in group - {fold}]
    async with sessions() as session:
        for batch in chunked(pairs, 200):
            results = (
                await session.execute(select(*(contains(literal(text, String), fold) for text, fold in batch)))
            ).one()
            assert [pair for pair, is_match in zip(batch, results, strict=True) if not is_match] == []


async def test_contains_is_false_for_null(sessions: SessionFactory) -> None:
    async with sessions() as session:
        assert not await session.scalar(select(contains(literal(None, String), "x")))
