"""Tests of tables and of rendered Markdown in files and on terminals of any width."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest

from blogcli.output import tables
from blogcli.output.console import Console
from blogcli.output.markdown import can_be_rendered, markdown_lines
from blogcli.output.tables import show_bars, show_list, show_one

LONG_TEXT = "x" * 10_000_000


@pytest.fixture(autouse=True)
def _unset_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def table_lines(capsys: pytest.CaptureFixture[str], *records: dict[str, Any]) -> list[str]:
    show_list(Console(), records, list(records[0]), zone=UTC, pager=None)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("length", [500, 999])
def test_table_in_file_is_not_truncated(capsys: pytest.CaptureFixture[str], length: int) -> None:
    rows = [{"id": number, "title": text, "slug": "s"} for number, text in enumerate(("a", "x" * length, "日本"))]
    header, rule, *body = table_lines(capsys, *rows)
    assert header.index("Slug") + 4 == len(rule)
    assert [line.split() for line in body] == [["0", "a", "s"], ["1", "x" * length, "s"], ["2", "日本", "s"]]
    assert [line.index("s") for line in body] == [length + 8, length + 8, length + 6]


def test_long_text_does_not_pad_other_rows(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"id": n, "content": LONG_TEXT if n == 3 else " " * 20_000 + "end", "title": "t"} for n in range(50)]
    text = "\n".join(table_lines(capsys, *rows))
    assert text.count("x") == len(LONG_TEXT)
    assert len(text) < len(LONG_TEXT) + 50 * 21_100


def test_column_widths_depend_only_on_first_rows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_MEASURED_ROWS", 2)
    records = [{"id": 1, "title": "Short", "words": 7}] * 2 + [{"id": 1_000_000, "title": "A longer title", "words": 8}]
    show_list(Console(), records, list(records[0]), zone=UTC, pager=None)
    *_, first, _, last = capsys.readouterr().out.splitlines()
    assert first == " 1   Short       7"
    assert last == "1000000   A longer title       8"
    monkeypatch.setenv("COLUMNS", "80")
    show_list(Console(), records, list(records[0]), zone=UTC, pager=None)
    assert capsys.readouterr().out.splitlines()[-1] == "1000000   A lo…       8"


def test_table_is_printed_while_records_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    printed: list[bool] = []

    def records() -> Iterator[dict[str, int]]:
        for number in range(3 * tables.MAX_MEASURED_ROWS):
            printed.append(bool(capsys.readouterr().out))
            yield {"id": number}

    show_list(Console(), records(), ["id"], zone=UTC, pager=None)
    assert printed[: tables.MAX_MEASURED_ROWS] == [False] * tables.MAX_MEASURED_ROWS
    assert any(printed)


def test_table_on_terminal_fits_and_has_no_trailing_blanks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in (1, 20, 60, 65_535):
        monkeypatch.setenv("COLUMNS", str(columns))
        rows = [{"id": n, "title": "שלום עולם" * n, "excerpt": "日本" * n * 100} for n in range(4)]
        lines = table_lines(capsys, *rows)
        assert len(lines) == 6
        assert all(line == line.rstrip() and len(line) <= columns for line in lines)


def test_record_in_file_is_not_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    record = {"id": 1, "title": "word " * 300, "content": f"start{' ' * 20_000}end\n\n\tcode"}
    show_one(Console(), record, zone=UTC, pager=None)
    lines = capsys.readouterr().out.split("\n")
    assert lines == ["ID     1", f"Title  {'word ' * 300}", "", f"start{' ' * 20_000}end", "", "\tcode", ""]


def test_bars_are_drawn_to_scale(capsys: pytest.CaptureFixture[str]) -> None:
    figures = [{"month": f"2020-0{month}", "posts": posts, "words": 1} for month, posts in ((1, 30), (2, 0), (3, 1))]
    show_bars(Console(), figures, ["month", "posts", "words"], pager=None)
    header, _, *body = capsys.readouterr().out.splitlines()
    assert header.split("   ")[-1] == "Chart"
    assert [line.count("━") for line in body] == [30, 0, 1]


def rendered(text: str, *, color: bool = False) -> list[str]:
    return list(markdown_lines(Console(color=color), text))


def test_rendered_text_in_file_has_80_columns_unless_columns_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"# Title\n\n{'word ' * 100}\n\n---"
    assert max(map(len, rendered(text))) == 80
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, rendered(text))) == 40
    monkeypatch.setenv("COLUMNS", "1")
    assert "word" in "".join(rendered(text))


def test_rendered_text_has_no_trailing_blanks() -> None:
    text = "# Title\n\nText  \nmore\n\n- a\n- b\n\n> quote\n\n    code\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    for color in (False, True):
        assert not [line for line in rendered(text, color=color) if line.removesuffix("\x1b[0m").endswith(" ")]


def test_rendered_text_is_complete_and_in_order() -> None:
    text = "One ![two](three.png) <b>four</b></kbd> [five](https://six.example)\n\n<div>\nseven\n</div>\n\n```py\neight\n```"
    shown = "\n".join(rendered(text))
    positions = [shown.index(word) for word in ("One", "two", "three", "four", "five", "six", "seven", "eight")]
    assert positions == sorted(positions)


@pytest.mark.parametrize("text", ["[" * 20_000, "- a\n" * 10_000, "|" * 30_000, "a " * 200_000, "`" * 20_000])
def test_text_that_takes_long_to_render_is_not_rendered(text: str) -> None:
    assert not can_be_rendered(text)
    assert "\n".join(rendered(text)) == text.removesuffix("\n")
