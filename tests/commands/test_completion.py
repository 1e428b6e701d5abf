"""Tests of the candidates that `blogcli completion candidates` prints and that a real bash inserts."""

import json
import os
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from blogcli.completion import cache
from tests.command_line import Cli, environment
from tests.databases import Templates, settings_for
from tests.snapshots import cli_snapshot
from tests.subprocesses import SCRIPT, TIMEOUT, Program, Terminal

ANN, BOB = "ann@example.org", "bob@example.com"
HOSTILE = ["open source", "it's", "$(touch pwned)", "a*b", "c++", 'say "hi"', "back\\slash", "データベース"]


def fill(cli: Cli) -> None:
    for email in (ANN, BOB):
        cli.ok("user", "create", email, "--no-password")
    cli.ok("tag", "create", "Python", "PyPI", *HOSTILE)
    cli.ok("post", "create", "--title", "Hello world", "--author", ANN, "--content", "x")
    cli.ok("post", "create", "--title", "Help wanted", "--author", BOB, "--content", "x")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create two users with one post each, and tags whose names contain characters that are special in a shell."""
    fill(cli)


@pytest.fixture
def file_blog(templates: Templates, tmp_path: Path) -> Cli:
    """Create a blog on SQLite with the content of the fixture `blog`, and return its CLI."""
    cli = Cli(environment(templates.new_sqlite(tmp_path), tmp_path))
    fill(cli)
    return cli


def candidates(cli: Cli, *words: str) -> list[str]:
    """Return the candidates for the last word of a command line, without their descriptions."""
    if not cli.url.endswith(".db"):
        cli.ok("completion", "refresh")
    result = cli("completion", "candidates", "zsh", "--", "blogcli", *words)
    assert (result.exit_code, result.stderr) == (0, "")
    return [line.partition("\t")[0] for line in result.lines]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["po"], ["post"]),
        (["post", "publish-"], ["publish-due"]),
        (["post", "list", "--not"], ["--not-tag"]),
        (["post", "list", "--tag", "Py"], ["PyPI", "Python"]),
        (["post", "list", "--tag", "py"], ["pyPI", "python"]),
        (["post", "list", "--tag=open"], ["open source"]),
        (["post", "list", "--author", "a"], [ANN]),
        (["post", "list", "--author", ""], [ANN, BOB]),
        (["post", "list", "--status", "p"], ["published"]),
        (["post", "list", "--format", "j"], ["json", "jsonl"]),
        (["post", "list", "--sort", "t"], ["title", "trashed_at"]),
        (["post", "list", "--fields", "id,u"], ["id,uuid", "id,updated_at"]),
        (["post", "list", "--in", "title,c"], ["title,content"]),
        (["post", "show", "--fields", "e"], ["excerpt", "expires_at", "extra"]),
        (["tag", "list", "--fields", "p"], ["posts"]),
        (["db", "status", "--field", "s"], ["size", "server", "source"]),
        (["post", "show", "hel"], ["hello-world", "help-wanted"]),
        (["post", "show", "help-wanted", "slug:hello"], ["slug:hello-world"]),
        (["tag", "merge", "a*b", "c"], ["c++"]),
        (["user", "show", "b"], [BOB]),
        (["user", "delete", BOB, "--reassign-to", "a"], [ANN]),
        (["post", "list", "--tag", "データ"], ["データベース"]),
        (["post", "list", "--tag", "no such"], []),
        (["post", "tag", "add", "Py"], ["PyPI", "Python"]),
        (["post", "tag", "remove", "x,py"], ["x,pyPI", "x,python"]),
        (["post", "tag", "set", "python,Py"], ["python,PyPI"]),
        (["post", "tag", "add", "x,open"], ["x,open source"]),
        (["post", "update", "a", "--set-tags", "c"], ["c++"]),
        (["post", "update", "a", "--set-tags=c++,PyP"], ["c++,PyPI"]),
        (["post", "update", "a", "--add-tag", "c"], ["c++"]),
        (["post", "list", "--sort", "-t"], ["-title", "-trashed_at"]),
        (["tag", "list", "--sort=-p"], ["-posts"]),
        (["tag", "list", "--u"], ["--unused"]),
        (["stats", "posts", "--by", "m"], ["month"]),
        (["nonsense", "x"], []),
        (["post", "nonsense", "x"], []),
    ],
    ids=" ".join,
)
def test_candidates_are_names_options_and_values(blog: Cli, words: list[str], values: list[str]) -> None:
    assert sorted(candidates(blog, *words)) == sorted(values)


def test_candidates_use_global_options(file_blog: Cli, tmp_path: Path) -> None:
    url = file_blog.environ.pop("BLOGCLI_DATABASE_URL")
    config = tmp_path / "config.toml"
    config.write_text(f"[profiles.mine]\ndatabase_url = {json.dumps(url)}\n")
    words = ("completion", "candidates", "zsh", "--", "blogcli")
    assert file_blog(*words, "tag", "show", "c").stdout == ""
    assert file_blog(*words, "--database-url", url, "tag", "show", "c").stdout == "c++\n"
    assert file_blog(*words, "--config", str(config), "--profile", "mine", "tag", "show", "c").stdout == "c++\n"
    assert file_blog(*words, "--config", str(config), "--profile", "yours", "tag", "show", "c").stdout == ""


def test_candidates_for_profile_are_read_from_config_file(cli: Cli, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[profiles.live]\n[profiles.local]\n[profiles.test]\n")
    words = ("completion", "candidates", "zsh", "--", "blogcli")
    assert cli(*words, "--config", str(config), "--profile", "l").lines == ["live", "local"]
    assert cli(*words, "--profile", "", BLOGCLI_CONFIG=str(config)).lines == ["live", "local", "test"]
    for invalid_text in ("profiles = 7", "no TOML"):
        config.write_text(invalid_text)
        assert cli(*words, "--config", str(config), "--profile", "").stdout == ""
    assert cli(*words, "--profile", "").stdout == ""


def test_candidates_include_new_tag(cli: Cli) -> None:
    assert candidates(cli, "tag", "show", "") == []
    cli.ok("tag", "create", "fresh")
    assert candidates(cli, "tag", "show", "") == ["fresh"]


@pytest.mark.parametrize("url", ["missing.db", "garbage.db", "old.db", "sqlite://", "postgresql://", "x\udcff.db"])
def test_candidates_without_database_are_empty(tmp_path: Path, url: str) -> None:
    (tmp_path / "garbage.db").write_bytes(b"not a database" * 100)
    sqlite3.connect(tmp_path / "old.db").close()
    if url.endswith(".db"):
        url = str(tmp_path / url)
    program = Program({"PATH": os.environ["PATH"], "HOME": str(tmp_path), "BLOGCLI_DATABASE_URL": url})
    process = program("completion", "candidates", "zsh", "--", "blogcli", "tag", "show", "")
    assert (process.returncode, process.stdout, process.stderr) == (0, b"", b"")
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize("arguments", [[], ["bash"], ["bash", "--"], ["zsh", "--", "blogcli"], ["bash", "--", "b 'x"]])
def test_candidates_with_invalid_arguments_are_empty(cli: Cli, arguments: list[str]) -> None:
    result = cli("completion", "candidates", *arguments)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_candidates_do_not_wait_for_writer(file_blog: Cli) -> None:
    writer = sqlite3.connect(file_blog.url, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    assert candidates(file_blog, "tag", "show", "c") == ["c++"]
    writer.close()


@pytest.mark.postgresql
def test_candidates_on_server_are_cached_in_background(templates: Templates, tmp_path: Path) -> None:
    url = templates.new_postgresql(template=templates.database)
    program = Program({"PATH": os.environ["PATH"], "HOME": str(tmp_path), "BLOGCLI_DATABASE_URL": url})
    assert program("tag", "create", "python").returncode == 0
    command = ("completion", "candidates", "fish", "--", "blogcli", "tag", "show", "py")
    assert program(*command).stdout == b""
    end = time.monotonic() + TIMEOUT
    while (output := program(*command).stdout) == b"" and time.monotonic() < end:
        time.sleep(0.1)
    assert output == b"python\n"
    (file,) = (tmp_path / ".cache" / "blogcli").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    templates.drop(url)


def test_cache_refresh_imports_nothing_from_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def record_process(*args: Any, **kwargs: Any) -> Any:
        processes.append(popen(*args, **kwargs))
        return processes[-1]

    (tmp_path / "blogcli").mkdir()
    for name in ("blogcli/__init__", "blogcli/__main__", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w')")
    monkeypatch.setattr(subprocess, "Popen", record_process)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".cache"))
    monkeypatch.chdir(tmp_path)
    assert cache.cached_names("tags", settings_for("postgresql://127.0.0.1:1/blog")) == []
    assert [process.wait(TIMEOUT) for process in processes] == [69]
    assert not (tmp_path / "executed").exists()


def test_cache_with_invalid_content_is_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    settings = settings_for("postgresql://ann@localhost:1/blog")
    cache.store_names({"tags": ["python"]}, settings)
    assert cache.cached_names("tags", settings) == ["python"]
    (file,) = (tmp_path / "blogcli").iterdir()
    for invalid_text in ('{"tags": [1, null]}', '{"tags": 7}', "[]"):
        file.write_text(invalid_text)
        assert cache.cached_names("tags", settings) == []


class Bash:
    """An interactive bash on a terminal, in which completion is set up as docs/completion.md describes."""

    def __init__(self, url: str, home: Path) -> None:
        rc = home / "bashrc"
        rc.write_text('PS1="$ "\neval "$(blogcli completion bash)"\n')
        path = f"{SCRIPT.parent}:{os.environ['PATH']}"
        environ = {"PATH": path, "HOME": str(home), "BLOGCLI_DATABASE_URL": url, "TERM": "dumb", "LC_ALL": "C.UTF-8"}
        bash = ["/bin/bash", "--noprofile", "--rcfile", str(rc), "-i"]
        self._terminal = Terminal(bash, environ | {"INPUTRC": "/dev/null"}, pipe_stdout=True)

    def words_after_tab(self, *lines: str) -> list[list[str]]:
        """Type each line and press Tab, and return the words into which bash splits each completed line."""
        for line in lines:
            # Ctrl-A moves the cursor to the start of the line. The command printf, which is inserted there, prints the
            # words of the line.
            self._terminal.press(f"{line}\t\x01printf '<%s>' \necho\n")
        self._terminal.press("exit\n")
        _, printed = self._terminal.finish()
        return [line.removeprefix("<").removesuffix(">").split("><") for line in printed.splitlines()]


def test_bash_tab_completes_words(file_blog: Cli, tmp_path: Path) -> None:
    bash = Bash(file_blog.url, tmp_path)
    words_by_line = {
        "blogcli pos": ["post"],
        "blogcli post list --not": ["post", "list", "--not-tag"],
        "blogcli post list --status=sch": ["post", "list", "--status=scheduled"],
        "blogcli user show bob@exa": ["user", "show", BOB],
        "blogcli post show slug:hel": ["post", "show", "slug:hel"],
        "blogcli post show slug:hello": ["post", "show", "slug:hello-world"],
        "blogcli tag show open": ["tag", "show", "open source"],
        'blogcli tag show "open': ["tag", "show", "open source"],
        "blogcli tag show it": ["tag", "show", "it's"],
        "blogcli tag show \\$": ["tag", "show", "$(touch pwned)"],
        "blogcli tag show a": ["tag", "show", "a*b"],
        "blogcli tag show say": ["tag", "show", 'say "hi"'],
        "blogcli tag show back": ["tag", "show", "back\\slash"],
        "blogcli post list --config bash": ["post", "list", "--config", "bash"],
    }
    assert bash.words_after_tab(*words_by_line) == [["blogcli", *words] for words in words_by_line.values()]
    assert not list(tmp_path.glob("**/pwned"))
