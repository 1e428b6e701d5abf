"""Tests of the groups of findings that people read."""

from typing import Any

import pytest

from blogcli.output.console import Console
from blogcli.output.findings import show_findings


def finding(**values: Any) -> dict[str, Any]:
    defaults = {"rule": "empty-post", "level": "error", "id": 1, "slug": "one", "tag": None, "line": None}
    return {**defaults, "text": "It is empty", "repair": "Write it"} | values


def lines_of(capsys: pytest.CaptureFixture[str], *findings: dict[str, Any], color: bool = False) -> list[str]:
    show_findings(Console(color=color), findings, pager=None)
    return capsys.readouterr().out.splitlines()


def test_findings_of_post_have_one_header(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [finding(), finding(level="info", line=4, text="It is long", repair="Cut it"), finding(id=2, slug="two")]
    assert lines_of(capsys, *findings) == [
        "post 1 (one)",
        "  error    It is empty (empty-post)",
        "           Write it",
        "  info     line 4: It is long (empty-post)",
        "           Cut it",
        "",
        "post 2 (two)",
        "  error    It is empty (empty-post)",
        "           Write it",
    ]


def test_equal_repairs_are_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [finding(tag="a", level="warning"), finding(tag="b", level="warning", id=None, slug=None)]
    assert lines_of(capsys, *findings) == [
        "tags",
        "  warning  It is empty (empty-post)",
        "  warning  It is empty (empty-post)",
        "           Write it",
    ]


def test_no_findings_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert lines_of(capsys) == []


def test_long_text_is_wrapped_and_indented(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = lines_of(capsys, finding(text="word " * 20))
    assert max(map(len, lines)) <= 40
    assert all(line.startswith(" " * 11) for line in lines[2:])
    monkeypatch.setenv("COLUMNS", "5")
    assert len(lines_of(capsys, finding(text="word " * 20))) > 3


def test_control_characters_are_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    lines = lines_of(capsys, finding(text="a\x1b[31m\nb", slug="c\x1bd", repair="e\x07"))
    assert not [line for line in lines if not line.isprintable()]


def test_levels_are_colored(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b[31merror\x1b[0m" in "\n".join(lines_of(capsys, finding(), color=True))
