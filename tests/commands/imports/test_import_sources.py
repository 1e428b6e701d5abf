"""What an import reads beside files and folders: stdin and other pipes."""

import errno
import json
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from blogcli.interchange import pipeline
from blogcli.signals import ended_in_order
from tests.command_line import Cli, environment
from tests.subprocesses import PATIENCE, Program

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
    assert piped(cli, "markdown", a=POST.format("One", "x")) == "Imported 1 post and 1 user."
    assert piped(cli, "markdown", b=POST.format("One", "y")) == "Imported posts: 0 created, 1 updated, 0 unchanged."
    assert cli.ok("import", "markdown", "-", stdin=POST.format("One", "y")).stderr.startswith(
        "Imported posts: 0 created, 0 updated, 1 unchanged."
    )


def test_several_pipes_are_several_posts(cli: Cli) -> None:
    told = piped(cli, "markdown", a=POST.format("One", "x"), b=POST.format("Two", "y"))
    assert told == "Imported 2 posts and 1 user."


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


def test_a_device_without_an_end_is_refused(cli: Cli) -> None:
    for arguments in (("import", "/dev/zero"), ("import", "markdown", "/dev/urandom")):
        refused = cli(*arguments)
        assert (refused.exit_code, "it is a device" in refused.stderr) == (2, True)
    assert cli("import", "jsonl", "/dev/null").exit_code == 7


def test_more_than_any_text_has_is_not_read(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.cli.prompts._MAX_INPUT", 1_000)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for arguments, stdin in (("/dev/zero", b""), ("-", b"x" * 1_001)):
        refused = cli("post", "create", arguments, "--author", "ann@example.org", "--title", "T", stdin=stdin)
        assert (refused.exit_code, "more than 1,000 bytes" in refused.stderr) == (7, True)


@pytest.mark.parametrize("name", ["jsonl", "wordpress", "ghost"])
def test_a_file_that_is_deleted_under_an_import_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "blog"
    text = {
        "jsonl": LINES,
        "ghost": '{"db": [{"data": {"posts": [{"title": "x"}], "users": []}}]}',
        "wordpress": '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1</wp:wxr_version></channel></rss>',
    }
    path.write_text(text[name])

    def survey_and_delete(*arguments: Any) -> Any:
        found = pipeline.scan(*arguments)
        path.unlink()
        return found

    monkeypatch.setattr("blogcli.services.imports.importer.scan", survey_and_delete)
    refused = cli("import", name, str(path))
    reason = f"Cannot read {path}: No such file or directory; nothing was imported"
    assert (refused.exit_code, refused.stderr) == (2, f"Error: {reason}\n")


def test_a_failure_of_the_system_while_files_are_read_is_none_of_the_database(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "post.md").write_text(POST.format("One", "x"))

    def fail(_folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(tmp_path))

    monkeypatch.setattr("blogcli.interchange.markdown.site.scanner.find_site_root", fail)
    refused = cli("import", "markdown", str(tmp_path))
    reason = f"Cannot read {tmp_path}: Input/output error; nothing was imported"
    assert (refused.exit_code, refused.stderr) == (2, f"Error: {reason}\n")


def test_links_in_a_circle_and_files_that_cannot_be_read_are_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "post.md").write_text(POST.format("One", "x"))
    (tmp_path / "damaged.md").write_bytes(b"\xff")
    told = cli("import", "markdown", str(tmp_path))
    assert told.exit_code == 1
    for name, reason in (("a", "Too many levels of symbolic links"), ("damaged.md", "byte 0 is not UTF-8")):
        assert any(line.startswith(f"{tmp_path}/{name}: ") and reason in line for line in told.stderr.splitlines())
    assert "Imported 1 post and 1 user.\nUnreadable: 3 records.\n" in told.stderr
