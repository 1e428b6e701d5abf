"""Parsing of references, and functions on lists of them."""

import pytest

from blogcli.repositories.identifiers import chunked, distinct, parse_id


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("7", 7),
        ("id:7", 7),
        ("007", 7),
        ("2147483647", 2**31 - 1),
        ("2147483648", 0),
        ("id:" + "9" * 5_000, 0),
        ("hello", None),
        ("id:", None),
        ("id:x", None),
        ("slug:7", None),
        ("-7", None),
        ("٧", None),
        ("7²", None),
        ("", None),
    ],
)
def test_parse_id_of_references(reference: str, expected: int | None) -> None:
    assert parse_id(reference) == expected


def test_parse_id_without_bare_digits() -> None:
    assert parse_id("7", bare_digits=False) is None
    assert parse_id("id:7", bare_digits=False) == 7


def test_chunked_keeps_all_items() -> None:
    assert [list(chunk) for chunk in chunked(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(chunked([], 2)) == []


def test_distinct_keeps_first_order() -> None:
    assert distinct("banana") == ["b", "a", "n"]
