"""What an import reads beside files and folders: stdin and other pipes."""

import json
import os
import signal
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest

from blogcli.runner import ended_in_order
from tests.cli import Cli, environment
from tests.programs import PATIENCE, Program

POST = "---\ntitle: {}\n---\n{}\n"
LINES = "".join(
    f"{json.dumps(line)}\n"
    for line in ({"type": "blogcli", "version": 1}, {"type": "post", "uuid": str(UUID(int=1)), "title": "T"})
)


def piped(cli: Cli, name: str, **texts: str) -> str:
    """What the import of texts says that come through pipes, each with a name in the home of the user."""
    paths, writers = [], []
    for pipe, text in texts.items():
        paths.append(Path(cli.environ["HOME"], pipe))
        os.mkfifo(paths[-1])
        writers.append(threading.Thread(target=paths[-1].write_text, args=(text,)))
        writers[-1].start()
    told = cli.ok("import", name, *map(str, paths)).stderr
    for path, writer in zip(paths, writers, strict=True):
        writer.join()
        path.unlink()
    return told.splitlines()[0]


def test_a_post_that_comes_through_a_pipe_again_is_known(cli: Cli) -> None:
    assert piped(cli, "markdown", a=POST.format("One", "x")) == "Imported posts: 1 created, 0 updated, 0 unchanged."
    assert piped(cli, "markdown", b=POST.format("One", "y")) == "Imported posts: 0 created, 1 updated, 0 unchanged."
    assert cli.ok("import", "markdown", "-", stdin=POST.format("One", "y")).stderr.startswith(
        "Imported posts: 0 created, 0 updated, 1 unchanged."
    )


def test_several_pipes_are_several_posts(cli: Cli) -> None:
    told = piped(cli, "markdown", a=POST.format("One", "x"), b=POST.format("Two", "y"))
    assert told == "Imported posts: 2 created, 0 updated, 0 unchanged."


@pytest.mark.parametrize(
    "line", ["cat blog.jsonl | blogcli import /dev/stdin", "blogcli import jsonl <(cat blog.jsonl)"]
)
def test_what_a_shell_pipes_is_a_source(database_url: str, tmp_path: Path, line: str) -> None:
    (tmp_path / "blog.jsonl").write_text(LINES)
    told = Program(environment(database_url, tmp_path)).shell(f"cd {tmp_path}; {line}")
    assert (told.returncode, told.stdout.count("\n")) == (0, 1), told.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_of_a_pipe_when_the_import_is_ended(
    database_url: str, tmp_path: Path, number: signal.Signals
) -> None:
    pipe, kept = tmp_path / "pipe", tmp_path / "kept"
    os.mkfifo(pipe)
    kept.mkdir()
    process = Program(environment(database_url, tmp_path) | {"TMPDIR": str(kept)}).start("import", "jsonl", str(pipe))
    with pipe.open("w") as writer:
        writer.write(LINES)
        writer.flush()
        # Until it waits for more.
        time.sleep(0.3)
        assert len(list(kept.iterdir())) == 1
        process.send_signal(number)
        _, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, told) == (143, b"Error: Terminated\n")
    assert list(kept.iterdir()) == []


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_in_order():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("name", ["missing", "a" * 300, "file/below"])
def test_what_is_not_there_cannot_be_read(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    refused = cli("import", "jsonl", str(tmp_path / name))
    assert (refused.exit_code, refused.stderr.startswith(f"Error: Cannot read {tmp_path}/{name}: ")) == (2, True)
