"""The faults that disturb commands, and the exit codes that each of them may cause."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.stress.blogs import Blog, PostgresBlog
from tests.stress.proxy import Cut
from tests.stress.runs import Client

# The signals, and the exit codes that they may cause. A negative code means that the signal ended the process without
# a handler: for SIGKILL there is none, and the others may arrive while the program starts.
SIGNALS = {
    signal.SIGKILL: {-signal.SIGKILL},
    signal.SIGTERM: {143, -signal.SIGTERM},
    signal.SIGHUP: {143, -signal.SIGHUP},
    signal.SIGINT: {130, -signal.SIGINT},
}


class Setting(NamedTuple):
    """What a fault disturbs, until `is_over` returns True. `counts` counts what was done.

    All pauses are multiplied by `pace`, so that in some rounds many commands succeed, and in others few.
    """

    blog: Blog
    clients: Sequence[Client]
    clock: Path
    generator: random.Random
    is_over: Callable[[], bool]
    counts: Counter[str]
    pace: float

    def pause(self, longest: float) -> None:
        time.sleep(self.generator.uniform(0, longest * self.pace))


def do_nothing(setting: Setting) -> None:
    """Disturb nothing, so that the writers disturb only each other."""
    while not setting.is_over():
        time.sleep(0.01)
    setting.counts["undisturbed rounds"] += 1


def send_signals(setting: Setting) -> None:
    while not setting.is_over():
        setting.pause(0.25)
        number = setting.generator.choice([*SIGNALS, signal.SIGKILL])
        if setting.generator.choice(setting.clients).send_signal(number):
            setting.counts[number.name] += 1


def fill_disk(setting: Setting) -> None:
    while not setting.is_over():
        setting.pause(0.05)
        with setting.blog.disk.filled(setting.generator.choice([0, 8_192, 65_536, 262_144])):
            setting.counts["full disks"] += 1
            setting.pause(0.2)
        if isinstance(setting.blog, PostgresBlog):
            setting.blog.server.start()


def remount_disk(setting: Setting) -> None:
    while not setting.is_over():
        setting.pause(0.02)
        with setting.blog.disk.read_only(setting.is_over) as is_read_only:
            setting.counts["read-only remounts"] += is_read_only
            setting.pause(0.2)


def move_clock(setting: Setting) -> None:
    """Move the clock of the commands by up to five years in both directions."""
    while not setting.is_over():
        seconds = setting.generator.choice([1, 60, 3_600, 86_400, 5 * 365 * 86_400])
        setting.clock.write_text(str(setting.generator.randint(-seconds, seconds)))
        setting.counts["clock jumps"] += 1
        setting.pause(0.04)
    setting.clock.write_text("0")


def make_server_read_only(setting: Setting) -> None:
    blog = _postgres(setting)
    while not setting.is_over():
        for value in ("on", "off"):
            setting.pause(0.1)
            blog.server.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            blog.server.execute("SELECT pg_reload_conf()")
        setting.counts["read-only servers"] += 1


def restart_server(setting: Setting) -> None:
    blog = _postgres(setting)
    while not setting.is_over():
        setting.pause(0.3)
        mode = setting.generator.choice(["fast", "immediate"])
        assert blog.server.restart(mode)
        setting.counts[f"restarts ({mode})"] += 1


def end_connections(setting: Setting) -> None:
    blog = _postgres(setting)
    while not setting.is_over():
        setting.pause(0.05)
        ended = blog.server.fetch(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{blog.name}' AND random() < 0.5"  # noqa: S608 - the name is a constant
        )
        setting.counts["ended connections"] += len(ended)


def cut_connections(setting: Setting) -> None:
    blog = _postgres(setting)
    cuts = blog.proxy.cuts.copy()
    while not setting.is_over():
        blog.proxy.cut = setting.generator.choice([*Cut])
        setting.pause(0.1)
    blog.proxy.cut = Cut.NEVER
    setting.counts.update({f"cuts {cut}": number for cut, number in (blog.proxy.cuts - cuts).items()})


def _postgres(setting: Setting) -> PostgresBlog:
    assert isinstance(setting.blog, PostgresBlog)
    return setting.blog


class Fault(NamedTuple):
    """A function that disturbs the commands, and the exit codes that they may have because of it.

    The short form of the test uses only some faults.
    """

    disturb: Callable[[Setting], None]
    codes: frozenset[int] = frozenset()
    is_in_short_form: bool = False
    needs_disk: bool = False
    needs_clock: bool = False


_COMMON = {
    "nothing": Fault(do_nothing),
    "signals": Fault(send_signals, is_in_short_form=True),
    "clock": Fault(move_clock, needs_clock=True),
}
FAULTS = {
    "sqlite": {
        **_COMMON,
        "full disk": Fault(fill_disk, frozenset({1}), is_in_short_form=True, needs_disk=True),
        "read-only disk": Fault(remount_disk, frozenset({1, 69, 78}), is_in_short_form=True, needs_disk=True),
    },
    "postgresql": {
        **_COMMON,
        "full disk": Fault(fill_disk, frozenset({1, 69, 75}), needs_disk=True),
        "read-only server": Fault(make_server_read_only, frozenset({78})),
        "restarts": Fault(restart_server, frozenset({69, 75}), is_in_short_form=True),
        "ended connections": Fault(end_connections, frozenset({75})),
        "cut connections": Fault(cut_connections, frozenset({69, 75}), is_in_short_form=True),
    },
}
