"""Tests of the functions that lay out text in columns and lines."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from blogcli.output.layout import Cell, grid_lines, paint, truncate, wrap

CHARACTERS = ["a", "b", " ", "  ", "é", "日", "본", "e\u0301", "\U0001f469\u200d\U0001f467", "א", "\u263a\ufe0f"]
TEXTS = st.lists(st.sampled_from(CHARACTERS), max_size=40).map("".join)


def wrapped(text: str, width: int | None) -> list[str]:
    return ["".join(cell.text for cell in line) for line in wrap([Cell(text)], width)]


def test_wrap_breaks_lines_between_words() -> None:
    assert wrapped("hello big world foo", 9) == ["hello big", "world foo"]
    assert wrapped("  indented text", 12) == ["  indented", "text"]
    assert wrapped("a long word", None) == ["a long word"]
    assert wrapped("   ", 5) == wrapped("", 5) == [""]


def test_wrap_breaks_words_that_are_wider_than_a_line() -> None:
    assert wrapped("aaaaaaa b", 5) == ["aaaaa", "aa b"]
    assert wrapped("日本語日本語 x", 5) == ["日本", "語日", "本語", "x"]


def test_wrap_omits_blanks_at_line_breaks() -> None:
    assert wrapped(f"start{' ' * 20_000}end", 20) == ["start", "end"]


def test_wrap_keeps_styles_of_cells() -> None:
    assert list(wrap([Cell("ab cd ", "bold"), Cell("ef gh")], 5)) == [[Cell("ab cd", "bold")], [Cell("ef gh")]]


@given(TEXTS, st.integers(2, 20))
def test_wrapped_lines_fit_and_contain_all_words(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(TEXTS, st.integers(1, 20))
def test_truncate_limits_width_and_adds_ellipsis(text: str, width: int) -> None:
    truncated = truncate(text, width)
    assert cell_len(truncated) <= width
    assert truncated == text or truncated.endswith("…")
    assert (truncated == text) == (cell_len(text) <= width)


@given(st.lists(st.tuples(TEXTS.map(str.rstrip), TEXTS.map(str.rstrip)), min_size=1, max_size=5))
def test_grid_lines_have_no_trailing_blanks(rows: list[tuple[str, str]]) -> None:
    cells = [[Cell(text) for text in row] for row in rows]
    for line in grid_lines(cells, [70, 70], right=frozenset({0}), has_color=False):
        assert line == line.rstrip(" ")


def test_grid_line_with_wide_cell_moves_following_cells() -> None:
    rows = [[Cell("ab"), Cell("x")], [Cell("abcdef"), Cell("y")]]
    assert list(grid_lines(rows, [3, 1], right=frozenset(), has_color=False)) == ["ab    x", "abcdef   y"]


def test_paint_omits_escape_sequences_of_empty_cell() -> None:
    assert paint(Cell("", "bold"), has_color=True) == ""
    assert paint(Cell("x", "bold"), has_color=True) == "\x1b[1mx\x1b[0m"
    assert paint(Cell("x", "bold"), has_color=False) == "x"
