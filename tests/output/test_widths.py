"""Tests of the widths of the columns of a table."""

from hypothesis import given
from hypothesis import strategies as st

from blogcli.output.widths import GAP, fit_columns

COLUMNS = ("id", "title", "status", "published_at", "author", "tags")


def total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + GAP * (len(widths) - 1)


def test_columns_that_fit_keep_their_widths() -> None:
    natural = {"id": 3, "title": 20, "status": 9}
    assert fit_columns(natural, 80) == natural


def test_title_is_narrowed_before_status() -> None:
    widths = fit_columns({"id": 3, "title": 70, "status": 9}, 60)
    assert widths == {"id": 3, "title": 42, "status": 9}


def test_last_columns_are_left_out_without_room() -> None:
    widths = fit_columns({"id": 3, "title": 70, "status": 9, "published_at": 16, "author": 20, "tags": 30}, 60)
    assert list(widths) == ["id", "title", "status"]


def test_first_column_is_shown_on_narrow_terminal() -> None:
    assert fit_columns({"id": 30, "title": 70}, 10) == {"id": 10}


@given(st.lists(st.integers(1, 10_000), min_size=6, max_size=6), st.integers(1, 400))
def test_table_is_not_wider_than_terminal(natural: list[int], available: int) -> None:
    widths = fit_columns(dict(zip(COLUMNS, natural, strict=True)), available)
    assert total(widths) <= available
    assert next(iter(widths)) == "id"
