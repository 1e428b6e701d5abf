"""A text on stdin that nothing asks for."""

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
    """The end of a pipe to read from, with a writer if it is open."""
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
    ("data", "is_open", "refused"),
    [(b"text", False, True), (b"text", True, True), (b"", True, True), (b"", False, False)],
)
def test_a_pipe_with_data_or_a_writer_is_refused_at_once(
    monkeypatch: pytest.MonkeyPatch, data: bytes, is_open: bool, refused: bool
) -> None:
    with pipe(data=data, is_open=is_open) as reader:
        assert is_refused(reader, monkeypatch) is refused


def test_a_file_is_refused_up_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "list").write_text("one\n")
    for position, refused in ((0, True), (4, False)):
        descriptor = os.open(tmp_path / "list", os.O_RDONLY)
        os.lseek(descriptor, position, os.SEEK_SET)
        assert is_refused(descriptor, monkeypatch) is refused
        os.close(descriptor)


def test_nothing_terminals_and_closed_streams_are_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    null = os.open(os.devnull, os.O_RDONLY)
    other, terminal = os.openpty()
    assert [is_refused(descriptor, monkeypatch) for descriptor in (null, terminal)] == [False, False]
    for descriptor in (null, other, terminal):
        os.close(descriptor)
    monkeypatch.setattr(sys, "stdin", None)
    refuse_unread_input()


def test_create_refuses_a_text_that_it_would_not_read(templates: Templates, tmp_path: Path) -> None:
    environ = environment(templates.new_sqlite(tmp_path), tmp_path) | {"BLOGCLI_AUTHOR": "ann@example.org"}
    cli, program = Cli(environ), Program(environ)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    refused = program.shell("echo text | blogcli post create --title T")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "Use - to read the text from stdin, or --content ''" in refused.stderr
    assert program("post", "create", "--title", "T").returncode == 0
    assert cli.ok("post", "list", "--format", "count").stdout == "1\n"
