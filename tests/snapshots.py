"""Blogs for many tests, which are filled once for each database in each process and copied for each test."""

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
    """The templates that this process has created."""

    templates: Templates
    folder: Path
    _urls: dict[tuple[object, str], str] = field(default_factory=dict)

    def copy(self, name: object, engine: str, folder: Path, fill: Callable[[str, Path], None]) -> str:
        """Return a copy of the database called `name`, which `fill` has filled, given its URL and home directory."""
        if (name, engine) not in self._urls:
            home = self.folder / f"snapshot{len(self._urls)}"
            home.mkdir()
            url = self.templates.new(engine, home)
            fill(url, home)
            self._urls[name, engine] = url
        return self.templates.new(engine, folder, template=self._urls[name, engine])

    def close(self) -> None:
        """Remove all templates."""
        for url in self._urls.values():
            self.templates.drop(url)
        shutil.rmtree(self.folder)


def cli_snapshot(commands: Callable[[Cli], None]) -> Any:
    """Return a fixture with a name, which is the command line on a blog that `commands` has filled."""

    @pytest.fixture(name=commands.__name__)
    def filled(snapshots: Snapshots, engine_name: str, tmp_path: Path) -> Iterator[Cli]:
        url = snapshots.copy(commands, engine_name, tmp_path, lambda *place: commands(Cli(environment(*place))))
        yield Cli(environment(url, tmp_path))
        snapshots.templates.drop(url)

    return filled


def session_snapshot(store: Callable[[SessionFactory], Awaitable[None]]) -> Any:
    """Return a fixture with a name, which is the sessions of a blog that `store` has filled."""

    async def run(url: str) -> None:
        async with open_database(settings_for(url)) as sessions:
            await store(sessions)

    def fill(url: str, _: Path) -> None:
        # The test has its own event loop, so the template is created in another thread.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, run(url)).result()

    @pytest_asyncio.fixture(name=getattr(store, "__name__", ""))
    async def filled(snapshots: Snapshots, engine_name: str, tmp_path: Path) -> AsyncIterator[SessionFactory]:
        url = snapshots.copy(store, engine_name, tmp_path, fill)
        async with open_database(settings_for(url)) as sessions:
            yield sessions
        snapshots.templates.drop(url)

    return filled
