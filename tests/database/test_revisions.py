"""Tests that blogcli and Alembic derive the same chain of revisions from the migration files."""

import shutil
import sys
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from blogcli.database import revisions
from blogcli.errors import ConfigurationError

TOP = Path(__file__).parents[2]


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the migrations, make the code under test read the copy, and return the folder `versions` of the copy."""
    shutil.copytree(TOP / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOP / "alembic.ini", tmp_path)
    monkeypatch.setattr(revisions, "migrations_home", lambda: tmp_path)
    return tmp_path / "migrations" / "versions"


def alembic_chain(home: Path) -> list[str]:
    scripts = ScriptDirectory.from_config(Config(str(home / "alembic.ini")))
    return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def test_revision_chain_equals_chain_of_alembic() -> None:
    assert revisions.revision_chain() == alembic_chain(revisions.migrations_home())
    assert "alembic" in sys.modules


def test_revision_chain_ignores_file_names(versions: Path) -> None:
    head = revisions.head_revision()
    (versions / "0000_last.py").write_text(f'down_revision: str | None = "{head}"\nrevision: str = "1975ea83b712"\n')
    (versions / "9999_backup.py.orig").write_text('revision = "9999"\n')
    (versions / ".#0005_lock.py").write_text('revision = "9998"\ndown_revision = "0001"\n')
    assert revisions.revision_chain() == alembic_chain(versions.parents[1])
    assert revisions.head_revision() == "1975ea83b712"
    assert revisions.next_revision() == f"{len(revisions.revision_chain()) + 1:04}"


def test_next_revision_skips_existing_numbers(versions: Path) -> None:
    head = revisions.head_revision()
    number = f"{len(revisions.revision_chain()) + 2:04}"
    (versions / "by_hand.py").write_text(f"revision = {number!r}\ndown_revision = {head!r}\n")
    assert revisions.next_revision() == f"{int(number) + 1:04}"


@pytest.mark.parametrize("down_revision", ["'0001'", "'0777'", "None"])
def test_revision_chain_refuses_files_without_one_chain(versions: Path, down_revision: str) -> None:
    (versions / "fork.py").write_text(f"revision = '0700'\ndown_revision = {down_revision}\n")
    with pytest.raises(ConfigurationError, match="do not form one chain"):
        revisions.head_revision()


def test_revision_chain_refuses_empty_folder(versions: Path) -> None:
    shutil.rmtree(versions)
    with pytest.raises(ConfigurationError, match="do not form one chain"):
        revisions.head_revision()
