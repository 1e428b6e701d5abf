"""The process's own streams."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from blogcli.output.streams import prepare_streams
from tests.subprocesses import PATIENCE

SIZE = 1_000_000
COPY = "import sys; from blogcli.output.streams import prepare_streams; prepare_streams()"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_is_whole_where_the_descriptor_does_not_block(stream: str, unbuffered: str) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    script = f"{COPY}; sys.{stream}.write('x' * {SIZE}); sys.{stream}.flush()"
    with subprocess.Popen(
        [sys.executable, "-c", script],
        **{stream: writing},  # type: ignore[call-overload]
        env={"PYTHONUNBUFFERED": unbuffered},
    ) as process:
        os.close(writing)
        with os.fdopen(reading, "rb") as file:
            assert len(file.read()) == SIZE
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_message_is_not_held_back(unbuffered: str) -> None:
    script = f"{COPY}; import os; sys.stderr.write('message\\n'); os._exit(0)"
    environ = {"PYTHONUNBUFFERED": unbuffered}
    run = subprocess.run([sys.executable, "-c", script], stderr=subprocess.PIPE, env=environ, check=True)
    assert run.stderr == b"message\n"


def test_input_is_whole_where_the_descriptor_does_not_block() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    script = f"{COPY}; print(len(sys.stdin.buffer.read()))"
    with subprocess.Popen([sys.executable, "-c", script], stdin=reading, stdout=subprocess.PIPE) as process:
        os.close(reading)
        # The first read finds nothing, a later one the middle of the text.
        timer = threading.Timer(0.3, _write, [writing])
        timer.start()
        assert process.communicate(timeout=PATIENCE)[0] == f"{SIZE}\n".encode()
        timer.join()


def _write(descriptor: int) -> None:
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"x" * SIZE)


@pytest.mark.parametrize("value", ["0", "", "-5", "wide", "1e3", "99999", "9" * 5_000, "٣"])
@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_a_size_that_makes_no_sense_counts_as_unknown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    prepare_streams()
    assert name not in os.environ


def test_a_size_that_makes_sense_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "65535")
    prepare_streams()
    assert os.environ["COLUMNS"] == "65535"


def test_a_prepared_stream_is_not_wrapped_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "out").open("w") as file:
        monkeypatch.setattr(sys, "stdout", file)
        prepare_streams()
        prepared = sys.stdout
        prepare_streams()
        assert sys.stdout is prepared
