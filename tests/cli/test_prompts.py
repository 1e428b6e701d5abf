"""Tests that a text on stdin is refused if the command does not read stdin."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blogcli.cli.prompts import refuse_unread_input
from blogcli.errors import UsageError
from tests.command_line import Cli, environment
from tests.databases import Templates
from tests.subprocesses import Program


@contextmanager
def pipe(*, data: bytes = b"", is_open: bool = False) -> Iterator[int]:
    """Yield the reading end of a pipe that contains `data`. The writing end stays open if `is_open` is set."""
    reader, writer = os.pipe()
    os.write(writer, data)
    if not is_open:
        os.close(writer)
    yield reader
    os.close(reader)
    if is_open:
        os.close(writer)


def is_refused(descriptor: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    with os.fdopen(os.dup(descriptor)) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        try:
            refuse_unread_input()
        except UsageError:
            return True
        return False


@pytest.mark.parametrize(
    ("data", "is_open", "expected"),
    [(b"text", False, True), (b"text", True, True), (b"", True, True), (b"", False, False)],
)
def test_unread_input_is_refused_if_pipe_has_data_or_open_end(
    monkeypatch: pytest.MonkeyPatch, data: bytes, is_open: bool, expected: bool
) -> None:
    with pipe(data=data, is_open=is_open) as reader:
        assert is_refused(reader, monkeypatch) is expected


def test_unread_input_is_refused_before_end_of_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "list").write_text("one\n")
    for position, expected in ((0, True), (4, False)):
        descriptor = os.open(tmp_path / "list", os.O_RDONLY)
        os.lseek(descriptor, position, os.SEEK_SET)
        assert is_refused(descriptor, monkeypatch) is expected
        os.close(descriptor)


def test_null_device_terminal_and_closed_stdin_are_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    controller, terminal = os.openpty()
    assert [is_refused(descriptor, monkeypatch) for descriptor in (null, terminal)] == [False, False]
    for descriptor in (null, controller, terminal):
        os.close(descriptor)
    monkeypatch.setattr(sys, "stdin", None)
    refuse_unread_input()


def test_create_refuses_text_on_stdin_that_it_does_not_read(templates: Templates, tmp_path: Path) -> None:
    environ = environment(templates.new_sqlite(tmp_path), tmp_path) | {"BLOGCLI_AUTHOR": "ann@example.org"}
    cli = Cli(environ)
    program = Program(environ)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    refused = program.shell("echo text | blogcli post create --title T")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Use - to read the text from stdin, or --content ''" in refused.stderr
    assert program("post", "create", "--title", "T").returncode == 0
    assert cli.ok("post", "list", "--format", "count").stdout == "1\n"
