"""The nox sessions of this project: checks, benchmarks and the documentation. Each session has its own environment.

`nox -l` lists the sessions. `nox` runs the sessions lint, types and test-fast. Arguments after `--` are passed on to
the program of a session, as in `nox -s test -- tests/test_errors.py`. The sessions lint and types ignore them.
"""

import nox

nox.options.sessions = ["lint", "types", "test-fast"]
nox.options.reuse_venv = "yes"

PROJECT = nox.project.load_toml("pyproject.toml")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting, imports between layers, and declared dependencies."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")
    session.run("deptry", "--no-ansi", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types."""
    session.install("-e", ".[dev]")
    session.run("mypy")


@nox.session
def test(session: nox.Session) -> None:
    """Run the tests on SQLite and PostgreSQL."""
    session.install("-e", ".[dev]")
    session.run("pytest", *session.posargs)


@nox.session(name="test-fast")
def test_fast(session: nox.Session) -> None:
    """Run the tests that do not need PostgreSQL."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-m", "not postgresql", *session.posargs)


@nox.session(name="test-pythons", python=nox.project.python_versions(PROJECT))
def test_pythons(session: nox.Session) -> None:
    """Run the tests that do not need PostgreSQL on each supported version of Python that is installed."""
    session.install("-e", ".[dev]")
    session.run("pytest", "-m", "not postgresql", *session.posargs)


@nox.session(name="test-lowest", python="3.11")
def test_lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions of the dependencies that pyproject.toml allows."""
    session.install("uv")
    python = f"{session.bin}/python"
    session.run("uv", "pip", "install", "--python", python, "--resolution", "lowest-direct", "-e", ".[dev]")
    session.run("pytest", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Run a benchmark, by default `startup`. Example: `nox -s bench -- search --sizes 10000`."""
    # The installation is not editable, because an editable installation may compile modules at each start.
    session.install(".[dev]")
    name, *arguments = session.posargs or ["startup"]
    session.run("python", f"benchmarks/{name}.py", *arguments)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/. `nox -s docs -- serve` shows it in a browser while you write."""
    session.install(*nox.project.dependency_groups(PROJECT, "docs"))
    session.run("zensical", *(session.posargs or ["build", "--strict", "--clean"]))
