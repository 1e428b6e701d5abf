"""The installed program in processes of its own: with pipes, in a shell, on a terminal."""

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
# Nothing here takes as long: what still runs then hangs.
PATIENCE = 60
# A terminal that is to answer for Ctrl-C and for /dev/tty must be the controlling one.
_ON_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
)


class Program:
    """Starts the program with just these environment variables."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = dict(environ)

    def __call__(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
        """Run one command line to its end, without a terminal."""
        return subprocess.run(
            [SCRIPT, *arguments],
            env=self.environ | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )

    def shell(self, line: str) -> "subprocess.CompletedProcess[str]":
        """Run a line of bash in which `blogcli` is the program."""
        script = f'set -o pipefail; blogcli() {{ "{SCRIPT}" "$@"; }}; {line}'
        return subprocess.run(
            ["bash", "-c", script],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start one command line and leave it running."""
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        return subprocess.Popen([SCRIPT, *arguments], env=self.environ, stdin=null, stdout=pipe, stderr=pipe)

    def on_terminal(self, *arguments: str, pipe_stdout: bool = False) -> "Terminal":
        """Start one command line on a terminal of its own."""
        return Terminal([str(SCRIPT), *arguments], self.environ | {"TERM": "xterm", "COLUMNS": "100"}, pipe_stdout)


class Terminal:
    """A terminal with one program on it, and somebody who reads and types."""

    def __init__(self, command: list[str], environ: Mapping[str, str], pipe_stdout: bool) -> None:
        self._end, other = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-c", _ON_TERMINAL, *command],
            env=dict(environ),
            stdin=other,
            stdout=subprocess.PIPE if pipe_stdout else other,
            stderr=other,
            start_new_session=True,
        )
        os.close(other)

    def answer(self, prompt: str, line: str) -> None:
        """Wait for a prompt that has not been answered yet, and type a line."""
        seen = len(self.shown)
        while prompt not in self.shown[seen:]:
            assert self._read(), f"{prompt!r} is not in {self.shown!r}"
        self.press(f"{line}\n")

    def press(self, keys: str) -> None:
        """Type without waiting for anything."""
        os.write(self._end, keys.encode())

    def finish(self) -> tuple[int, str]:
        """Read to the end; the exit code, and what was piped out of it."""
        while self._read():
            pass
        piped = self.process.stdout.read().decode() if self.process.stdout else ""
        if self.process.stdout:
            self.process.stdout.close()
        os.close(self._end)
        return self.process.wait(PATIENCE), piped

    def _read(self) -> bool:
        ready, _, _ = select.select([self._end], [], [], PATIENCE)
        assert ready, f"Nothing happens after {self.shown!r}"
        try:
            data = os.read(self._end, 65536)
        except OSError:
            # Linux says so when the last program on the terminal is gone.
            return False
        self.shown += data.decode()
        return bool(data)


def wait_until_it_catches(process: "subprocess.Popen[bytes]", signal: int) -> None:
    """Wait until the process has a handler of its own for that signal."""
    status = Path(f"/proc/{process.pid}/status")
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt:"))
        if int(caught.split()[1], 16) >> (signal - 1) & 1:
            return
        time.sleep(0.01)
    raise AssertionError(f"Signal {signal} is not handled")
