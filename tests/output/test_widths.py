"""How wide the columns of a table may be."""

from hypothesis import given
from hypothesis import strategies as st

from blogcli.output.widths import GAP, fit_columns

COLUMNS = ("id", "title", "status", "published_at", "author", "tags")


def total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + GAP * (len(widths) - 1)


def test_what_fits_keeps_its_width() -> None:
    natural = {"id": 3, "title": 20, "status": 9}
    assert fit_columns(natural, 80) == natural


def test_a_title_is_cut_before_a_status() -> None:
    widths = fit_columns({"id": 3, "title": 70, "status": 9}, 60)
    assert widths == {"id": 3, "title": 42, "status": 9}


def test_the_last_columns_go_when_there_is_no_room() -> None:
    widths = fit_columns({"id": 3, "title": 70, "status": 9, "published_at": 16, "author": 20, "tags": 30}, 60)
    assert list(widths) == ["id", "title", "status"]


def test_the_first_column_stays_however_narrow_the_terminal() -> None:
    assert fit_columns({"id": 30, "title": 70}, 10) == {"id": 10}


@given(st.lists(st.integers(1, 10_000), min_size=6, max_size=6), st.integers(1, 400))
def test_the_table_never_is_wider_than_the_terminal(natural: list[int], available: int) -> None:
    widths = fit_columns(dict(zip(COLUMNS, natural, strict=True)), available)
    assert total(widths) <= available
    assert next(iter(widths)) == "id"
