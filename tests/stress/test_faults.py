"""Stress tests of several writers while signals, disks, clocks, servers and connections disturb them.

After each round, the database contains every change that was acknowledged and nothing else (see docs/reliability.md).
"""

import logging
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates, migrate_in_thread
from tests.stress import IS_FULL, MINUTES, SEED
from tests.stress.blogs import Blog, PostgresBlog, SqliteBlog, read_state
from tests.stress.checks import Round, check_database, check_run, is_certain
from tests.stress.disk import small_disk
from tests.stress.faults import FAULTS, Fault, Setting
from tests.stress.model import AUTHOR, Writer
from tests.stress.proxy import Proxy
from tests.stress.runs import Client, Run, running_launcher
from tests.stress.server import Server

WRITERS = 4 if IS_FULL else 3
COMMANDS = 12 if IS_FULL else 4
# The part of the commands that the installed script runs. It starts much slower than the launcher.
IN_SCRIPT = 0.1 if IS_FULL else 0.0
# How often a round is repeated until its fault has happened and a command has succeeded.
ATTEMPTS = 20
PACES = [1, 4, 16] if IS_FULL else [1]

pytestmark = [pytest.mark.stress, pytest.mark.untraced]

_log = logging.getLogger(__name__)


@pytest.fixture
def folder(templates: Templates) -> Iterator[Path]:
    """Yield a folder that the user of the server may read, and whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(dir=templates.folder, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture
def blog(engine_name: str, folder: Path) -> Iterator[Blog]:
    """Yield a migrated database on a small disk."""
    with ExitStack() as stack:
        if engine_name == "sqlite":
            blog: Blog = SqliteBlog(stack.enter_context(small_disk(folder / "disk", "96m" if IS_FULL else "24m")))
        else:
            blog = stack.enter_context(postgres_blog(folder))
        migrate_in_thread(blog.url)
        yield blog


@contextmanager
def postgres_blog(folder: Path) -> Iterator[Blog]:
    with small_disk(folder / "disk", "400m") as disk:
        server = Server(disk.folder / "data")
        (folder / "proxy").mkdir()
        try:
            with Proxy(folder / "proxy", server.socket, seed=SEED) as proxy:
                yield PostgresBlog(server, proxy, disk)
        finally:
            server.stop()


@pytest.fixture
def clock(folder: Path) -> dict[str, str]:
    """Return environment variables that shift the clock, or none if there is no C compiler."""
    library = folder / "clock.so"
    compiler = shutil.which("cc")
    if compiler is None:
        return {}
    source = Path(__file__).parent / "clock.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    (folder / "clock").write_text("0")
    return {"LD_PRELOAD": str(library), "STRESS_CLOCK": str(folder / "clock")}


class Driver:
    """Runs rounds of commands, each with one fault, and checks the database after each round."""

    def __init__(self, blog: Blog, clients: list[Client], environ: dict[str, str], folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        # How often each fault has disturbed commands, and how many commands with exit code 0 changed something.
        self.disturbances: Counter[str] = Counter()
        self.acknowledged = 0
        self._blog = blog
        self._clients = clients
        self._environ = environ
        self._folder = folder
        self._writers = [Writer(number, SEED) for number in range(len(clients))]
        self._generator = random.Random(SEED)  # noqa: S311 - the test needs a seed
        Cli({**environ, "BLOGCLI_DATABASE_URL": blog.url}).ok("user", "create", AUTHOR, "--no-password")
        self._newest = 1

    def run_round(self, name: str, fault: Fault) -> None:
        state = read_state(self._blog.url)
        counts: Counter[str] = Counter()
        runs = self._disturb(fault, counts)
        self.counts += counts
        self.disturbances[name] += counts.total()
        self._blog.settle()
        for run in (run for runs_of_writer in runs.values() for run in runs_of_writer):
            check_run(run, fault)
            self.counts[f"{name}: exit code {run.code}"] += 1
            self.acknowledged += run.code == 0 and run.command.has_operation is True
        round_ = Round(runs, self._newest, state)
        self._newest = check_database(self._blog, self._writers, round_, self._environ, self._folder)
        self.counts["rounds"] += 1

    def _disturb(self, fault: Fault, counts: Counter[str]) -> dict[int, list[Run]]:
        """Let all writers run commands during a fault. `counts` counts what the fault did."""
        is_over = threading.Event()
        pace = self._generator.choice(PACES)
        setting = Setting(
            self._blog, self._clients, self._folder / "clock", self._generator, is_over.is_set, counts, pace
        )
        with ThreadPoolExecutor(len(self._writers) + 1) as pool:
            disturbance = pool.submit(fault.disturb, setting)
            try:
                runs = dict(enumerate(pool.map(self._write, self._writers, self._clients)))
            finally:
                is_over.set()
            disturbance.result()
        return runs

    def _write(self, writer: Writer, client: Client) -> list[Run]:
        runs = []
        generator = random.Random(self._generator.random())  # noqa: S311 - the test needs a seed
        for _ in range(COMMANDS):
            command = writer.draw()
            run = client.run(command, in_script=generator.random() < IN_SCRIPT)
            runs.append(run)
            if not is_certain(run):
                writer.uncertain |= command.records.keys()
            elif run.code == 0:
                writer.apply(command)
        return runs


@pytest.fixture
def driver(blog: Blog, clock: dict[str, str], folder: Path) -> Iterator[Driver]:
    home = folder / "home"
    (home / "tmp").mkdir(parents=True)
    environ = environment(blog.program_url, home) | {"TMPDIR": str(home / "tmp")} | clock
    with running_launcher(folder, clock) as address, ExitStack() as stack:
        clients = [Client(address, folder / f"client{number}", environ) for number in range(WRITERS)]
        for client in clients:
            stack.callback(client.close)
        yield Driver(blog, clients, environ, folder)


def test_acknowledged_changes_survive_faults(
    driver: Driver, blog: Blog, clock: dict[str, str], record_property: Callable[[str, object], None]
) -> None:
    faults = {name: fault for name, fault in FAULTS[blog.engine].items() if IS_FULL or fault.is_in_short_form}
    missing = {
        name: "mounting a small disk is not permitted" if fault.needs_disk else "there is no C compiler"
        for name, fault in faults.items()
        if (fault.needs_disk and not blog.disk.is_mounted) or (fault.needs_clock and not clock)
    }
    run_rounds(driver, {name: fault for name, fault in faults.items() if name not in missing})
    for name, count in driver.counts.items():
        record_property(name, count)
    if missing:
        pytest.skip(f"Only some faults were tested. Not tested: {missing}")


def run_rounds(driver: Driver, faults: Mapping[str, Fault]) -> None:
    """Run at least one round with each fault, in which the fault happens, until the time is over."""
    end = time.monotonic() + 60 * MINUTES if IS_FULL else 0
    while True:
        for name, fault in faults.items():
            for _ in range(ATTEMPTS):
                driver.run_round(name, fault)
                _log.info("%s: %s", name, dict(driver.counts))
                if driver.disturbances[name] and driver.acknowledged:
                    break
            assert driver.disturbances[name], f"The fault never happened: {name}"
        assert driver.acknowledged, "No command succeeded"
        if time.monotonic() >= end:
            return
