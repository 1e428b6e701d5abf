"""Create blogs that each process fills only once for each engine. Each test gets a copy of a filled blog."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from blogcli.database import SessionFactory, open_database
from tests.command_line import Cli, environment
from tests.databases import Templates, settings_for


@dataclass(frozen=True)
class Snapshots:
    """The filled databases of this process. Each test gets a copy of a filled database."""

    templates: Templates
    folder: Path
    _urls: dict[tuple[object, str], str] = field(default_factory=dict)

    def copy(self, name: object, engine: str, folder: Path, fill: Callable[[str, Path], None]) -> str:
        """Create a copy of the filled database `name`, and return the URL of the copy.

        The first call for a name and an engine creates the database, and calls `fill` with the URL of the database and
        with a home directory.
        """
        if (name, engine) not in self._urls:
            home = self.folder / f"snapshot{len(self._urls)}"
            home.mkdir()
            url = self.templates.new(engine, home)
            fill(url, home)
            self._urls[name, engine] = url
        return self.templates.new(engine, folder, template=self._urls[name, engine])

    def close(self) -> None:
        """Remove all filled databases."""
        for url in self._urls.values():
            self.templates.drop(url)
        shutil.rmtree(self.folder)


def cli_snapshot(commands: Callable[[Cli], None]) -> Any:
    """Return a fixture that yields a `Cli` for a blog. The name of the fixture is the name of the function `commands`.

    `commands` fills the blog. Each test gets a copy of the blog.
    """

    @pytest.fixture(name=commands.__name__)
    def filled(snapshots: Snapshots, engine_name: str, tmp_path: Path) -> Iterator[Cli]:
        url = snapshots.copy(commands, engine_name, tmp_path, lambda url, home: commands(Cli(environment(url, home))))
        yield Cli(environment(url, tmp_path))
        snapshots.templates.drop(url)

    return filled


def session_snapshot(store: Callable[[SessionFactory], Awaitable[None]]) -> Any:
    """Return a fixture that yields a session factory for a blog. The name of the fixture is the name of `store`.

    `store` fills the blog. Each test gets a copy of the blog.
    """

    async def run(url: str) -> None:
        async with open_database(settings_for(url)) as sessions:
            await store(sessions)

    def fill(url: str, _: Path) -> None:
        # The database is filled in another thread, because the event loop of the test is running in this thread.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, run(url)).result()

    @pytest_asyncio.fixture(name=getattr(store, "__name__", ""))
    async def filled(snapshots: Snapshots, engine_name: str, tmp_path: Path) -> AsyncIterator[SessionFactory]:
        url = snapshots.copy(store, engine_name, tmp_path, fill)
        async with open_database(settings_for(url)) as sessions:
            yield sessions
        snapshots.templates.drop(url)

    return filled
