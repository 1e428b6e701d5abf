"""Tests that prepared streams wait for their file descriptors, and that invalid terminal sizes are removed."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blogcli.output.streams import prepare_streams
from tests.subprocesses import TIMEOUT

SIZE = 1_000_000
PREPARE = "import sys; from blogcli.output.streams import prepare_streams; prepare_streams()"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_is_complete_if_descriptor_is_non_blocking(stream: str, unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    script = f"{PREPARE}; sys.{stream}.write('x' * {SIZE}); sys.{stream}.flush()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        **{stream: writing},  # type: ignore[call-overload]  # the name of the argument is a variable
        env={"PYTHONUNBUFFERED": unbuffered},
    ) as process:
        os.close(writing)
        with os.fdopen(reading, "rb") as file:
            assert len(file.read()) == SIZE
        assert process.wait(TIMEOUT) == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_message_is_not_buffered(unbuffered: str) -> None:
    script = f"{PREPARE}; import os; sys.stderr.write('message\\n'); os._exit(0)"
    environ = {"PYTHONUNBUFFERED": unbuffered}
    run = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, env=environ, check=True)
    assert run.stderr == b"message\n"


def test_input_is_complete_if_descriptor_is_non_blocking() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    script = f"{PREPARE}; print(len(sys.stdin.buffer.read()))"
    with subprocess.Popen([sys.executable, "-c", script], stdin=reading, stdout=subprocess.PIPE) as process:
        os.close(reading)
        # The data is written after a delay, so that the process has to wait for the data.
        timer = threading.Timer(0.3, _write, [writing])
        timer.start()
        assert process.communicate(timeout=TIMEOUT)[0] == f"{SIZE}\n".encode()
        timer.join()


def _write(descriptor: int) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"x" * SIZE)


@pytest.mark.parametrize("value", ["0", "", "-5", "wide", "1e3", "99999", "9" * 5_000, "٣"])
@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_invalid_terminal_size_is_removed(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    prepare_streams()
    assert name not in os.environ


def test_valid_terminal_size_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "65535")
    prepare_streams()
    assert os.environ["COLUMNS"] == "65535"


def test_prepared_stream_is_not_wrapped_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "out").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        prepare_streams()
        prepared = sys.stdout
        prepare_streams()
        assert sys.stdout is prepared
