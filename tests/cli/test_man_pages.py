"""Tests that `blogcli help` shows the man page of a command on a terminal, and the help text elsewhere."""

from pathlib import Path

import pytest

from blogcli.cli import man_pages
from tests.command_line import Cli, Result

# Prints the name of the page and, as the program `man` does, its title in bold: each character is printed twice.
MAN = r'name=${1##*/}; printf "%s(1)\n N\bNA\bAM\bME\bE\n" "${name%.1}"'


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Create a folder with the man page of `post list`, which the program uses instead of the installed pages."""
    folder = tmp_path / "man1"
    folder.mkdir()
    (folder / "blogcli-post-list.1").write_text(".TH BLOGCLI-POST-LIST 1\n", "ascii")
    monkeypatch.setattr(man_pages, "_PAGES", folder)
    return folder


def help_of(*words: str, man: str, home: Path, pager: str = "cat", terminal: bool = True, **variables: str) -> Result:
    """Run `blogcli help` with a program `man` that consists of a line of shell code."""
    program = home / "man"
    program.write_text(f"#!/bin/sh\n{man}\n", "utf-8")
    program.chmod(0o755)
    environ = {"PATH": f"{home}:/usr/bin:/bin", "HOME": str(home), "PAGER": pager, "COLUMNS": "100", **variables}
    return Cli(environ)("help", *words, terminal=terminal)


@pytest.mark.parametrize("words", [("post", "list"), ("post", "ls")])
def test_help_on_terminal_shows_man_page(pages: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    result = help_of(*words, man=MAN, home=tmp_path)
    assert result == Result(0, "blogcli-post-list(1)\n NAME\n", "")


def test_man_page_is_as_wide_as_terminal_up_to_limit(pages: Path, tmp_path: Path) -> None:
    man = 'echo "(1) $MANWIDTH"'
    assert help_of("post", "list", man=man, home=tmp_path, COLUMNS="70").stdout == "(1) 70\n"
    assert help_of("post", "list", man=man, home=tmp_path, COLUMNS="300").stdout == "(1) 100\n"


def test_less_receives_formatting_of_man_page(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "less").write_text("#!/bin/sh\nexec cat > $HOME/paged\n", "utf-8")
    (tmp_path / "less").chmod(0o755)
    result = help_of("post", "list", man=MAN, home=tmp_path, pager="less -R", LINES="2")
    assert result == Result(0, "", "")
    assert "N\bNA\bA" in (tmp_path / "paged").read_text("utf-8")


@pytest.mark.parametrize(
    "man",
    ["exit 3", "echo This system has been minimized.", f"{MAN}; exit 1", "#"],
    ids=["fails", "explains", "prints and fails", "prints nothing"],
)
def test_help_shows_help_text_if_man_does_not_show_page(pages: Path, tmp_path: Path, man: str) -> None:
    result = help_of("post", "list", man=man, home=tmp_path)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == help_of("post", "list", man=MAN, home=tmp_path, terminal=False).stdout


def test_help_shows_help_text_without_program_man(pages: Path, tmp_path: Path) -> None:
    result = help_of("post", "list", man=MAN, home=tmp_path, PATH="/nonexistent")
    assert result.stdout.startswith("Usage: blogcli post list ")


@pytest.mark.parametrize("words", [(), ("post",), ("post", "show"), ("post", "list", "--no-color")])
def test_help_shows_help_text_of_command_without_page(pages: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = [word for word in words if not word.startswith("-")]
    result = help_of(*words, man=MAN, home=tmp_path)
    assert result.stdout.startswith(" ".join(["Usage: blogcli", *path]))


@pytest.mark.parametrize("variables", [{"terminal": False}, {"TERM": "dumb"}])
def test_help_without_full_terminal_shows_help_text(pages: Path, tmp_path: Path, variables: dict[str, str]) -> None:
    result = help_of("post", "list", man=MAN, home=tmp_path, **variables)  # type: ignore[arg-type]  # one of the values is a boolean
    assert result.stdout.startswith("Usage: blogcli post list ")


def test_option_help_shows_help_text(pages: Path, tmp_path: Path) -> None:
    help_of("post", "list", man=MAN, home=tmp_path)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "PAGER": "cat"}
    assert Cli(environ)("post", "list", "--help", terminal=True).stdout.startswith("Usage: blogcli post list ")


def test_help_of_unknown_command_is_error(pages: Path, tmp_path: Path) -> None:
    result = help_of("post", "lsit", man=MAN, home=tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "lsit" in result.stderr
    for word in ("x" * 5_000, "\0", "../post-list"):
        assert help_of("post", word, man=MAN, home=tmp_path).exit_code == 2
