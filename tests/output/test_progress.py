"""Tests that progress is shown as a bar on a terminal, as lines elsewhere, and not at all with --quiet."""

import pytest

from blogcli.output import progress
from tests.command_line import UNDO_HINT, Cli

SEED = ("db", "seed", "--posts", 1_001, "--users", 1, "--tags", 1)


@pytest.fixture(autouse=True)
def _without_delays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_BAR_DELAY", 0.0)
    monkeypatch.setattr(progress, "_LINE_INTERVAL", 0.0)


def test_terminal_shows_progress_bar(cli: Cli) -> None:
    result = cli(*SEED, terminal=True)
    assert result.exit_code == 0
    assert "Writing posts" in result.stderr
    assert "1,001 of 1,001" in result.stderr
    assert result.stderr.endswith(f"Created 1,001 posts, 1 users and 1 tags.\n{UNDO_HINT}")


@pytest.mark.untraced
@pytest.mark.parametrize(("terminal", "variables"), [(False, {}), (True, {"TERM": "dumb"})])
def test_output_without_capable_terminal_has_progress_lines(
    cli: Cli, terminal: bool, variables: dict[str, str]
) -> None:
    result = cli(*SEED, terminal=terminal, **variables)
    first, last = result.stderr.splitlines()
    assert first.startswith("Writing posts: 1,000 of 1,001, ")
    assert first.endswith(" a second")
    assert last == "Created 1,001 posts, 1 users and 1 tags."


@pytest.mark.parametrize(
    ("done", "seconds", "rate"),
    [(0, 0.0, "0.0"), (3, 10, "0.3"), (99, 10, "9.9"), (10, 1, "10"), (50_000, 2, "25,000")],
)
def test_rate_below_ten_has_one_decimal_place(done: int, seconds: float, rate: str) -> None:
    assert progress.format_rate(done, seconds) == rate


def test_quiet_option_hides_progress(cli: Cli) -> None:
    assert cli("--quiet", *SEED, terminal=True).stderr == ""


def test_short_operation_shows_no_progress(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for terminal in (True, False):
        result = cli("db", "reindex", terminal=terminal)
        assert result.stderr == "Nothing to do: the search index of all 0 posts is correct.\n"
