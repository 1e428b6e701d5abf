"""Tests that the draft is preserved whenever a command that runs an editor is terminated."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import asyncpg
import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates, execute
from tests.subprocesses import TIMEOUT, Program, Terminal

EMAIL = "ann@example.org"
DOCUMENT = "---\ntitle: T\n---\nan hour of work\n"
EXIT_CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 143, "SIGKILL": -9}
# An editor that writes the text, then creates the file `started`, and does not exit.
RUNNING_EDITOR = (
    'cp "$HOME/document" "$1"; echo $$ > "$HOME/started.new"; mv "$HOME/started.new" "$HOME/started"; exec sleep 60'
)
# An editor that writes the text, then creates the file `started`, and exits.
EXITING_EDITOR = 'cp "$HOME/document" "$1"; touch "$HOME/started"'

# Creates a trigger function that waits longer than the test runs.
CREATE_WAIT = "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'"
COUNT_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"


def prepare(url: str, home: Path, editor: str) -> Program:
    """Create a user and an editor, and return a program whose settings name both."""
    environ = environment(url, home) | {"BLOGCLI_AUTHOR": EMAIL, "EDITOR": str(home / "editor")}
    Cli(environ).ok("user", "create", EMAIL, "--generate-password")
    (home / "document").write_text(DOCUMENT)
    (home / "editor").write_text(f"#!/bin/sh\n{editor}\n")
    (home / "editor").chmod(0o755)
    return Program(environ)


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def has_open(process: "subprocess.Popen[bytes]", file: str) -> bool:
    """Return whether the process has opened the file."""
    with suppress(OSError):
        return any(str(link.readlink()) == file for link in Path(f"/proc/{process.pid}/fd").iterdir())
    return False


def terminate(terminal: Terminal, signal_name: str) -> int:
    """Terminate the program by a signal, and return its exit code. SIGINT is sent by pressing Ctrl-C."""
    if signal_name == "SIGINT":
        terminal.press("\x03")
    else:
        terminal.process.send_signal(getattr(signal, signal_name))
    return terminal.process.wait(TIMEOUT)


def only_draft(home: Path) -> Path:
    """Return the path of the only draft, after checking that the draft contains the whole document."""
    (path,) = (home / ".local/state/blogcli/drafts").glob("*.md")
    assert path.read_text() == DOCUMENT
    return path


def finish(terminal: Terminal, home: Path) -> None:
    """Kill the editor if it is still running, and read the rest of the output."""
    with suppress(OSError, ValueError):
        os.kill(int((home / "started").read_text()), signal.SIGKILL)
    terminal.finish()


@pytest.mark.parametrize("signal_name", EXIT_CODES)
def test_draft_is_kept_if_the_program_is_terminated_while_the_editor_runs(
    templates: Templates, tmp_path: Path, signal_name: str
) -> None:
    program = prepare(templates.new_sqlite(tmp_path), tmp_path, RUNNING_EDITOR)
    terminal = program.on_terminal("post", "create", "--edit")
    wait_for((tmp_path / "started").exists)
    assert terminate(terminal, signal_name) == EXIT_CODES[signal_name]
    finish(terminal, tmp_path)
    path = only_draft(tmp_path)
    if signal_name != "SIGKILL":
        assert terminal.shown.count(str(path)) == 1
        assert f"post create --recover {path.stem}" in terminal.shown
    cli = Cli(program.environ)
    assert cli.ok("post", "create", "--recover", "--field", "name").lines == [path.stem]


@pytest.mark.parametrize(
    ("engine", "signal_name"),
    [*(("sqlite", name) for name in EXIT_CODES), ("postgresql", "SIGTERM"), ("postgresql", "SIGKILL")],
)
def test_draft_is_kept_if_the_program_is_terminated_while_it_waits_for_a_lock(
    templates: Templates, tmp_path: Path, signal_name: str, engine: str
) -> None:
    url = templates.new(engine, tmp_path)
    program = prepare(url, tmp_path, EXITING_EDITOR)
    if engine == "sqlite":
        with closing(sqlite3.connect(url, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            exit_code = create_and_terminate(program, tmp_path, signal_name, lambda process: has_open(process, url))
    else:
        # The trigger lets the INSERT statement wait, so that the transaction is open when the program is terminated.
        execute(url, CREATE_WAIT)
        execute(url, "CREATE TRIGGER wait BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION wait()")
        exit_code = create_and_terminate(program, tmp_path, signal_name, lambda _: is_database_waiting(url))
    assert exit_code == EXIT_CODES[signal_name]
    only_draft(tmp_path)
    templates.drop(url)


@pytest.mark.postgresql
def test_draft_is_kept_if_the_program_is_killed_while_it_waits_for_the_commit(
    templates: Templates, tmp_path: Path
) -> None:
    url = templates.new("postgresql", tmp_path)
    program = prepare(url, tmp_path, EXITING_EDITOR)
    execute(url, CREATE_WAIT)
    execute(
        url,
        "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON posts DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION wait()",
    )
    assert create_and_terminate(program, tmp_path, "SIGKILL", lambda _: is_database_waiting(url)) == -9
    only_draft(tmp_path)
    templates.drop(url)


def test_draft_is_kept_if_the_terminal_closes_while_the_program_asks_a_question(
    templates: Templates, tmp_path: Path
) -> None:
    program = prepare(templates.new_sqlite(tmp_path), tmp_path, EXITING_EDITOR)
    (tmp_path / "document").write_text(DOCUMENT.replace("T", "T\nauthor: nobody"))
    terminal = program.on_terminal("post", "create", "--edit")
    terminal.answer("keep it in the file", "")
    terminal.process.send_signal(signal.SIGHUP)
    assert terminal.finish()[0] == 143
    (path,) = (tmp_path / ".local/state/blogcli/drafts").glob("*.md")
    assert path.read_text().endswith("an hour of work\n")


def test_ctrl_c_in_the_editor_does_not_terminate_the_program(templates: Templates, tmp_path: Path) -> None:
    wait_for_ctrl_c = (
        'trap \'interrupted=1\' INT; touch "$HOME/started"; while [ -z "$interrupted" ]; do sleep 0.05; done'
    )
    program = prepare(templates.new_sqlite(tmp_path), tmp_path, f'{wait_for_ctrl_c}; cp "$HOME/document" "$1"')
    terminal = program.on_terminal("post", "create", "--edit")
    wait_for((tmp_path / "started").exists)
    terminal.press("\x03")
    assert terminal.finish()[0] == 0, terminal.shown
    assert Cli(program.environ).json("post", "show", 1)["content"] == "an hour of work\n"


def create_and_terminate(
    program: Program, home: Path, signal_name: str, is_waiting: "Callable[[subprocess.Popen[bytes]], bool]"
) -> int:
    """Create a post, terminate the program while it waits for the database, and return its exit code."""
    terminal = program.on_terminal("post", "create", "--edit")
    wait_for((home / "started").exists)
    wait_for(lambda: is_waiting(terminal.process))
    exit_code = terminate(terminal, signal_name)
    finish(terminal, home)
    return exit_code


def is_database_waiting(url: str) -> bool:
    async def count_waiting() -> bool:
        connection = await asyncpg.connect(url)
        try:
            return bool(await connection.fetchval(COUNT_WAITING))
        finally:
            await connection.close()

    return asyncio.run(count_waiting())
