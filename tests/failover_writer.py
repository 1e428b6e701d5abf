"""A process that creates posts one after the other and repeats each command until it succeeds.

It is started as `python -m tests.failover_writer URL NAME LOG STOP`. The log contains one line of JSON for each
command. No new post is begun after the file STOP exists.
"""

import json
import re
import shlex
import sys
import time
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import TextIO

from tests.command_line import Cli, environment

DONE, NOT_FOUND = 0, 5
EMAIL = "ann@example.org"
# The time in seconds between two attempts.
_PAUSE = 0.05


def write_posts(cli: Cli, name: str, log: TextIO, stop: Path) -> None:
    """Create posts until the file `stop` exists."""
    for number in count():
        if stop.exists():
            return
        key = f"{name}-{number}"
        arguments = ("post", "create", "--if-not-exists", "--key", key, "--title", key, "--author", EMAIL)
        while run(cli, log, key, arguments) != DONE:
            time.sleep(_PAUSE)


def run(cli: Cli, log: TextIO, key: str, arguments: Sequence[str]) -> int:
    """Run a command and log its result. If the outcome is unknown, find out whether the operation exists."""
    result = cli(*arguments)
    entry = {"key": key, "code": result.exit_code, "error": result.stderr if result.exit_code else ""}
    unknown = re.search(r"Run `blogcli (log show (\d+) --started-at (\S+))`", result.stderr)
    if unknown:
        command = shlex.split(unknown[1])
        while (code := cli(*command).exit_code) not in {DONE, NOT_FOUND}:
            time.sleep(_PAUSE)
        entry |= {"operation": int(unknown[2]), "started_at": unknown[3], "exists": code == DONE}
    log.write(f"{json.dumps(entry)}\n")
    log.flush()
    return result.exit_code


if __name__ == "__main__":
    url, name, log_name, stop_name = sys.argv[1:]
    with Path(log_name).open("w") as log_file:
        write_posts(Cli(environment(url, Path(log_name).parent)), name, log_file, Path(stop_name))
