"""Suggestions for names that were mistyped."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.suggestions import closest, closest_email

NAMES = ["python", "PyPI", "open source", "データベース", "web"]
EMAILS = ["ann@example.org", "bob@example.org", "bob@example.net", "zoe.lefevre@example.org"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("phyton", "python"),
        ("PYTHO", "python"),
        ("pypy", "PyPI"),
        ("open-source", "open source"),
        ("データベス", "データベース"),
        ("wbe", None),
        ("java", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_the_most_similar_name_is_suggested(name: str, found: str | None) -> None:
    assert closest(name, NAMES) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("an@example.org", "ann@example.org"),
        ("ann", "ann@example.org"),
        ("bob@exmple.net", "bob@example.net"),
        ("zoe.lefevr@example.org", "zoe.lefevre@example.org"),
        # Nearly all letters are those of the domain.
        ("cyd@example.org", None),
        ("ann@elsewhere.com", None),
        ("@example.org", None),
        ("", None),
    ],
)
def test_an_address_is_suggested_if_both_parts_are_similar(address: str, found: str | None) -> None:
    assert closest_email(address, EMAILS) == found


@given(name=st.text(max_size=20), known=st.lists(st.text(max_size=20), max_size=5))
def test_a_suggestion_is_a_known_name(name: str, known: list[str]) -> None:
    assert closest(name, known) in (None, *known)
    assert closest_email(name, known) in (None, *known)


def test_a_suggestion_among_very_many_names_takes_no_time_to_speak_of() -> None:
    start = time.monotonic()
    closest("a" * 100, (f"{number}" * 15 for number in range(1_000_000)))
    assert time.monotonic() - start < 10
