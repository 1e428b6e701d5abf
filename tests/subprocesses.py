"""Run the installed program in separate processes: with pipes, in a shell and on a terminal."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

SCRIPT = Path(sys.executable).parent / "blogcli"
TOP = Path(__file__).parent.parent
# The number of seconds after which a process is considered to hang.
TIMEOUT = 60
# This script makes stdin the controlling terminal of its process, and then runs the program in the process. Ctrl-C and
# /dev/tty require a controlling terminal.
_ON_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


class Program:
    """Starts the installed program. Only the environment variables in `environ` are set."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)

    def __call__(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
        """Run a command line without a terminal, and wait until it ends."""
        return subprocess.run(
            [SCRIPT, *arguments],
            env=self.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=TIMEOUT,
        )

    def shell(self, line: str) -> "subprocess.CompletedProcess[str]":
        """Run a command line in bash, with the installed program as the command `blogcli`."""
        script = f'set -o pipefail; blogcli() {{ "{SCRIPT}" "$@"; }}; {line}'
        return subprocess.run(
            ["bash", "-c", script],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a command line without a terminal, and do not wait until it ends."""
        return subprocess.Popen(
            [SCRIPT, *arguments],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def on_terminal(self, *arguments: str, pipe_stdout: bool = False) -> "Terminal":
        """Start a command line on a new terminal."""
        return Terminal([str(SCRIPT), *arguments], self.environ | {"TERM": "xterm", "COLUMNS": "100"}, pipe_stdout)


class Terminal:
    """A terminal on which a program runs, with methods to read its output and to type."""

    def __init__(self, command: list[str], environ: Mapping[str, str], pipe_stdout: bool) -> None:
        self._controller, terminal = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ON_TERMINAL, *command],
            env=dict(environ),
            stdin=terminal,
            stdout=subprocess.PIPE if pipe_stdout else terminal,
            stderr=terminal,
            start_new_session=True,
        )
        os.close(terminal)

    def answer(self, prompt: str, line: str) -> None:
        """Wait for a prompt to appear, and type a line."""
        seen = len(self.shown)
        while prompt not in self.shown[seen:]:
            assert self._read(), f"{prompt!r} is not in {self.shown!r}"
        self.press(f"{line}\n")

    def press(self, keys: str) -> None:
        """Type keys without waiting for a prompt."""
        os.write(self._controller, keys.encode())

    def finish(self) -> tuple[int, str]:
        """Wait until the program ends. Return its exit code and, if stdout is a pipe, the output on stdout."""
        while self._read():
            pass
        piped = self.process.stdout.read().decode() if self.process.stdout else ""
        if self.process.stdout:
            self.process.stdout.close()
        os.close(self._controller)
        return self.process.wait(TIMEOUT), piped

    def _read(self) -> bool:
        ready, _, _ = select.select([self._controller], [], [], TIMEOUT)
        assert ready, f"No output follows {self.shown!r}"
        try:
            data = os.read(self._controller, 65536)
        except OSError:
            # On Linux, reading from a terminal fails after the last program on the terminal has ended.
            return False
        self.shown += data.decode()
        return bool(data)


def wait_for_handler(process: "subprocess.Popen[bytes]", signal: int) -> None:
    """Wait until a process has installed a handler for a signal."""
    status = Path(f"/proc/{process.pid}/status")
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
        if int(caught.split()[1], 16) >> (signal - 1) & 1:
            return
        time.sleep(0.01)
    raise AssertionError(f"Signal {signal} is not handled")
