"""Case-insensitive comparison with the same result in Python, PostgreSQL and SQLite."""

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

# A tracer multiplies the time of these tests, which cover no lines that other tests do not cover.
pytestmark = pytest.mark.untraced

CHARACTERS = [chr(number) for number in range(1, sys.maxunicode + 1) if not 0xD800 <= number <= 0xDFFF]
LIVELY = [
    *"ABCZabcz019%_\\[]()*+?.^$-{}|#&/'\"~!<>=:,; \n\tßẞİIıiKk\u212aΣσςſSsÅå\u212bΩω\u2126µμÉé\u00e9\u0301ЖжёЁДд",
    *"ǅǆǄᾳᾼᏸᎠꭰaＡａ你字한글नस्ตก🎉𐐀𐐨𞤀𞤢\u2028\u00a0",
]
TEXTS = st.text(st.sampled_from(LIVELY), max_size=6)
NEEDLES = st.text(st.sampled_from(LIVELY), min_size=1, max_size=3)


def folded(text: str) -> str:
    return "".join(map(simple_fold, text))


@pytest.fixture(scope="module")
def families() -> dict[str, set[str]]:
    """Return all characters of Unicode by their case folding."""
    found: dict[str, set[str]] = defaultdict(set)
    for character in CHARACTERS:
        found[simple_fold(character)].add(character)
    return found


def test_unreachable_characters_are_complete(families: dict[str, set[str]]) -> None:
    unreachable = set()
    for fold, family in families.items():
        for seed in family:
            reached = {
                other for start in (seed, fold) for other in (start, start.upper(), start.lower(), start.title())
            }
            unreachable |= family - reached - {fold}
    assert unreachable - set(_UNREACHABLE) == set()


def test_unreachable_characters_are_needed(families: dict[str, set[str]]) -> None:
    assert [character for character in _UNREACHABLE if len(families[simple_fold(character)]) == 1] == []


def test_fold_pattern_matches_all_cases(families: dict[str, set[str]]) -> None:
    cased = "".join("".join(family) for family in families.values() if len(family) > 1)
    for family in families.values():
        for character in family if len(family) > 1 else ():
            assert set(re.findall(fold_pattern(character), cased)) == family, character


def test_simple_fold_is_idempotent(families: dict[str, set[str]]) -> None:
    assert [fold for fold in families if simple_fold(fold) != fold] == []


@given(text=TEXTS, needle=NEEDLES)
def test_fold_pattern_agrees_with_folded_text(text: str, needle: str) -> None:
    assert bool(re.search(fold_pattern(needle), text)) is (folded(needle) in folded(text))


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


@pytest.mark.parametrize(("text", "needle", "found"), PAIRS)
def test_contains_agrees_with_python(text: str, needle: str, *, found: bool) -> None:
    assert bool(re.search(fold_pattern(needle), text)) is found


async def test_contains_agrees_on_both_databases(sessions: SessionFactory) -> None:
    async with sessions() as session:
        wrong = [
            (text, needle)
            for text, needle, found in PAIRS
            if await session.scalar(select(contains(literal(text, String), needle))) is not found
        ]
    assert wrong == []


async def test_every_case_of_every_letter_is_found_on_both_databases(
    sessions: SessionFactory, families: dict[str, set[str]]
) -> None:
    pairs = [(other, fold) for fold, family in families.items() for other in family - {fold}]
    async with sessions() as session:
        for batch in chunked(pairs, 200):
            found = (
                await session.execute(select(*(contains(literal(text, String), fold) for text, fold in batch)))
            ).one()
            assert [pair for pair, hit in zip(batch, found, strict=True) if not hit] == []


async def test_contains_is_false_for_null(sessions: SessionFactory) -> None:
    async with sessions() as session:
        assert not await session.scalar(select(contains(literal(None, String), "x")))
