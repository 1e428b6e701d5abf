"""Stress tests of the program in separate processes: signals, terminals, pipes and closed streams."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from blogcli import __version__
from tests.command_line import Cli
from tests.databases import Templates
from tests.subprocesses import TOP, Program, wait_for_handler

EMAIL = "ann@example.org"

pytestmark = pytest.mark.stress


@pytest.fixture
def database(templates: Templates, tmp_path: Path) -> Path:
    return Path(templates.new_sqlite(tmp_path))


@pytest.fixture
def environ(database: Path, tmp_path: Path) -> dict[str, str]:
    """Return the variables PATH and HOME, as in a cron job, and BLOGCLI_DATABASE_URL for a SQLite database."""
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "BLOGCLI_DATABASE_URL": str(database)}


@pytest.fixture
def program(environ: dict[str, str]) -> Program:
    return Program(environ)


@pytest.fixture
def filled_blog(cli: Cli) -> Cli:
    """Return a `Cli` for a blog that has an author and many more posts than fit into the buffer of a pipe."""
    cli.ok("user", "create", EMAIL, "--no-password")
    cli.ok("db", "seed", "--force", "--posts", "300")
    return cli


@pytest.fixture
def lock(database: Path) -> Iterator[sqlite3.Connection]:
    """Yield a connection that has locked the database for writing, so that other writers have to wait."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def assert_intact(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.15])
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_signal_rolls_back(
    cli: Cli, program: Program, lock: sqlite3.Connection, name: str, code: int, pause: float
) -> None:
    process = program.start("tag", "create", "python")
    wait_for_handler(process, signal.SIGTERM)
    # The second signal arrives while the first signal is being handled.
    process.send_signal(getattr(signal, name))
    time.sleep(pause)
    process.send_signal(getattr(signal, name))
    # The database is still locked. Without the signal, the process would wait for the lock longer than 20 seconds.
    _, stderr = process.communicate(timeout=20)
    lock.execute("ROLLBACK")
    assert process.returncode == code
    assert stderr.decode() == f"Error: {'Terminated' if name == 'SIGTERM' else 'Interrupted'}; nothing was changed\n"
    assert cli.ok("tag", "list").stdout == ""


def test_ctrl_c_during_start_prints_no_traceback(program: Program) -> None:
    code = """
import sys, blogcli.__main__
class Interrupted:
    def find_spec(name, path, target=None):
        if name == "blogcli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted)
blogcli.__main__.start()
"""
    python = [sys.executable, "-c", code, "tag", "list"]
    run = subprocess.run(python, cwd=TOP, env=program.environ, capture_output=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (130, b"", b"")


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "tsv", "yaml", "table"])
def test_closed_pipe_is_not_an_error(filled_blog: Cli, program: Program, format_: str) -> None:
    whole = filled_blog.ok("post", "list", "--format", format_).stdout
    assert len(whole) > 20_000
    seen = program.shell(f"blogcli post list --format {format_} | head -1")
    assert (seen.returncode, seen.stderr) == (0, "")
    assert seen.stdout.splitlines() == whole.splitlines()[:1]


@pytest.mark.parametrize("line", ["post list", "post list --format json", "--version", "--help", "db status"])
def test_full_disk_is_reported_in_one_line(filled_blog: Cli, program: Program, line: str) -> None:
    run = program.shell(f"blogcli {line} > /dev/full")
    assert (run.returncode, run.stderr) == (1, "Error: Cannot write the output: No space left on device\n")


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_signal_ends_long_list(filled_blog: Cli, program: Program, name: str, code: int) -> None:
    # The process cannot end by itself, because its output does not fit into the buffer of the pipe.
    process = program.start("post", "list", "--format", "jsonl")
    assert process.stdout
    assert process.stdout.read(1) == b"{"
    process.send_signal(getattr(signal, name))
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == code, stderr
    assert b"Traceback" not in stderr


def test_exit_code_is_kept_if_error_cannot_be_printed(cli: Cli, program: Program) -> None:
    assert program.shell("blogcli tag show python 2> /dev/full").returncode == 5
    assert program.shell("blogcli tag create python 2> /dev/full").returncode == 0
    cli.ok("tag", "exists", "python")


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_damage_database(cli: Cli, program: Program, database: Path, closed: str) -> None:
    """Run commands with closed streams. If the database file had descriptor 1 or 2, messages would overwrite it."""
    assert program.shell(f"blogcli tag create python {closed}").returncode == 0
    assert program.shell(f"blogcli tag create python {closed}").returncode == 6
    assert program.shell(f"blogcli tag psot {closed}").returncode == 2
    assert program.shell(f"blogcli --version {closed}").returncode == 0
    assert cli.ok("tag", "list", "--field", "name").lines == ["python"]
    assert_intact(database)


def test_commands_work_without_terminal_and_locale(filled_blog: Cli, program: Program) -> None:
    created = program("tag", "create", "夜行列車")
    assert (created.returncode, created.stdout.strip().isdigit()) == (0, True)
    deleted = program("tag", "delete", "夜行列車")
    assert (deleted.returncode, deleted.stderr.count(b"\n")) == (4, 2)
    assert b"\x1b" not in program("post", "list").stdout
    assert program("user", "create", "bob@example.org").returncode == 2
    filled_blog.ok("tag", "exists", "夜行列車")


def test_list_on_terminal_is_table(filled_blog: Cli, program: Program) -> None:
    terminal = program.on_terminal("post", "list", "--limit", "5", "--no-pager")
    code, _ = terminal.finish()
    assert code == 0
    assert "\x1b[" in terminal.shown
    assert all(name in terminal.shown.lower() for name in ("title", "status", "author"))
    plain = program("post", "list", "--limit", "5").stdout.decode()
    assert "\t" in plain
    assert "\t" not in terminal.shown


def test_password_is_requested_twice_without_echo(cli: Cli, program: Program) -> None:
    terminal = program.on_terminal("user", "create", EMAIL, "--password", pipe_stdout=True)
    terminal.answer("Password (8 to 1,024 characters): ", "correct horse battery")
    terminal.answer("Repeat the password: ", "correct horse battery")
    code, piped = terminal.finish()
    assert code == 0
    assert piped == cli.ok("user", "show", EMAIL, "--field", "id").stdout
    assert "correct horse" not in terminal.shown
    checked = cli("user", "check-password", EMAIL, "--password-stdin", stdin="correct horse battery\n")
    assert checked.exit_code == 0


def test_different_passwords_create_no_user(cli: Cli, program: Program) -> None:
    terminal = program.on_terminal("user", "create", EMAIL, "--password")
    terminal.answer("Password (8 to 1,024 characters): ", "correct horse battery")
    terminal.answer("Repeat the password: ", "correct horse batteries")
    assert terminal.finish()[0] == 7
    assert cli("user", "exists", EMAIL).exit_code == 5


@pytest.mark.parametrize(("answer", "code", "remaining"), [("y", 0, ""), ("n", 4, "python\n"), ("", 4, "python\n")])
def test_confirmation_is_requested_on_terminal_if_stdout_is_pipe(
    cli: Cli, program: Program, answer: str, code: int, remaining: str
) -> None:
    number = cli.ok("tag", "create", "python").stdout
    terminal = program.on_terminal("tag", "delete", "python", pipe_stdout=True)
    terminal.answer("[y/N]", answer)
    assert terminal.finish() == (code, "" if code else number)
    assert "Delete python" in terminal.shown
    assert cli.ok("tag", "list", "--field", "name").stdout == remaining


@pytest.mark.parametrize(
    "variables",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_data_is_utf_8_in_every_locale(cli: Cli, program: Program, variables: dict[str, str]) -> None:
    cli.ok("tag", "create", "写真", "Größe")
    assert program("tag", "list", "--field", "name", **variables).stdout.decode().split() == ["Größe", "写真"]
    names = json.loads(program("tag", "list", "--format", "json", **variables).stdout)
    assert [tag["name"] for tag in names] == ["Größe", "写真"]
    renamed = program("tag", "rename", "id:1", "plain", **variables)
    assert (renamed.returncode, b"Traceback" in renamed.stderr) == (0, False)


def test_files_in_working_directory_are_not_executed(program: Program, cli: Cli, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    (folder / "multiprocessing").mkdir(parents=True)
    for name in ("multiprocessing/__init__", "json", "typing", "sqlite3", "asyncio", "typer", "alembic", "sqlalchemy"):
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')")
    (folder / "post.md").write_text("---\ntitle: Post\n---\ntext")
    # The program is started with `python -m`, because `python -m` searches the working directory for modules.
    module = [sys.executable, "-m", "blogcli", "import", "markdown", "."]
    run = subprocess.run(module, cwd=folder, env=program.environ, capture_output=True, check=False)
    assert run.returncode == 0, run.stderr
    assert not (tmp_path / "executed").exists()


def test_script_and_module_print_version(program: Program) -> None:
    module = [sys.executable, "-m", "blogcli", "--version"]
    completed = subprocess.run(module, cwd=TOP, env=program.environ, capture_output=True, check=True)
    assert completed.stdout == program("--version").stdout == f"blogcli {__version__}\n".encode()


def test_config_files_that_several_commands_change_keep_all_changes(program: Program, tmp_path: Path) -> None:
    values = {"author": EMAIL, "timezone": "UTC", "format": "json", "backup_folder": "/b", "database_url": "blog.db"}
    processes = [program.start("config", "set", name, value) for name, value in values.items()]
    assert [process.communicate() and process.returncode for process in processes] == [0] * len(values)
    settings = tomllib.loads((tmp_path / ".config" / "blogcli" / "config.toml").read_text())
    assert settings == {"default": values}
