"""How people name rows."""

import pytest

from blogcli.repositories.identifiers import chunked, distinct, id_of


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
def test_an_id_is_told_from_a_name(reference: str, expected: int | None) -> None:
    assert id_of(reference) == expected


def test_digits_can_be_a_name() -> None:
    assert id_of("7", bare_digits=False) is None
    assert id_of("id:7", bare_digits=False) == 7


def test_items_are_chunked_without_loss() -> None:
    assert [list(chunk) for chunk in chunked(range(5), 2)] == [[0, 1], [2, 3], [4]]
    assert list(chunked([], 2)) == []


def test_each_item_appears_once_in_the_first_order() -> None:
    assert distinct("banana") == ["b", "a", "n"]
