"""Tests that no password appears in output, files, the journal, arguments or variables of processes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from blogcli.completion import cache
from blogcli.errors import ExitCode
from tests.command_line import Cli, environment
from tests.databases import Templates, fetch, settings_for
from tests.subprocesses import SCRIPT, TIMEOUT

SECRET = "hunter2swordfish"  # noqa: S105 - the tests search for this password in all output
# Logins and parameters of a PostgreSQL URL, with the secret in every place where a URL can contain a password. The URL
# works, because the server of the tests accepts every password.
VALID_URLS = {
    "login": ("postgres:a%40{s}%2F%3A x@", ""),
    "token": ("postgres:" + "A" * 300 + "{s}@", "&passfile={f}"),
    "parameters": ("postgres@", "&pass%77ord=a {s}&sslpassword={s}"),
}
INVALID_URLS = [
    "postgresql://postgres:{s}@127.0.0.1:1/blog",
    "postgresql://postgres:{s}@127.0.0.1:1,127.0.0.1:2/blog?password={s}",
    "postgresql://postgres:{s}@x/y@127.0.0.1:1/blog",
    "postgresql://postgres:{s}?x@127.0.0.1:1/blog",
    "postgresql://postgres:{s}#x@127.0.0.1:1/blog",
    "postgresql://postgres:{s}@127.0.0.1:99999/blog",
    "postgresql://postgres:{s}@[::1/blog",
    "postgresql://127.0.0.1:1/blog?password={s}&connect_timeout=x",
    "postgresql://127.0.0.1:1/blog?password={s}&nonsense",
    "postgre://postgres:{s}@127.0.0.1:1/blog",
    "postgresql:/postgres:{s}@127.0.0.1:1/blog",
    "host=127.0.0.1 user=postgres password='a {s}'",
    "postgres:{s}@127.0.0.1:1/blog",
]
ANN = ("--author", "ann@example.org")
_POST = {"type": "post", "uuid": "5e1f7c1e-0000-4000-8000-000000000001", "title": "Imported", "content": "words"}
JSONL = "".join(f"{json.dumps(line)}\n" for line in ({"type": "blogcli", "version": 1}, _POST))


class Step(NamedTuple):
    """A command line, its exit code, its input, and whether it runs on a terminal."""

    arguments: tuple[str, ...]
    exit_code: ExitCode = ExitCode.DONE
    stdin: str = f"{SECRET}\n"
    terminal: bool = False


# Commands that succeed or fail. Unless they need other input, the first line of stdin is the secret.
STEPS = [
    Step(("user", "create", "ann@example.org", "--password-stdin")),
    Step(("user", "check-password", "ann@example.org", "--password-stdin")),
    Step(("user", "create", "ann@example.org", "--password-stdin"), ExitCode.CONFLICT),
    Step(("post", "create", "--title", "Hello", *ANN, "--content", "x")),
    Step(("post", "create", "--title", "Draft", *ANN, "--edit"), ExitCode.FAILED, terminal=True),
    Step(("post", "show", "hello", "--rendered"), terminal=True),
    Step(("post", "show", "missing", "--format", "json"), ExitCode.NOT_FOUND),
    Step(("post", "list", "--nonsense"), ExitCode.USAGE),
    Step(("post", "delete", "--all", "--purge"), ExitCode.NOT_CONFIRMED, terminal=True),
    Step(("batch", "-"), ExitCode.USAGE),
    Step(("batch", "-"), stdin="tag create python\npost tag add python hello\n"),
    Step(("db", "status")),
    Step(("db", "upgrade")),
    Step(("import", "jsonl", "-"), ExitCode.INVALID),
    Step(("import", "jsonl", "-", *ANN), stdin=JSONL),
    Step(("undo", "--dry-run"), terminal=True),
    Step(("undo", "--yes"), terminal=True),
    Step(("log", "--format", "json")),
    Step(("log", "show", "1", "--format", "json")),
]


def with_password(url: str, form: str, passfile: Path) -> str:
    """Return a PostgreSQL URL that contains the secret in one of the forms of VALID_URLS."""
    login, parameters = (part.format(s=SECRET, f=passfile) for part in VALID_URLS[form])
    return re.sub(r"//[^@]*@", f"//{login}", url) + parameters


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Create a home directory with an editor and a pager that log their variables and arguments."""
    home = tmp_path / "home"
    home.mkdir()
    script = home / "program"
    script.write_text(f'#!/bin/sh\n{{ env; echo "$@"; }} >> {home}/log\ncat > /dev/null\nexit 1\n')
    script.chmod(0o700)
    return home


@pytest.fixture
def passfile(tmp_path: Path) -> Path:
    path = tmp_path / "pgpass"
    path.write_text(f"*:*:*:*:{SECRET}\n")
    path.chmod(0o600)
    return path


def configured(home: Path, tmp_path: Path, url: str) -> Cli:
    """Return a `Cli` whose database is configured by the profile `live` of a config file, with a hook."""
    config = tmp_path / "config.toml"
    hooks = f"[hooks]\nafter_change = {json.dumps(f'env >> {home}/log')}\n"
    config.write_text(f"[profiles.live]\ndatabase_url = {json.dumps(url)}\n{hooks}")
    environ = environment(url, home) | {"BLOGCLI_CONFIG": str(config), "BLOGCLI_PROFILE": "live"}
    del environ["BLOGCLI_DATABASE_URL"]
    return Cli(environ | {"EDITOR": str(home / "program"), "PAGER": str(home / "program")})


def run_all(cli: Cli, *options: str) -> None:
    """Run all steps with the options, and check their exit codes and their output."""
    for step in STEPS:
        result = cli(*options, *step.arguments, stdin=step.stdin, terminal=step.terminal)
        assert result.exit_code == step.exit_code, (step, result.stderr)
        # The error of a batch names the first word of a line that is no command.
        is_named = (step.arguments, step.stdin) == (("batch", "-"), f"{SECRET}\n")
        assert SECRET not in result.stdout, step
        assert is_named or SECRET not in result.stderr, (step, result.stderr)


def assert_no_secret_in(folder: Path) -> None:
    for path in folder.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


def rows_of(url: str) -> Iterator[str]:
    for (table,) in fetch(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for (row,) in fetch(url, f'SELECT t::text FROM "{table}" AS t'):  # noqa: S608 - the name is that of a table
            yield row


@pytest.mark.postgresql
@pytest.mark.parametrize(("form", "is_option"), [("token", True), ("parameters", True), ("login", False)])
def test_password_of_url_appears_nowhere(
    templates: Templates, home: Path, tmp_path: Path, passfile: Path, form: str, is_option: bool
) -> None:
    plain = templates.new_postgresql(template=templates.database)
    url = with_password(plain, form, passfile)
    cli = configured(home, tmp_path, "unused.db" if is_option else url)
    run_all(cli, "--debug", *(["--database-url", url] if is_option else []))
    assert (home / "log").exists()
    assert_no_secret_in(home)
    assert SECRET not in "".join(rows_of(plain))
    templates.drop(plain)


def test_password_of_user_appears_nowhere(templates: Templates, home: Path, tmp_path: Path) -> None:
    cli = configured(home, tmp_path, templates.new_sqlite(home))
    run_all(cli, "--verbose")
    assert (home / "log").exists()
    assert_no_secret_in(home)


@pytest.mark.parametrize("text", INVALID_URLS)
def test_password_of_invalid_url_is_not_printed(home: Path, tmp_path: Path, text: str) -> None:
    url = text.format(s=SECRET)
    for options in (("--debug", "--database-url", url), ("--debug",)):
        cli = configured(home, tmp_path, "unused.db" if len(options) > 1 else url)
        for command in (("post", "list"), ("db", "status", "--format", "json"), ("tag", "delete", "x")):
            result = cli(*options, *command, PGPASSWORD=SECRET)
            assert result.exit_code in (69, 78, 4, 75)
            assert SECRET not in result.stdout + result.stderr
    assert_no_secret_in(home)


@pytest.mark.postgresql
@pytest.mark.parametrize("source", ["option", "profile", "default", "variable"])
def test_hook_uses_database_without_password_in_environment(
    templates: Templates, home: Path, tmp_path: Path, passfile: Path, source: str
) -> None:
    plain = templates.new_postgresql(template=templates.database)
    url = with_password(plain, "login", passfile)
    cli = configured(home, tmp_path, "unused.db" if source in ("option", "variable") else url)
    config = Path(cli.environ["BLOGCLI_CONFIG"])
    log = f"{sys.executable} -m blogcli tag list --field name > {home}/tags; env > {home}/log"
    text = re.sub(r"after_change = .*", lambda _: f"after_change = {json.dumps(log)}", config.read_text())
    config.write_text(text.replace("profiles.live", "default") if source == "default" else text)
    options = {"option": ["--database-url", url], "profile": ["--profile", "live", "--config", str(config)]}
    variables = {"BLOGCLI_DATABASE_URL": {"variable": url, "profile": "other.db"}.get(source, "")}
    if source in ("profile", "default"):
        variables["BLOGCLI_PROFILE"] = ""
    result = cli(*options.get(source, []), "tag", "create", "python", terminal=False, **variables)
    assert (result.exit_code, result.stderr) == (0, "Created tag 1 (python).\n")
    assert (home / "tags").read_text() == "python\n"
    assert (SECRET in (home / "log").read_text()) == (source == "variable")
    templates.drop(plain)


def test_refresh_of_completion_receives_url_on_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    popen = subprocess.Popen
    processes: list[subprocess.Popen[bytes]] = []

    def inspect_process(*args: object, **kwargs: object) -> "subprocess.Popen[bytes]":
        process = popen(*args, **kwargs)  # type: ignore[call-overload]  # the arguments of the program under test
        # The process waits for the URL on stdin, so it still runs.
        assert SECRET not in read_process(process.pid)
        processes.append(process)
        return process  # type: ignore[no-any-return]  # the type of the call is unknown

    monkeypatch.setattr(subprocess, "Popen", inspect_process)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    url = f"postgresql://ann:{SECRET}@127.0.0.1:1/blog"
    assert cache.cached_names("tags", settings_for(url)) == []
    assert [process.wait(TIMEOUT) for process in processes] == [69]
    assert_no_secret_in(tmp_path)


def read_process(pid: int) -> str:
    """Return the arguments and the environment variables of a process, or an empty text if it has ended."""
    with suppress(OSError):
        return "".join(Path(f"/proc/{pid}/{name}").read_bytes().decode() for name in ("cmdline", "environ"))
    return ""


def children_of(pid: int) -> list[int]:
    """Return the processes that a process has started, and the processes that these have started."""
    children: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children += map(int, (task / "children").read_text().split())
    return [*children, *(grandchild for child in children for grandchild in children_of(child))]


@contextmanager
def running(cli: Cli, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the installed program, and kill it at the end of the block unless it has ended."""
    process = subprocess.Popen(
        [SCRIPT, *arguments], env=cli.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(TIMEOUT)


@pytest.mark.postgresql
def test_workers_of_import_receive_no_password(
    templates: Templates, home: Path, tmp_path: Path, passfile: Path
) -> None:
    plain = templates.new_postgresql(template=templates.database)
    cli = configured(home, tmp_path, with_password(plain, "login", passfile))
    lines: list[dict[str, object]] = [{"type": "blogcli", "version": 1}]
    extra = {"text": "x" * 200_000}
    lines += [{"type": "post", "uuid": str(uuid4()), "title": "T", "extra": extra} for _ in range(40)]
    source = tmp_path / "posts.jsonl"
    source.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    cli.ok("user", "create", ANN[1], "--no-password")
    seen: dict[int, str] = {}
    with running(cli, "import", "jsonl", str(source), *ANN) as process:
        while process.poll() is None:
            for pid in (process.pid, *children_of(process.pid)):
                seen[pid] = read_process(pid) or seen.get(pid, "")
                assert SECRET not in seen[pid]
    assert process.returncode == 0
    assert str(source) in seen[process.pid]
    # With one core, the program starts no workers.
    if len(os.sched_getaffinity(0)) > 1:
        assert any("multiprocessing.spawn" in text for text in seen.values())
    templates.drop(plain)
