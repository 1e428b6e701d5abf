"""What is told of long work: a bar on a terminal, lines elsewhere, nothing with --quiet."""

import pytest

from blogcli.output import progress
from tests.command_line import Cli

SEED = ("db", "seed", "--posts", 1_001, "--users", 1, "--tags", 1)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_BAR_DELAY", 0.0)
    monkeypatch.setattr(progress, "_LINE_INTERVAL", 0.0)


def test_a_terminal_shows_a_bar_that_goes_again(cli: Cli) -> None:
    result = cli(*SEED, terminal=True)
    assert result.exit_code == 0
    assert "Writing posts" in result.stderr
    assert "1,001 of 1,001" in result.stderr
    assert result.stderr.rstrip().endswith("Created 1,001 posts, 1 users and 1 tags.")


@pytest.mark.untraced
@pytest.mark.parametrize(("terminal", "variables"), [(False, {}), (True, {"TERM": "dumb"})])
def test_elsewhere_lines_say_how_far_it_is(cli: Cli, terminal: bool, variables: dict[str, str]) -> None:
    result = cli(*SEED, terminal=terminal, **variables)
    first, last = result.stderr.splitlines()
    assert first.startswith("Writing posts: 1,000 of 1,001, ")
    assert first.endswith(" a second")
    assert last == "Created 1,001 posts, 1 users and 1 tags."


@pytest.mark.parametrize(
    ("done", "seconds", "rate"),
    [(0, 0.0, "0.0"), (3, 10, "0.3"), (99, 10, "9.9"), (10, 1, "10"), (50_000, 2, "25,000")],
)
def test_slow_work_is_told_by_tenths(done: int, seconds: float, rate: str) -> None:
    assert progress.format_rate(done, seconds) == rate


def test_nothing_is_said_where_nothing_is_to_be_said(cli: Cli) -> None:
    assert cli("--quiet", *SEED, terminal=True).stderr == ""


def test_short_work_is_only_done(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for terminal in (True, False):
        result = cli("db", "reindex", terminal=terminal)
        assert result.stderr == "Nothing to do: the search index of all 0 posts is correct.\n"
