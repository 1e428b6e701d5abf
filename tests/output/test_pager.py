"""Tests that long output on a terminal is shown in the pager."""

import sys
from pathlib import Path

import pytest

from blogcli.output.programs import SHELL, command_line
from tests.subprocesses import Terminal

PRINT = (
    "import sys; from blogcli.output.console import Console; from blogcli.output.pager import print_lines; "
    "print_lines(Console(), [f'line {number}' for number in range(100)], pager=sys.argv[1])"
)


def start_pager(pager: str, home: Path, script: str = "") -> Terminal:
    """Start a process that prints a hundred lines through a pager.

    If `script` is given, the script is stored as the executable file `page` in the home directory. The command `pager`
    can then run `~/page`.
    """
    if script:
        (home / "page").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        (home / "page").chmod(0o755)
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "xterm", "LINES": "24", "WORD": "'paged by'"}
    return Terminal([sys.executable, "-c", PRINT, pager], environ, pipe_stdout=False)


@pytest.mark.parametrize("command", ["less", "/usr/bin/less", "most"])
def test_command_line_of_program_name_uses_no_shell(command: str) -> None:
    assert command_line(command) == [command]
    assert command_line(command, "a b") == [command, "a b"]


@pytest.mark.parametrize("command", ["less -R", "~/pager", "$HOME/pager", "sed s/a/b/ | less", "LESS=X less", "'a b'"])
def test_command_line_with_special_characters_uses_shell(command: str) -> None:
    assert command_line(command) == [SHELL, "-c", command, command]
    assert command_line(command, "a b") == [SHELL, "-c", f'{command} "$@"', command, "a b"]


@pytest.mark.parametrize("pager", ["~/page $WORD | cat", '"$HOME/page" $WORD', "exec ~/page 'paged by'"])
def test_pager_command_is_run_by_shell(tmp_path: Path, pager: str) -> None:
    terminal = start_pager(pager, tmp_path, 'echo "$@"; grep -c .')
    assert terminal.finish()[0] == 0
    assert "paged by" in terminal.shown
    assert terminal.shown.endswith("\n100\r\n")


@pytest.mark.parametrize("pager", ["no-such-program", "no-such-program -R", "cat"])
def test_output_is_printed_if_pager_cannot_be_run(tmp_path: Path, pager: str) -> None:
    terminal = start_pager(pager, tmp_path)
    assert terminal.finish()[0] == 0
    assert terminal.shown.count("line ") == 100


def test_ctrl_c_is_handled_by_pager(tmp_path: Path) -> None:
    script = "trap 'echo caught' INT; echo ready; read answer < /dev/tty; read answer < /dev/tty; echo still here"
    terminal = start_pager("~/page", tmp_path, script)
    terminal.answer("ready", "\x03")
    terminal.answer("caught", "\n")
    assert terminal.finish()[0] == 0
    assert "still here" in terminal.shown


def test_program_ends_after_ctrl_c_ends_pager(tmp_path: Path) -> None:
    terminal = start_pager("~/page", tmp_path, "echo ready; exec sleep 600")
    terminal.answer("ready", "\x03")
    assert terminal.finish()[0] == 0
