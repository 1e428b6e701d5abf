"""Names of a PostgreSQL database in a small file: a server is too far away to be asked between two keys."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from ..directories import cache_home
from ..settings import Settings

# Seconds for which the names are taken to be true.
_FRESH = 60.0


def names(kind: str, settings: Settings) -> list[str]:
    """The names of a kind as they were last seen; where that is too long ago, somebody is sent to look."""
    path = _path(settings)
    if path is None:
        return []
    try:
        found, age = json.loads(path.read_bytes()), time.time() - path.stat().st_mtime
    except (OSError, ValueError):
        found, age = {}, _FRESH
    if age >= _FRESH:
        _send_to_look(found, settings)
    known = found.get(kind) if isinstance(found, dict) else None
    return [name for name in known if isinstance(name, str)] if isinstance(known, list) else []


def store(known: Mapping[str, list[str]], settings: Settings) -> None:
    """Keep the names by kind, for this person only; OSError where that cannot be."""
    path = _path(settings)
    if path is None:
        raise FileNotFoundError("There is no home directory")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Whoever reads meanwhile finds the old file or the new one, never half of it.
    half = path.with_suffix(f".{os.getpid()}")
    half.touch(mode=0o600)
    half.write_text(json.dumps(known), encoding="utf-8")
    half.replace(path)


def _path(settings: Settings) -> Path | None:
    home = cache_home()
    # A URL may hold a password: its hash does not.
    return home and home / "blogcli" / f"names-{sha256(settings.database_url.encode()).hexdigest()[:32]}.json"


def _send_to_look(found: object, settings: Settings) -> None:
    """Start `blogcli completion refresh` and leave it alone; of many keys pressed meanwhile, none starts another."""
    try:
        store(found if isinstance(found, dict) else {}, settings)
        # With -P, Python imports nothing from the working directory, which may hold a folder `blogcli`.
        subprocess.Popen(
            [sys.executable, "-P", "-m", "blogcli", "completion", "refresh"],
            # The URL not as an argument, which other people of the machine could read.
            env=os.environ | {"BLOGCLI_DATABASE_URL": settings.database_url},
            # The shell waits until all that it might read from are closed.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        # Nowhere to write: then there is nothing to offer.
        return
