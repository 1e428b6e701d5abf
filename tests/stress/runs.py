"""Runs of command lines in separate processes, to which signals can be sent."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.stress.model import Command
from tests.subprocesses import TIMEOUT, TOP


@dataclass
class Run:
    """A run of a command, and the signals that were sent to its process."""

    command: Command
    code: int = 0
    stdout: str = ""
    stderr: str = ""
    in_script: bool = False
    signals: list[signal.Signals] = field(default_factory=list)


class Client:
    """Runs the commands of one writer by means of the launcher, one after another."""

    def __init__(self, address: Path, folder: Path, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)
        self._folder = folder
        folder.mkdir()
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(TIMEOUT)
        self._socket.connect(str(address))
        self._stream = self._socket.makefile("rw")
        self._lock = threading.Lock()
        self._process: int | None = None
        self._run: Run | None = None

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def run(self, command: Command, *, in_script: bool) -> Run:
        """Run a command, and wait until it ends. The option --config makes the journal record the token."""
        config = self._folder / f"{command.token}.toml"
        paths = [self._folder / f"{command.token}.{name}" for name in ("in", "out", "err")]
        # The files must exist if the process is killed before it opens them.
        for path in (config, *paths):
            path.touch()
        paths[0].write_text(command.stdin, "utf-8")
        request = {
            "arguments": [*command.arguments, "--config", str(config)],
            "environ": self.environ,
            "files": [str(path) for path in paths],
            "in_script": in_script,
        }
        self._send(json.dumps(request))
        run = Run(command, in_script=in_script)
        with self._lock:
            self._process, self._run = int(self._stream.readline()), run
        assert self._stream.readline() == "ended\n"
        with self._lock:
            self._process = None
        self._send("")
        run.code = int(self._stream.readline())
        run.stdout, run.stderr = (path.read_text("utf-8") for path in paths[1:])
        for path in (config, *paths):
            path.unlink()
        return run

    def send_signal(self, number: signal.Signals) -> bool:
        """Send a signal to the process, and return whether there is one."""
        with self._lock:
            # If Ctrl-C arrives while Python itself starts in the script, Python prints a traceback.
            if self._process is None or self._run is None or (self._run.in_script and number == signal.SIGINT):
                return False
            self._run.signals.append(number)
            os.kill(self._process, number)
            return True

    def _send(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


@contextmanager
def running_launcher(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """Start the launcher with additional environment variables, and yield the address of its socket."""
    address = folder / "launcher"
    command = [sys.executable, "-m", "tests.stress.launcher", str(address)]
    # Without the other variables of this process, coverage is not measured in the launcher, which would slow it down.
    process = subprocess.Popen(command, cwd=TOP, env={"PATH": os.environ["PATH"], **environ})
    try:
        deadline = time.monotonic() + TIMEOUT
        while not address.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield address
    finally:
        process.kill()
        process.wait()


def processes_with(text: str) -> list[str]:
    """Return the command lines of the processes whose environment contains a text."""
    lines = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and text.encode() in (folder / "environ").read_bytes():
                lines.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            # The process has ended, or belongs to another user.
            continue
    return lines
