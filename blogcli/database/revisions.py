"""The revision the code expects, found without importing Alembic, and where the migrations stand."""

from pathlib import Path

from ..errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent


def migrations_home() -> Path:
    """The folder that holds `alembic.ini` and `migrations/`: the package in a wheel, the top of a checkout."""
    return _PACKAGE if (_PACKAGE / "migrations").is_dir() else _PACKAGE.parent


def head_revision() -> str:
    """The newest revision: versions are files named `NNNN_what.py`, in one chain."""
    return max(path.name[:4] for path in (migrations_home() / "migrations" / "versions").glob("[0-9]*_*.py"))


def verify_revision(revision: str | None) -> None:
    """Raise ConfigurationError unless `revision` is the one the code expects."""
    head = head_revision()
    if revision == head:
        return
    if revision is not None and revision > head:
        raise ConfigurationError(
            f"The database is at revision {revision}, newer than this blogcli knows ({head})",
            hint="Install a newer blogcli.",
        )
    found = f"at revision {revision}" if revision else "empty"
    raise ConfigurationError(
        f"The database is {found}; blogcli needs revision {head}", hint="Run `blogcli db upgrade`."
    )
