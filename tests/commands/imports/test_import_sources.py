"""Tests of imports from stdin, from other pipes, and from files that cannot be read."""

import errno
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from blogcli.interchange import pipeline
from blogcli.signals import raising_on_termination
from tests.command_line import Cli, environment
from tests.subprocesses import TIMEOUT, Program

POST = "---\ntitle: {}\n---\n{}\n"
BLOG = "".join(
    f"{json.dumps(line)}\n"
    for line in ({"type": "blogcli", "version": 1}, {"type": "post", "uuid": str(UUID(int=1)), "title": "T"})
)


def import_pipes(cli: Cli, format_name: str, **texts: str) -> str:
    """Import each text through its own named pipe in the home directory, and return the first line of the summary."""
    paths = []
    writers = []
    for pipe, text in texts.items():
        path = Path(cli.environ["HOME"], pipe)
        os.mkfifo(path)
        writer = threading.Thread(target=path.write_text, args=(text,))
        writer.start()
        paths.append(path)
        writers.append(writer)
    result = cli.ok("import", format_name, *map(str, paths))
    for path, writer in zip(paths, writers, strict=True):
        writer.join()
        path.unlink()
    return result.stderr.splitlines()[0]


def test_import_pipe_repeated_updates_post(cli: Cli) -> None:
    assert import_pipes(cli, "markdown", a=POST.format("One", "x")) == "Imported 1 post and 1 user."
    assert (
        import_pipes(cli, "markdown", b=POST.format("One", "y")) == "Imported posts: 0 created, 1 updated, 0 unchanged."
    )
    assert cli.ok("import", "markdown", "-", stdin=POST.format("One", "y")).stderr.startswith(
        "Imported posts: 0 created, 0 updated, 1 unchanged."
    )


def test_import_several_pipes_creates_several_posts(cli: Cli) -> None:
    summary = import_pipes(cli, "markdown", a=POST.format("One", "x"), b=POST.format("Two", "y"))
    assert summary == "Imported 2 posts and 1 user."


@pytest.mark.parametrize(
    "line", ["cat blog.jsonl | blogcli import /dev/stdin", "blogcli import jsonl <(cat blog.jsonl)"]
)
def test_import_reads_pipes_of_shell(database_url: str, tmp_path: Path, line: str) -> None:
    (tmp_path / "blog.jsonl").write_text(BLOG)
    process = Program(environment(database_url, tmp_path)).shell(f"cd {tmp_path}; {line}")
    assert (process.returncode, process.stdout.count("\n")) == (0, 1), process.stderr


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (signal.SIGTERM, 143, b"Error: Terminated\n"),
        (signal.SIGHUP, 143, b"Error: Terminated\n"),
        (signal.SIGKILL, -signal.SIGKILL, b""),
    ],
)
def test_terminated_import_leaves_no_copy_of_pipe(
    database_url: str, tmp_path: Path, number: signal.Signals, code: int, message: bytes
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = Program(environment(database_url, tmp_path) | {"TMPDIR": str(temporary)}).start(
        "import", "jsonl", str(pipe)
    )
    with pipe.open("w") as writer:
        writer.write(BLOG)
        writer.flush()
        # The import creates the copy, and then waits for the end of the stream.
        while not any(name.startswith(str(temporary)) for name in open_files(process.pid)):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, stderr) == (code, message)
    assert list(temporary.iterdir()) == []


def open_files(process_id: int) -> Iterator[str]:
    for path in Path(f"/proc/{process_id}/fd").iterdir():
        # A descriptor can be closed meanwhile.
        with suppress(OSError):
            yield str(path.readlink())


def test_worker_process_reads_pipe(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.parallel._MAX_PENDING_SIZE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    content = "x" * 100_000
    cli.ok("import", "markdown", "-", stdin=POST.format("One", content))
    assert cli.json("post", "show", "1")["content"].strip() == content


def test_raising_on_termination_keeps_ignored_signal() -> None:
    previous_handler = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raising_on_termination():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, previous_handler)


@pytest.mark.parametrize("name", ["missing", "a" * 300, "file/below"])
def test_import_missing_path_is_usage_error(cli: Cli, tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    refused = cli("import", "jsonl", str(tmp_path / name))
    assert (refused.exit_code, refused.stderr.startswith(f"Error: Cannot read {tmp_path}/{name}: ")) == (2, True)


def test_import_device_is_refused_except_dev_null(cli: Cli) -> None:
    for arguments in (("import", "/dev/zero"), ("import", "markdown", "/dev/urandom")):
        refused = cli(*arguments)
        assert (refused.exit_code, "it is a device" in refused.stderr) == (2, True)
    assert cli("import", "jsonl", "/dev/null").exit_code == 7


def test_create_refuses_text_over_size_limit(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blogcli.cli.prompts._MAX_INPUT_SIZE", 1_000)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for arguments, stdin in (("/dev/zero", b""), ("-", b"x" * 1_001)):
        refused = cli("post", "create", arguments, "--author", "ann@example.org", "--title", "T", stdin=stdin)
        assert (refused.exit_code, "more than 1,000 bytes" in refused.stderr) == (7, True)


@pytest.mark.parametrize("name", ["jsonl", "wordpress", "ghost"])
def test_import_file_deleted_after_scan_is_usage_error(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "blog"
    texts = {
        "jsonl": BLOG,
        "ghost": '{"db": [{"data": {"posts": [{"title": "x"}], "users": []}}]}',
        "wordpress": '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1</wp:wxr_version></channel></rss>',
    }
    path.write_text(texts[name])

    def scan_and_delete(*arguments: Any) -> Any:
        scan = pipeline.scan(*arguments)
        path.unlink()
        return scan

    monkeypatch.setattr("blogcli.services.imports.importer.scan", scan_and_delete)
    refused = cli("import", name, str(path))
    reason = f"Cannot read {path}: No such file or directory; nothing was imported"
    assert (refused.exit_code, refused.stderr) == (2, f"Error: {reason}\n")


def test_import_io_error_of_folder_is_usage_error(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "post.md").write_text(POST.format("One", "x"))

    def fail(_folder: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", str(tmp_path))

    monkeypatch.setattr("blogcli.interchange.markdown.site.scanner.find_site_root", fail)
    refused = cli("import", "markdown", str(tmp_path))
    reason = f"Cannot read {tmp_path}: Input/output error; nothing was imported"
    assert (refused.exit_code, refused.stderr) == (2, f"Error: {reason}\n")


def test_import_circular_links_and_damaged_files_are_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "post.md").write_text(POST.format("One", "x"))
    (tmp_path / "damaged.md").write_bytes(b"\xff")
    result = cli("import", "markdown", str(tmp_path))
    assert result.exit_code == 1
    for name, reason in (("a", "Too many levels of symbolic links"), ("damaged.md", "byte 0 is not UTF-8")):
        assert any(line.startswith(f"{tmp_path}/{name}: ") and reason in line for line in result.stderr.splitlines())
    assert "Imported 1 post and 1 user.\nUnreadable: 3 records.\n" in result.stderr
