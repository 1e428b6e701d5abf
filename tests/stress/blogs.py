"""The databases that the tests disturb, one on each engine."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.databases import fetch
from tests.stress.disk import Disk
from tests.stress.proxy import Proxy
from tests.stress.server import Server
from tests.subprocesses import TIMEOUT

# The key columns of each recorded table.
TABLES = {"users": "id", "posts": "id", "tags": "id", "post_tags": "post_id, tag_id", "post_imports": "post_id"}
_OTHERS = "pid <> pg_backend_pid() AND backend_type = 'client backend'"

State = dict[str, list[tuple[Any, ...]]]


def read_state(url: str) -> State:
    """Return all rows of the recorded tables as the database stores them."""
    row = "t::text" if url.startswith("postgres") else "*"
    return {
        name: fetch(url, f"SELECT {row} FROM {name} AS t ORDER BY {key}")  # noqa: S608 - the names are constants
        for name, key in TABLES.items()
    }


class SqliteBlog:
    """A SQLite file on a small disk."""

    engine = "sqlite"

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.url = self.program_url = str(disk.folder / "blog.db")

    def settle(self) -> None:
        """Do nothing, because the lock of a process ends with the process."""

    @contextmanager
    def copied(self, folder: Path) -> Iterator[str]:
        """Yield a copy of the database."""
        path = folder / f"{uuid4()}.db"
        with closing(sqlite3.connect(self.url)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
        yield str(path)
        path.unlink()

    def leftovers(self) -> list[object]:
        """Return files and rows that no command leaves behind. A killed command may leave the log of SQLite."""
        names = {path.name for path in self.disk.folder.iterdir()}
        return [*(names - {"blog.db", "blog.db-wal", "blog.db-shm"}), *fetch(self.url, "SELECT * FROM journal_current")]


class PostgresBlog:
    """A database on a server of its own, which the program uses through a proxy."""

    engine = "postgresql"

    def __init__(self, server: Server, proxy: Proxy, disk: Disk) -> None:
        self.server = server
        self.proxy = proxy
        self.disk = disk
        self.name = f"blog_{uuid4().hex}"
        server.execute(f"CREATE DATABASE {self.name} TEMPLATE template0")
        self.url = server.url_of(self.name)
        self.program_url = server.url_of(self.name, proxy.address)

    def settle(self) -> None:
        """Wait until the server runs and has noticed the end of all clients."""
        deadline = time.monotonic() + TIMEOUT
        while self.server.fetch(f"SELECT pid FROM pg_stat_activity WHERE {_OTHERS}"):  # noqa: S608 - the text is a constant
            assert time.monotonic() < deadline, "A client is still connected"
            time.sleep(0.01)

    @contextmanager
    def copied(self, _: Path) -> Iterator[str]:
        """Yield a copy of the database."""
        copy = f"copy_{uuid4().hex}"
        self.server.execute(f"CREATE DATABASE {copy} TEMPLATE {self.name} STRATEGY file_copy")
        yield self.server.url_of(copy)
        self.server.execute(f"DROP DATABASE {copy} WITH (FORCE)")

    def leftovers(self) -> list[object]:
        """Return locks and prepared transactions."""
        held = "SELECT locktype, objid FROM pg_locks WHERE locktype = 'advisory'"
        return [*self.server.fetch(held), *self.server.fetch("SELECT gid FROM pg_prepared_xacts")]


# The program uses a database by its `program_url`, and the tests use it by its `url`.
Blog = SqliteBlog | PostgresBlog
