"""The checks of this project as nox sessions, each in an environment of its own.

`nox -l` lists them, `nox` runs lint, types and test-fast, and arguments after `--` are passed on:
`nox -s test -- tests/test_slugs.py`. The continuous integration runs these sessions.
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


@nox.session
def bench(session: nox.Session) -> None:
    """Run a benchmark, such as `nox -s bench -- search --sizes 10000`; by default that of the start-up time."""
    # An editable installation would be compiled at every start.
    session.install(".[dev]")
    name, *arguments = session.posargs or ["startup"]
    session.run("python", f"benchmarks/{name}.py", *arguments)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into site/; `nox -s docs -- serve` shows it in a browser while you write."""
    session.install(*nox.project.dependency_groups(PROJECT, "docs"))
    session.run("zensical", *(session.posargs or ["build", "--strict", "--clean"]))
