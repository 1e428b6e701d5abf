"""Tests that the wheel contains all files that the program needs outside of the checkout."""

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from email.parser import Parser
from pathlib import Path

import pytest

from blogcli import __version__

TOP = Path(__file__).parent.parent
Run = Callable[..., subprocess.CompletedProcess[str]]
# The time of the files in the built archives, as the variable SOURCE_DATE_EPOCH: 2025-01-01 in UTC.
BUILD_TIME = "1735689600"


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build the source archive from this checkout, and the wheel from the source archive, without network access.

    Returns the paths by the suffixes of the files.
    """
    folder = tmp_path_factory.mktemp("distributions")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(TOP)]
    subprocess.run(build, check=True, capture_output=True, env=os.environ | {"SOURCE_DATE_EPOCH": BUILD_TIME})
    return {path.suffix: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def wheel(distributions: dict[str, Path]) -> Path:
    return distributions[".whl"]


@pytest.fixture(scope="module")
def prefix(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty folder, as into a virtual environment, and return the folder."""
    folder = tmp_path_factory.mktemp("installed")
    options = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", "--ignore-installed"]
    command = [sys.executable, "-m", "pip", "install", *options, "--prefix", str(folder), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def installed(prefix: Path) -> Path:
    """Return the folder of the package that pip has installed."""
    return next(prefix.glob("lib/python*/site-packages/blogcli")).parent


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Return a function that runs Python code in a folder outside of the checkout.

    The code imports the package that `installed` has installed. The options -I and -S of Python prevent imports from
    the checkout.
    """
    folders = [str(installed), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    # If the checkout is installed in editable mode, the module `site` adds the checkout to the import path. The option
    # -S disables this module, so the code itself has to add the folders of installed packages.
    start = f"import sys; sys.path += {folders!r}; "

    def run_code(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "-c", start + code, *arguments]
        environ = {"PATH": os.defpath, "HOME": str(tmp_path)}
        return subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    return run_code


START = "from blogcli.__main__ import start; start()"


def test_wheel_contains_only_package_and_migrations(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = {str(path.relative_to(TOP)) for path in (TOP / "blogcli").rglob("*.py")}
    migrations = {f"blogcli/{path.relative_to(TOP)}" for path in (TOP / "migrations").rglob("*.py")}
    assert sources | migrations <= names
    assert {"blogcli/alembic.ini", "blogcli/migrations/script.py.mako"} <= names
    folders = {"blogcli", f"blogcli-{__version__}.dist-info", f"blogcli-{__version__}.data"}
    assert {name.partition("/")[0] for name in names} == folders
    assert not [name for name in names if name.endswith(".pyc")]


def test_wheel_contains_man_pages_and_completion_scripts(wheel: Path) -> None:
    start = f"blogcli-{__version__}.data/data/share/"
    names = {name.removeprefix(start) for name in zipfile.ZipFile(wheel).namelist() if ".data/" in name}
    pages = {name for name in names if name.startswith("man/man1/")}
    assert {"man/man1/blogcli.1", "man/man1/blogcli-post-tag-add.1", "man/man1/blogcli-undo.1"} <= pages
    assert names - pages == {
        "bash-completion/completions/blogcli",
        "fish/vendor_completions.d/blogcli.fish",
        "zsh/site-functions/_blogcli",
    }


def test_builds_are_reproducible(distributions: dict[str, Path], tmp_path: Path) -> None:
    """Build from the checkout, and compare with the archives that another tool has built from the source archive."""
    environ = os.environ | {"SOURCE_DATE_EPOCH": BUILD_TIME, "PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "COLUMNS": "40"}
    build = [sys.executable, "-m", "hatchling", "build", "--directory", str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True, cwd=TOP, env=environ, umask=0o077)
    for path in distributions.values():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_wheel_declares_script_and_dependencies(wheel: Path) -> None:
    folder = f"blogcli-{__version__}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        metadata = Parser().parsestr(archive.read(f"{folder}/METADATA").decode())
        scripts = archive.read(f"{folder}/entry_points.txt").decode().splitlines()
    assert metadata["Version"] == __version__
    assert "blogcli = blogcli.__main__:start" in scripts
    dependencies = {name.split(";")[0] for name in metadata.get_all("Requires-Dist", []) if "extra ==" not in name}
    assert {"aiosqlite", "alembic", "asyncpg"} <= {name.split(">")[0] for name in dependencies}


def test_migrations_are_read_from_installed_package(run: Run, installed: Path) -> None:
    result = run("from blogcli.database.revisions import migrations_home; print(migrations_home())")
    assert (result.returncode, result.stderr) == (0, "")
    assert Path(result.stdout.strip()) == (installed / "blogcli").resolve()


def test_installed_program_creates_and_reads_database(run: Run, tmp_path: Path) -> None:
    assert run(START, "post", "list").returncode == 78
    upgraded = run(START, "db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr
    assert (tmp_path / ".local/share/blogcli/blog.db").is_file()
    status = run(START, "db", "status", "--fields", "revision,head,posts")
    assert status.returncode == 0, status.stderr
    revision, head, posts = status.stdout.split()
    assert (revision, posts) == (head, "0")
    created = run(START, "user", "create", "ann@example.org", "--generate-password")
    assert created.returncode == 0, created.stderr
    assert run(START, "post", "create", "--title", "Hello", "--author", "ann@example.org").returncode == 0
    listed = run(START, "post", "list", "--field", "slug")
    assert (listed.returncode, listed.stdout) == (0, "hello\n")


def test_help_finds_man_page_of_installed_program(run: Run, prefix: Path) -> None:
    code = "from blogcli.cli import man_pages; print(man_pages._PAGES)"
    assert run(code).stdout.strip() == str(prefix / "share" / "man" / "man1")
    assert (prefix / "share" / "man" / "man1" / "blogcli-post-list.1").is_file()


def test_script_of_wheel_runs(prefix: Path, installed: Path, tmp_path: Path) -> None:
    """Run the script that pip has created, with the package that pip has installed."""
    script = prefix / "bin" / "blogcli"
    assert os.access(script, os.X_OK)
    environ = {"PATH": os.defpath, "HOME": str(tmp_path), "PYTHONPATH": str(installed)}
    result = subprocess.run(
        [script, "--version"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert result.stdout == f"blogcli {__version__}\n"
