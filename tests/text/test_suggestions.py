"""Tests of suggestions for mistyped names."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.suggestions import suggest_email, suggest_name

NAMES = ["python", "PyPI", "open source", "データベース", "web"]
EMAILS = ["ann@example.org", "bob@example.org", "bob@example.net", "zoe.lefevre@example.org"]


@pytest.mark.parametrize(
    ("name", "suggestion"),
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
def test_suggest_name_returns_most_similar(name: str, suggestion: str | None) -> None:
    assert suggest_name(name, NAMES) == suggestion


@pytest.mark.parametrize(
    ("address", "suggestion"),
    [
        ("an@example.org", "ann@example.org"),
        ("ann", "ann@example.org"),
        ("bob@exmple.net", "bob@example.net"),
        ("zoe.lefevr@example.org", "zoe.lefevre@example.org"),
        # The domain of this address is known, but the part before the @ is not similar to a known address.
        ("cyd@example.org", None),
        ("ann@elsewhere.com", None),
        ("@example.org", None),
        ("", None),
    ],
)
def test_suggest_email_compares_both_parts(address: str, suggestion: str | None) -> None:
    assert suggest_email(address, EMAILS) == suggestion


@given(name=st.text(max_size=20), known=st.lists(st.text(max_size=20), max_size=5))
def test_suggest_name_returns_known_name(name: str, known: list[str]) -> None:
    assert suggest_name(name, known) in (None, *known)
    assert suggest_email(name, known) in (None, *known)


def test_suggest_name_among_many_names_is_fast() -> None:
    start = time.monotonic()
    suggest_name("a" * 100, (f"{number}" * 15 for number in range(1_000_000)))
    assert time.monotonic() - start < 10
