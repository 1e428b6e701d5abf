"""What `--help` prints, command by command, as files in tests/data/help.

After a change that is meant: `BLOGCLI_UPDATE_HELP=1 python -m pytest -n 0 tests/test_help.py`, and read the diff.
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


def rendered(*arguments: str) -> str:
    """What a command line that must succeed prints, without trailing blanks, on 100 columns and without colour."""
    result = Cli(ENVIRONMENT)(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return "\n".join(line.rstrip() for line in result.stdout.strip("\n").split("\n")) + "\n"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(("blogcli", *path)))
def test_help_is_the_stored_one(path: tuple[str, ...]) -> None:
    text, snapshot = rendered(*path, "--help"), snapshot_of(path)
    if UPDATE:
        snapshot.write_text(text, "utf-8")
    assert text == snapshot.read_text("utf-8")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(("blogcli", *path)))
def test_short_option_shows_the_same_help(path: tuple[str, ...]) -> None:
    assert rendered(*path, "-h") == rendered(*path, "--help")


def test_every_stored_help_is_of_a_command() -> None:
    stored, wanted = set(SNAPSHOTS.iterdir()), {snapshot_of(path) for path in PATHS}
    if UPDATE:
        for leftover in stored - wanted:
            leftover.unlink()
    else:
        assert stored == wanted


@pytest.mark.parametrize("path", PATHS, ids=lambda path: " ".join(("blogcli", *path)))
def test_help_has_an_example_and_fits_the_terminal(path: tuple[str, ...]) -> None:
    text = rendered(*path, "--help")
    assert text.lstrip().startswith(" ".join(("Usage: blogcli", *path)))
    assert max(map(len, text.splitlines())) <= 100
    assert "\nExample" in text
