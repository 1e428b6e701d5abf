"""Tests that the help of every command is equal to its snapshot in tests/data/help.

To update the snapshots, run `BLOGCLI_UPDATE_HELP=1 python -m pytest -n 0 tests/test_help.py`, and review the diff.
"""

import os
from pathlib import Path

import pytest

from tests.command_line import Cli
from tests.command_tree import PATHS

SNAPSHOTS = Path(__file__).parent / "data" / "help"
UPDATE = bool(os.environ.get("BLOGCLI_UPDATE_HELP"))
ENVIRONMENT = {"PATH": os.defpath, "HOME": "/nonexistent", "COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}


def snapshot_of(path: tuple[str, ...]) -> Path:
    return SNAPSHOTS / f"{'_'.join(('blogcli', *path))}.txt"


def help_text(*arguments: str) -> str:
    """Run a command line that must succeed, and return its output without colors and trailing spaces.

    The output is formatted for 100 columns.
    """
    result = Cli(ENVIRONMENT)(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return "\n".join(line.rstrip() for line in result.stdout.strip("\n").split("\n")) + "\n"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(("blogcli", *path)))
def test_help_matches_snapshot(path: tuple[str, ...]) -> None:
    text = help_text(*path, "--help")
    snapshot = snapshot_of(path)
    if UPDATE:
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(("blogcli", *path)))
def test_short_option_prints_same_help(path: tuple[str, ...]) -> None:
    assert help_text(*path, "-h") == help_text(*path, "--help")


def test_every_snapshot_belongs_to_command() -> None:
    stored = set(SNAPSHOTS.iterdir())
    expected = {snapshot_of(path) for path in PATHS}
    if UPDATE:
        for obsolete in stored - expected:
            obsolete.unlink()
    else:
        assert stored == expected


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(("blogcli", *path)))
def test_help_has_example_and_fits_100_columns(path: tuple[str, ...]) -> None:
    text = help_text(*path, "--help")
    assert text.lstrip().startswith(" ".join(("Usage: blogcli", *path)))
    assert max(map(len, text.splitlines())) <= 100
    assert "\nExample" in text
