"""Read the chain of revisions from the migration files. Alembic is not imported."""

import re
from pathlib import Path

from ..errors import ConfigurationError

_PACKAGE = Path(__file__).resolve().parent.parent
# Matches the assignments to `revision` and `down_revision` in a migration file. Alembic derives the order of the
# migrations from these values.
_ASSIGNMENT = re.compile(r"^(revision|down_revision)\b[^=\n]*=(.*)$", re.MULTILINE)
_TEXT = re.compile(r"""(["'])(.*?)\1""")


def migrations_home() -> Path:
    """Return the folder that contains `alembic.ini` and `migrations/`.

    If blogcli was installed from a wheel, this folder is the package. Otherwise, it is the root of the checkout.
    """
    return _PACKAGE if (_PACKAGE / "migrations").is_dir() else _PACKAGE.parent


def is_checkout() -> bool:
    """Return whether the program runs from a source checkout. New migrations can be created only in a checkout."""
    home = migrations_home()
    return home != _PACKAGE and (home / "pyproject.toml").is_file()


def revision_chain() -> list[str]:
    """Return all revisions in the order of migration, oldest first.

    Raises ConfigurationError if the migration files do not form one chain.
    """
    folder = migrations_home() / "migrations" / "versions"
    successors: dict[str | None, list[str]] = {}
    for path in folder.glob("*.py"):
        revision, previous = _read_revisions(path)
        if revision:
            successors.setdefault(previous, []).append(revision)
    chain: list[str] = []
    while len(next_revisions := successors.pop(chain[-1] if chain else None, [])) == 1:
        chain += next_revisions
    if not chain or next_revisions or successors:
        raise ConfigurationError(
            f"The migrations in {folder} do not form one chain",
            hint="Set the down_revision of each file to the revision of another file, each at most once.",
        )
    return chain


def head_revision() -> str:
    """Return the newest revision, which is the last revision of the chain."""
    return revision_chain()[-1]


def next_revision() -> str:
    """Return a four-digit number that no revision has yet. A new revision can use the number as its id."""
    chain = revision_chain()
    number = len(chain) + 1
    while f"{number:04}" in chain:
        number += 1
    return f"{number:04}"


def verify_revision(revision: str | None) -> None:
    """Raise ConfigurationError unless `revision` is the revision that the code requires."""
    head = head_revision()
    if revision == head:
        return
    if revision is not None and is_newer(revision):
        raise ConfigurationError(
            f"The database is at revision {revision}, which is newer than this blogcli ({head})",
            hint="Install a newer blogcli.",
        )
    state = f"at revision {revision}" if revision else "empty"
    raise ConfigurationError(
        f"The database is {state}; blogcli needs revision {head}", hint="Run `blogcli db upgrade`."
    )


def is_newer(revision: str) -> bool:
    """Return whether `revision` looks like a revision number of a newer version of blogcli."""
    return re.fullmatch(r"[0-9]{4}", revision) is not None and int(revision) > len(revision_chain())


def _read_revisions(path: Path) -> tuple[str | None, str | None]:
    """Return the values of `revision` and `down_revision` in a migration file. A value that is not set is None."""
    # Alembic ignores files whose names start with these prefixes, so such files are not migrations.
    if path.name.startswith((".#", "__init__")):
        return None, None
    values = dict(_ASSIGNMENT.findall(path.read_text("utf-8")))
    texts = {name: _TEXT.search(value) for name, value in values.items()}
    revisions = {name: match[2] for name, match in texts.items() if match}
    return revisions.get("revision"), revisions.get("down_revision")
