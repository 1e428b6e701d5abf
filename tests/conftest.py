"""Fixtures: both databases for every test that asks for one, the command line, the sessions."""

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from blogcli.database import SessionFactory, open_database
from tests.command_line import Cli, environment
from tests.databases import ENGINES, Templates, folder_in_memory, make_templates, settings_for, start_server
from tests.snapshots import Scenes

# How long an example takes says more about the machine than about the code.
settings.register_profile("blogcli", deadline=None, max_examples=100 if os.environ.get("BLOGCLI_ORDEAL") else 50)
settings.load_profile("blogcli")

_COMMANDS = Path(__file__).parent / "commands"
_STARTED = pytest.StashKey[tuple[Path, Any]]()
_TEMPLATES = pytest.StashKey[Templates]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the process that hands out the tests; workers are told where it is."""
    if hasattr(config, "workerinput"):
        told = config.workerinput["templates"]
        config.stash[_TEMPLATES] = Templates(Path(told["folder"]), told["server"], told["database"])
        return
    folder = Path(tempfile.mkdtemp(prefix="blogcli-tests-", dir=folder_in_memory()))
    server = start_server(folder)
    config.stash[_STARTED] = (folder, server)
    config.stash[_TEMPLATES] = make_templates(folder, server)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Run one worker more than there are processors, because some tests wait for processes or for the server."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the templates are."""
    templates = node.config.stash[_TEMPLATES]
    node.workerinput["templates"] = {
        "folder": str(templates.folder),
        "server": templates.server,
        "database": templates.database,
    }


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what `pytest_configure` made."""
    if _STARTED in config.stash:
        folder, server = config.stash[_STARTED]
        if server:
            server.cleanup()
        else:
            templates = config.stash[_TEMPLATES]
            templates.drop(templates.url_of(templates.database))
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run some tests, and their fixtures, without the tracer that measures coverage, which multiplies their time."""
    if not _is_untraced(item):
        return (yield)
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


def _is_untraced(item: pytest.Item) -> bool:
    if item.get_closest_marker("untraced") is not None:
        return True
    # The lines of the commands are the same for both databases, and traced on SQLite.
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return parameters.get("engine_name") == "postgresql" and _COMMANDS in item.path.parents


@pytest.fixture(scope="session", autouse=True)
def cheap_hashes() -> Iterator[None]:
    """Hash passwords with the least effort: with that of the program, each takes 0.14 seconds."""
    cheap = partial(PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)
    with patch("blogcli.services.passwords.PasswordHasher", cheap):
        yield


@pytest.fixture(scope="session")
def templates(pytestconfig: pytest.Config) -> Templates:
    return pytestconfig.stash[_TEMPLATES]


@pytest.fixture(scope="session")
def scenes(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenes]:
    made = Scenes(templates, tmp_path_factory.mktemp("scenes"))
    yield made
    made.close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, on each engine in turn."""
    url = templates.new(engine_name, tmp_path)
    yield url
    templates.drop(url)


@pytest.fixture
def postgres_url(templates: Templates) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    url = templates.new_postgresql(template="template0")
    yield url
    templates.drop(url)


@pytest.fixture
def environ(database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment(database_url, tmp_path)


@pytest.fixture
def cli(environ: dict[str, str]) -> Cli:
    return Cli(environ)


@pytest.fixture
def elsewhere(engine_name: str, templates: Templates, tmp_path: Path) -> Iterator[Cli]:
    """The command line on an empty database of the other engine."""
    (other,) = {*ENGINES} - {engine_name}
    home = tmp_path / "elsewhere"
    home.mkdir()
    url = templates.new(other, home)
    yield Cli(environment(url, home))
    templates.drop(url)


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[SessionFactory]:
    async with open_database(settings_for(database_url)) as factory:
        yield factory
