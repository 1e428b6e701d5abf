"""The chain of revisions, read from the migration files without importing Alembic, and where those files are."""

import re
from pathlib import Path

from ..errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent
# The two assignments by which Alembic orders the files.
_ASSIGNMENT = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.*)$", re.MULTILINE)
_TEXT = re.compile(r"""(["'])(.*?)\1""")


def migrations_home() -> Path:
    """Return the folder that holds `alembic.ini` and `migrations/`: the package in a wheel, else the checkout."""
    return _PACKAGE if (_PACKAGE / "migrations").is_dir() else _PACKAGE.parent


def is_checkout() -> bool:
    """Whether the program runs from a checkout, in which new migrations can be written."""
    home = migrations_home()
    return home != _PACKAGE and (home / "pyproject.toml").is_file()


def revision_chain() -> list[str]:
    """Return all revisions, the oldest first, as the migration files order them.

    Raises ConfigurationError where the files do not form one chain.
    """
    folder = migrations_home() / "migrations" / "versions"
    following: dict[str | None, list[str]] = {}
    for path in folder.glob("*.py"):
        revision, before = _revisions_of(path)
        if revision:
            following.setdefault(before, []).append(revision)
    chain: list[str] = []
    while len(next_ones := following.pop(chain[-1] if chain else None, [])) == 1:
        chain += next_ones
    if not chain or next_ones or following:
        raise ConfigurationError(
            f"The migrations in {folder} do not form one chain",
            hint="Each file's down_revision must name another file's revision, and no two the same.",
        )
    return chain


def head_revision() -> str:
    """Return the newest revision: the one that no other migration follows."""
    return revision_chain()[-1]


def next_revision() -> str:
    """Return the number of a revision to come: as many digits as the others have."""
    chain = revision_chain()
    number = len(chain) + 1
    while f"{number:04}" in chain:
        number += 1
    return f"{number:04}"


def verify_revision(revision: str | None) -> None:
    """Raise ConfigurationError unless `revision` is the one the code expects."""
    head = head_revision()
    if revision == head:
        return
    if revision is not None and is_newer(revision):
        raise ConfigurationError(
            f"The database is at revision {revision}, newer than this blogcli knows ({head})",
            hint="Install a newer blogcli.",
        )
    found = f"at revision {revision}" if revision else "empty"
    raise ConfigurationError(
        f"The database is {found}; blogcli needs revision {head}", hint="Run `blogcli db upgrade`."
    )


def is_newer(revision: str) -> bool:
    """Whether it is the number of a revision that a newer blogcli has."""
    return re.fullmatch(r"[0-9]{4}", revision) is not None and int(revision) > len(revision_chain())


def _revisions_of(path: Path) -> tuple[str | None, str | None]:
    """Return the revision of a migration file, and the one before it."""
    # Alembic passes over the same files.
    if path.name.startswith((".#", "__init__")):
        return None, None
    values = dict(_ASSIGNMENT.findall(path.read_text("utf-8")))
    texts = {name: _TEXT.search(value) for name, value in values.items()}
    found = {name: match[2] for name, match in texts.items() if match}
    return found.get("revision"), found.get("down_revision")
