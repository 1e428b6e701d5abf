"""Tests of `blogcli batch`."""

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from blogcli.cli.input_lines import MAX_LINE
from tests.command_line import Cli
from tests.databases import execute, fetch
from tests.snapshots import cli_snapshot
from tests.subprocesses import SCRIPT, TIMEOUT

EMAIL = "ann@example.org"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Fill the blog with three posts."""
    cli.ok("user", "create", EMAIL, "--no-password")
    for title in ("One", "Two", "Three"):
        cli.ok("post", "create", "--title", title, "--author", EMAIL, "--content", "Some words")


def titles(cli: Cli) -> list[str]:
    return cli.ok("post", "list", "--sort", "id", "--field", "title").lines


def operations(cli: Cli) -> list[tuple[str, str]]:
    """Return the verb and the command of each operation in the journal."""
    rows = fetch(cli.url, "SELECT verb, command FROM journal_operations ORDER BY id")
    return [(verb, command) for verb, command in rows]


def lines_of(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def test_batch_runs_each_line_as_command_of_its_own(blog: Cli) -> None:
    before = operations(blog)
    lines = ("post update 1 --title 'New one'", "", "# Comment", "blogcli tag create python # why", "post publish 2")
    result = blog.ok("batch", stdin=lines_of(*lines))
    assert result.lines == ["1", "1", "2"]
    assert result.stderr.splitlines() == [
        "Updated post 1 (one).",
        "Created tag 1 (python).",
        "Published post 2 (two).",
        "Ran 3 commands.",
    ]
    assert operations(blog)[len(before) :] == [
        ("post update", "post update 1 --title 'New one'"),
        ("tag create", "tag create python"),
        ("post publish", "post publish 2"),
    ]
    assert titles(blog) == ["New one", "Two", "Three"]


def test_batch_prints_what_each_command_prints_alone(blog: Cli) -> None:
    commands = [
        ("post", "list", "--format", "json"),
        ("post", "show", "1", "--format", "jsonl"),
        ("stats", "overview", "--format", "csv"),
        ("post", "search", "words", "--field", "slug"),
        ("user", "list", "--format", "yaml"),
        ("export", "jsonl", "-"),
        ("post", "list", "--help"),
        ("--version",),
    ]
    alone = [blog.ok(*words) for words in commands]
    result = blog.ok("--quiet", "batch", stdin=lines_of(*(" ".join(words) for words in commands)))
    assert result.stdout == "".join(run.stdout for run in alone)


def test_batch_reads_file(blog: Cli, tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(b"\xef\xbb\xbfpost update 1 --title 'A \"b\" \\ c'\r\n\r\npost update 2 --title caf\xc3\xa9")
    blog.ok("batch", str(path))
    assert titles(blog) == ['A "b" \\ c', "café", "Three"]


def test_batch_stops_at_first_failure(blog: Cli) -> None:
    lines = ("post update 1 --title A", "# Comment", "post update 99 --title B", "post update 2 --title C")
    result = blog("batch", stdin=lines_of(*lines))
    assert result.exit_code == 5
    assert result.stdout == "1\n"
    assert result.stderr.splitlines() == [
        "Updated post 1 (one).",
        "Error: line 3: No such post: 99",
        "Stopped at line 3; 1 succeeded before.",
    ]
    assert titles(blog) == ["A", "Two", "Three"]


def test_keep_going_runs_all_lines_and_returns_highest_exit_code(blog: Cli) -> None:
    lines = ("post show 99 --format json", "tag create ''", "post exists 98", "post update 2 --title C")
    result = blog("batch", "--keep-going", stdin=lines_of(*lines))
    assert result.exit_code == 5
    errors = result.stderr.splitlines()
    assert json.loads(errors[0])["error"]["message"] == "line 1: No such post: 99"
    assert errors[1] == "Error: line 2: The value of NAME is empty"
    assert errors[-2:] == ["Updated post 2 (two).", "Ran 4 commands; 3 failed."]
    assert titles(blog) == ["One", "C", "Three"]


def test_atomic_batch_is_one_operation(blog: Cli) -> None:
    before = operations(blog)
    lines = (
        "post update 1 --title A",
        "tag create python",
        "post tag add python 2",
        "post list --tag python --field title",
        f"post create --title Four --author {EMAIL} --content x --if-not-exists --key k",
    )
    result = blog.ok("batch", "--atomic", "-", stdin=lines_of(*lines))
    assert result.lines == ["1", "1", "2", "Two", "4"]
    assert operations(blog)[len(before) :] == [("batch", "batch --atomic -")]
    assert titles(blog) == ["A", "Two", "Three", "Four"]
    assert blog.ok("db", "check").stdout == ""


def test_atomic_batch_is_rolled_back_at_first_failure(blog: Cli) -> None:
    before = operations(blog)
    lines = ("post update 1 --title A", "tag create python", "post update 99 --title B", "tag create sqlite")
    result = blog("batch", "--atomic", stdin=lines_of(*lines))
    assert result.exit_code == 5
    assert result.stderr.splitlines()[-2:] == [
        "Error: line 3: No such post: 99",
        "Stopped at line 3; nothing was changed.",
    ]
    assert operations(blog) == before
    assert titles(blog) == ["One", "Two", "Three"]
    assert blog.ok("tag", "list").stdout == ""


def test_error_of_database_rolls_back_atomic_batch(blog: Cli) -> None:
    lines = ("post update 1 --title A", "post update 2 --slug one")
    result = blog("batch", "--atomic", stdin=lines_of(*lines))
    assert (result.exit_code, titles(blog)) == (6, ["One", "Two", "Three"])


def test_dry_run_of_line_rolls_back_only_that_line(blog: Cli) -> None:
    lines = ("post update 1 --title A", "tag create python --dry-run", "tag create python", "post delete 2 --dry-run")
    result = blog.ok("batch", "--atomic", stdin=lines_of(*lines))
    assert "Would create tag" in result.stderr
    assert titles(blog) == ["A", "Two", "Three"]
    assert blog.ok("tag", "list", "--field", "name").lines == ["python"]


def test_dry_run_of_batch_saves_nothing(blog: Cli) -> None:
    before = operations(blog)
    lines = ("tag create python", "post tag add python 1", "post list --tag python --field title")
    result = blog.ok("batch", "--dry-run", stdin=lines_of(*lines))
    assert result.lines[-1] == "One"
    assert result.stderr.splitlines()[-1] == "Ran 3 commands; nothing was changed."
    assert (operations(blog), blog.ok("tag", "list").stdout) == (before, "")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--database-url x.db post list", "--database-url cannot be used in a line of a batch"),
        ("post list --profile live", "--profile cannot be used in a line of a batch"),
        ("post list --config x.toml", "--config cannot be used in a line of a batch"),
        ("post list --debug", "--debug cannot be used in a line of a batch"),
        ("batch x.txt", "`batch` cannot be used in a batch"),
        ("db upgrade", "`db` cannot be used in a batch"),
        ("db downgrade 0001 --yes", "`db` cannot be used in a batch"),
        ("completion bash", "`completion` cannot be used in a batch"),
        ("post edit 1", "There is no terminal for an editor"),
        (f"post create --edit --author {EMAIL}", "There is no terminal for an editor"),
        ("post delete 1 --purge", "This command needs a confirmation, and there is no terminal to ask on"),
        ("post update 1 --file -", "A command in a batch cannot read stdin"),
        ("post publish --from -", "A command in a batch cannot read stdin"),
        ("import jsonl -", "A command in a batch cannot read stdin"),
        ("user create bob@example.org --password-stdin", "A command in a batch cannot read stdin"),
        ("user create bob@example.org --password", "A password is needed, and there is no terminal to ask on"),
        ("post update 'x", "A quotation mark is not closed"),
        ("post update x\\", "The line ends with a backslash"),
        ("blogcli", "There is no command after `blogcli`"),
        ("psot list", "No such command 'psot'. Did you mean 'post'?"),
        ("'a\x1b[31mb'", "No such command 'a\\x1b[31mb'"),
    ],
)
@pytest.mark.parametrize("terminal", [False, True])
def test_batch_refuses_line(blog: Cli, tmp_path: Path, line: str, message: str, terminal: bool) -> None:
    path = tmp_path / "lines.txt"
    path.write_bytes(lines_of("tag create before", line))
    result = blog("batch", str(path), terminal=terminal)
    assert result.exit_code in (2, 4)
    assert f"Error: line 2: {message}" in result.stderr.splitlines()
    assert blog.ok("tag", "list", "--field", "name").lines == ["before"]


@pytest.mark.parametrize(
    ("line", "message"), [(b"tag create \xff", "byte 11 is not UTF-8"), (b"tag\0", "byte 3 is NUL")]
)
def test_batch_refuses_invalid_bytes(blog: Cli, line: bytes, message: str) -> None:
    result = blog("batch", "--keep-going", stdin=line + b"\ntag create after\n")
    assert result.exit_code == 7
    assert f"Error: line 1: {message}" in result.stderr.splitlines()
    assert blog.ok("tag", "list", "--field", "name").lines == ["after"]


def test_batch_refuses_long_line(blog: Cli) -> None:
    result = blog("batch", stdin=b"tag create before\ntag create " + b"x" * MAX_LINE)
    assert result.exit_code == 7
    assert "Error: line 2: more than 16,000,000 bytes" in result.stderr.splitlines()


def test_batch_refuses_terminal_and_missing_file(blog: Cli) -> None:
    assert "stdin is a terminal" in blog("batch", terminal=True).stderr
    assert "Cannot read missing.txt: No such file or directory" in blog("batch", "missing.txt").stderr
    assert "contradict" in blog("batch", "--atomic", "--keep-going").stderr


def test_undo_is_refused_only_in_atomic_batch(blog: Cli) -> None:
    blog.ok("tag", "create", "python")
    number = fetch(blog.url, "SELECT max(id) FROM journal_operations")[0][0]
    line = lines_of(f"undo {number} --yes", "tag create sqlite")
    refused = blog("batch", "--atomic", stdin=line)
    assert refused.exit_code == 2
    assert "Error: line 1: `undo` cannot be used in an atomic batch" in refused.stderr
    blog.ok("batch", stdin=line)
    assert blog.ok("tag", "list", "--field", "name").lines == ["sqlite"]


def test_empty_batch_opens_no_database(tmp_path: Path) -> None:
    cli = Cli({"HOME": str(tmp_path), "BLOGCLI_DATABASE_URL": str(tmp_path / "missing.db")})
    result = cli.ok("batch", stdin="\n# Comment\n")
    assert (result.stdout, result.stderr) == ("", "Nothing to do.\n")
    assert cli("batch", stdin="tag list\n").exit_code == 78


def test_global_options_of_batch_apply_to_lines(blog: Cli) -> None:
    result = blog.ok("batch", "--quiet", stdin=b"tag create python\ntag list --field name\n")
    assert (result.stdout, result.stderr) == ("1\npython\n", "")
    process = start(blog, "batch", "--debug")
    _, stderr = process.communicate(b"post show 99\n", timeout=TIMEOUT)
    assert b"Traceback" in stderr
    assert b"SELECT" in stderr


def test_hooks_run_after_each_command_or_after_commit(blog: Cli, tmp_path: Path) -> None:
    log = tmp_path / "log"
    config = tmp_path / "config.toml"
    # The hook reads the database as another process does, so it sees only committed changes.
    hook = f'echo "$BLOGCLI_COMMAND $(wc -l) $({SCRIPT} tag list --format count)" >> {log}'
    config.write_text(f"[hooks]\nafter_change = '''{hook}'''\n", "utf-8")
    lines = lines_of("tag create a", "tag create b --dry-run", "tag create c")
    blog.ok("--config", str(config), "batch", stdin=lines)
    assert log.read_text("utf-8").splitlines() == ["tag create 1 1", "tag create 1 2"]
    log.unlink()
    blog.ok("--config", str(config), "batch", "--atomic", stdin=lines_of("tag create d", "tag create e"))
    assert [line[-1] for line in log.read_text("utf-8").splitlines()] == ["4", "4"]
    log.unlink()
    blog("--config", str(config), "batch", "--atomic", stdin=lines_of("tag create f", "tag create a"))
    blog("--config", str(config), "batch", "--dry-run", stdin=lines_of("tag create f"))
    assert not log.exists()


def test_batch_uses_one_connection(blog: Cli) -> None:
    if not blog.url.startswith("postgresql"):
        return
    url = blog.url
    execute(url, "CREATE TABLE backends (pid integer)")
    execute(
        url,
        "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN INSERT INTO backends VALUES (pg_backend_pid()); RETURN NEW; END'",
    )
    execute(url, "CREATE TRIGGER note AFTER INSERT ON tags FOR EACH ROW EXECUTE FUNCTION note()")
    blog.ok("batch", stdin=lines_of("tag create a", "tag create b", "post list", "tag create c"))
    assert fetch(url, "SELECT count(*), count(DISTINCT pid) FROM backends") == [(3, 1)]


def start(cli: Cli, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start a batch that reads its lines from a pipe."""
    return subprocess.Popen(
        [SCRIPT, *arguments],
        env=cli.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("arguments", [("batch",), ("batch", "--atomic")])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_signal_between_lines_ends_batch(blog: Cli, arguments: tuple[str, ...], number: int, code: int) -> None:
    process = start(blog, *arguments)
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"tag create python\n")
    process.stdin.flush()
    # The output of a line is written before the next line is read.
    assert process.stdout.readline() == b"1\n"
    process.send_signal(number)
    _, stderr = process.communicate(timeout=TIMEOUT)
    assert process.returncode == code
    assert b"Traceback" not in stderr
    assert blog.ok("tag", "list", "--field", "name").lines == ([] if "--atomic" in arguments else ["python"])


def test_signal_in_line_ends_batch_with_keep_going(blog: Cli, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    config = tmp_path / "config.toml"
    config.write_text(f"[hooks]\nafter_change = 'touch {marker}; sleep 2'\n", "utf-8")
    process = start(blog, "--config", str(config), "batch", "--keep-going")
    assert process.stdin
    process.stdin.write(b"tag create python\ntag create sqlite\n")
    process.stdin.flush()
    while not marker.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, stderr = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 143
    assert b"Error: line 1: Terminated" in stderr
    assert blog.ok("tag", "list", "--field", "name").lines == ["python"]


def test_closed_pipe_does_not_stop_batch(blog: Cli) -> None:
    with start(blog, "batch") as process:
        assert process.stdin
        assert process.stdout
        process.stdout.close()
        process.stdin.write(lines_of("tag create a", "post list --format json", "tag create b"))
        process.stdin.close()
        assert process.wait(TIMEOUT) == 0
    assert blog.ok("tag", "list", "--field", "name").lines == ["a", "b"]
