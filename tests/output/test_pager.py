"""The pager, on a terminal."""

import sys
from pathlib import Path

import pytest

from blogcli.output.programs import SHELL, command_line
from tests.subprocesses import Terminal

PRINT = (
    "import sys; from blogcli.output.console import Console; from blogcli.output.pager import print_lines; "
    "print_lines(Console(), [f'line {number}' for number in range(100)], pager=sys.argv[1])"
)


def paged(pager: str, home: Path, script: str = "") -> Terminal:
    """Start printing a hundred lines through a pager; the script is one that a user has at home."""
    if script:
        (home / "page").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (home / "page").chmod(0o755)
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm", "LINES": "24", "WORD": "'paged by'"}
    return Terminal([sys.executable, "-c", PRINT, pager], environ, pipe_stdout=False)


@pytest.mark.parametrize("command", ["less", "/usr/bin/less", "most"])
def test_the_name_of_a_program_is_run_as_it_is(command: str) -> None:
    assert command_line(command) == [command]
    assert command_line(command, "a b") == [command, "a b"]


@pytest.mark.parametrize("command", ["less -R", "~/pager", "$HOME/pager", "sed s/a/b/ | less", "LESS=X less", "'a b'"])
def test_a_command_with_special_characters_goes_through_the_shell(command: str) -> None:
    assert command_line(command) == [SHELL, "-c", command, command]
    assert command_line(command, "a b") == [SHELL, "-c", f'{command} "$@"', command, "a b"]


@pytest.mark.parametrize("pager", ["~/page $WORD | cat", '"$HOME/page" $WORD', "exec ~/page 'paged by'"])
def test_the_pager_is_run_through_the_shell(tmp_path: Path, pager: str) -> None:
    terminal = paged(pager, tmp_path, 'echo "$@"; grep -c .')
    assert terminal.finish()[0] == 0
    assert "paged by" in terminal.shown
    assert terminal.shown.endswith("\n100\r\n")


@pytest.mark.parametrize("pager", ["no-such-program", "no-such-program -R", "cat"])
def test_without_a_pager_the_output_is_printed(tmp_path: Path, pager: str) -> None:
    terminal = paged(pager, tmp_path)
    assert terminal.finish()[0] == 0
    assert terminal.shown.count("line ") == 100


def test_ctrl_c_belongs_to_the_pager(tmp_path: Path) -> None:
    script = "trap 'echo caught' INT; echo ready; read answer < /dev/tty; read answer < /dev/tty; echo still here"
    terminal = paged("~/page", tmp_path, script)
    terminal.answer("ready", "\x03")
    terminal.answer("caught", "\n")
    assert terminal.finish()[0] == 0
    assert "still here" in terminal.shown


def test_the_program_ends_with_the_pager_that_ctrl_c_ends(tmp_path: Path) -> None:
    terminal = paged("~/page", tmp_path, "echo ready; exec sleep 600")
    terminal.answer("ready", "\x03")
    assert terminal.finish()[0] == 0
