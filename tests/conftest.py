"""Fixtures for all tests: databases on both engines, command lines and sessions."""

import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from blogcli.database import SessionFactory, open_database
from tests.command_line import Cli, environment
from tests.databases import ENGINES, Templates, folder_in_memory, settings_for
from tests.snapshots import Snapshots
from tests.stress import IS_FULL

# Hypothesis fails a test if an example takes longer than the deadline. No deadline is set, because the time that an
# example takes depends on the machine.
settings.register_profile("blogcli", deadline=None, max_examples=100 if IS_FULL else 50)
settings.load_profile("blogcli")

_COMMANDS = Path(__file__).parent / "commands"
_TEMPLATES = pytest.StashKey[Templates]()

# The fixtures that always need PostgreSQL, even if a test has no parameter with the value `postgresql`.
_POSTGRESQL_FIXTURES = frozenset({"postgres_url", "other_cli", "both", "guarded_role", "postgres_blog"})


def pytest_configure(config: pytest.Config) -> None:
    """In the main process, create the folder for templates. In a worker process, use the folder of the main process."""
    if hasattr(config, "workerinput"):
        folder = config.workerinput["templates"]
    else:
        folder = tempfile.mkdtemp(prefix="blogcli-tests-", dir=folder_in_memory())
    config.stash[_TEMPLATES] = Templates(Path(folder))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processors plus one, because some tests wait for processes or for the server."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Pass the folder for templates to a worker of pytest-xdist."""
    node.workerinput["templates"] = str(node.config.stash[_TEMPLATES].folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the templates after the workers have ended."""
    if not hasattr(config, "workerinput"):
        config.stash[_TEMPLATES].remove()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before pytest selects tests by their markers, add a marker to each test that needs PostgreSQL."""
    for item in items:
        if _needs_postgresql(item):
            item.add_marker("postgresql")


def _needs_postgresql(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function):
        return False
    parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return "postgresql" in parameters or not _POSTGRESQL_FIXTURES.isdisjoint(item.fixturenames)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """Allow a test to use PostgreSQL only if it is marked, so that `-m "not postgresql"` never starts a server."""
    is_marked = item.get_closest_marker("postgresql") is not None
    item.config.stash[_TEMPLATES].is_postgresql_allowed = is_marked
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Turn off the measurement of coverage for untraced tests and their fixtures, because it takes time."""
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
    # Commands run the same code on both engines, so coverage of the tests of commands is measured only on SQLite.
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return parameters.get("engine_name") == "postgresql" and _COMMANDS in item.path.parents


@pytest.fixture(scope="session")
def templates(pytestconfig: pytest.Config) -> Templates:
    return pytestconfig.stash[_TEMPLATES]


@pytest.fixture(scope="session")
def snapshots(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshots]:
    snapshots = Snapshots(templates, tmp_path_factory.mktemp("snapshots"))
    yield snapshots
    snapshots.close()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database_url(engine_name: str, templates: Templates, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a new migrated database. A test with this fixture is run once for each engine."""
    url = templates.new(engine_name, tmp_path)
    yield url
    templates.drop(url)


@pytest.fixture
def postgres_url(templates: Templates) -> Iterator[str]:
    """Yield the URL of a new PostgreSQL database without tables."""
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
def other_cli(engine_name: str, templates: Templates, tmp_path: Path) -> Iterator[Cli]:
    """Yield a `Cli` for an empty migrated database on the other engine, which is not `engine_name`."""
    (other,) = {*ENGINES} - {engine_name}
    home = tmp_path / "other"
    home.mkdir()
    url = templates.new(other, home)
    yield Cli(environment(url, home))
    templates.drop(url)


@pytest.fixture
async def sessions(database_url: str) -> AsyncIterator[SessionFactory]:
    async with open_database(settings_for(database_url)) as factory:
        yield factory
