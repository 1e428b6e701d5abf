"""Commands with an editor, ended at each step: whatever ends them, the text is in a file."""

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
from tests.subprocesses import PATIENCE, Program, Terminal

EMAIL = "ann@example.org"
DOCUMENT = "---\ntitle: T\n---\nan hour of work\n"
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 143, "SIGKILL": -9}
# The editor writes, says that it has, and stays.
STAYING = (
    'cp "$HOME/document" "$1"; echo $$ > "$HOME/started.new"; mv "$HOME/started.new" "$HOME/started"; exec sleep 60'
)
ENDING = 'cp "$HOME/document" "$1"; touch "$HOME/started"'

SLEEPING = "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NEW; END'"
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"


def prepared(url: str, home: Path, editor: str) -> Program:
    """The program with an editor, and a blog with an author."""
    environ = environment(url, home) | {"BLOGCLI_AUTHOR": EMAIL, "EDITOR": str(home / "editor")}
    Cli(environ).ok("user", "create", EMAIL, "--generate-password")
    (home / "document").write_text(DOCUMENT)
    (home / "editor").write_text(f"#!/bin/sh\n{editor}\n")
    (home / "editor").chmod(0o755)
    return Program(environ)


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_in(process: "subprocess.Popen[bytes]", file: str) -> bool:
    """Whether the process has that file open."""
    with suppress(OSError):
        return any(str(link.readlink()) == file for link in Path(f"/proc/{process.pid}/fd").iterdir())
    return False


def end(terminal: Terminal, name: str) -> int:
    """End the program by that signal, Ctrl-C as a terminal sends it; its exit code."""
    if name == "SIGINT":
        terminal.press("\x03")
    else:
        terminal.process.send_signal(getattr(signal, name))
    return terminal.process.wait(PATIENCE)


def text_left(home: Path) -> Path:
    (path,) = (home / ".local/state/blogcli/drafts").glob("*.md")
    assert path.read_text() == DOCUMENT
    return path


def finish(terminal: Terminal, home: Path) -> None:
    """End an editor that outlived the program, and read what was shown."""
    with suppress(OSError, ValueError):
        os.kill(int((home / "started").read_text()), signal.SIGKILL)
    terminal.finish()


@pytest.mark.parametrize("name", CODES)
def test_text_stays_when_the_program_ends_while_the_editor_runs(
    templates: Templates, tmp_path: Path, name: str
) -> None:
    program = prepared(templates.new_sqlite(tmp_path), tmp_path, STAYING)
    terminal = program.on_terminal("post", "create", "--edit")
    wait_for((tmp_path / "started").exists)
    assert end(terminal, name) == CODES[name]
    finish(terminal, tmp_path)
    path = text_left(tmp_path)
    if name != "SIGKILL":
        assert terminal.shown.count(str(path)) == 1
        assert f"post create --recover {path.stem}" in terminal.shown
    cli = Cli(program.environ)
    assert cli.ok("post", "create", "--recover", "--field", "name").lines == [path.stem]


@pytest.mark.parametrize(
    ("engine", "name"), [*(("sqlite", name) for name in CODES), ("postgresql", "SIGTERM"), ("postgresql", "SIGKILL")]
)
def test_text_stays_when_the_program_ends_while_it_waits_for_a_lock(
    templates: Templates, tmp_path: Path, name: str, engine: str
) -> None:
    url = templates.new(engine, tmp_path)
    program = prepared(url, tmp_path, ENDING)
    if engine == "sqlite":
        with closing(sqlite3.connect(url, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            ended = write_and_end(program, tmp_path, name, lambda process: is_in(process, url))
    else:
        # Every insert waits longer than the test does.
        execute(url, SLEEPING)
        execute(url, "CREATE TRIGGER wait BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION wait()")
        ended = write_and_end(program, tmp_path, name, lambda _: is_asleep(url))
    assert ended == CODES[name]
    text_left(tmp_path)
    templates.drop(url)


def test_text_stays_when_the_program_is_killed_before_the_commit_is_answered(
    templates: Templates, tmp_path: Path
) -> None:
    url = templates.new("postgresql", tmp_path)
    program = prepared(url, tmp_path, ENDING)
    execute(url, SLEEPING)
    execute(
        url,
        "CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON posts DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION wait()",
    )
    assert write_and_end(program, tmp_path, "SIGKILL", lambda _: is_asleep(url)) == -9
    text_left(tmp_path)
    templates.drop(url)


def test_text_stays_when_the_program_is_asked_and_the_terminal_closes(templates: Templates, tmp_path: Path) -> None:
    program = prepared(templates.new_sqlite(tmp_path), tmp_path, ENDING)
    (tmp_path / "document").write_text(DOCUMENT.replace("T", "T\nauthor: nobody"))
    terminal = program.on_terminal("post", "create", "--edit")
    terminal.answer("leave it in the file", "")
    terminal.process.send_signal(signal.SIGHUP)
    assert terminal.finish()[0] == 143
    (path,) = (tmp_path / ".local/state/blogcli/drafts").glob("*.md")
    assert path.read_text().endswith("an hour of work\n")


def test_ctrl_c_in_the_editor_does_not_end_the_program(templates: Templates, tmp_path: Path) -> None:
    keeping = 'trap \'interrupted=1\' INT; touch "$HOME/started"; while [ -z "$interrupted" ]; do sleep 0.05; done'
    program = prepared(templates.new_sqlite(tmp_path), tmp_path, f'{keeping}; cp "$HOME/document" "$1"')
    terminal = program.on_terminal("post", "create", "--edit")
    wait_for((tmp_path / "started").exists)
    terminal.press("\x03")
    assert terminal.finish()[0] == 0, terminal.shown
    assert Cli(program.environ).json("post", "show", 1)["content"] == "an hour of work\n"


def write_and_end(
    program: Program, home: Path, name: str, is_waiting: "Callable[[subprocess.Popen[bytes]], bool]"
) -> int:
    """Write a post, and end the program when it waits for the database; its exit code."""
    terminal = program.on_terminal("post", "create", "--edit")
    wait_for((home / "started").exists)
    wait_for(lambda: is_waiting(terminal.process))
    code = end(terminal, name)
    finish(terminal, home)
    return code


def is_asleep(url: str) -> bool:
    async def ask() -> bool:
        connection = await asyncpg.connect(url)
        try:
            return bool(await connection.fetchval(ASLEEP))
        finally:
            await connection.close()

    return asyncio.run(ask())
