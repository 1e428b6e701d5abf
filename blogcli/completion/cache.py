"""Cache the names of a PostgreSQL database in a file, because importing the driver and connecting takes too long.

See docs/decisions/0014-completion-cache.md.
"""

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

# The number of seconds after which the names are refreshed.
_MAX_AGE = 60.0


def cached_names(kind: str, settings: Settings) -> list[str]:
    """Return the cached names of a kind, and start a refresh in the background if the cache is too old."""
    path = _path(settings)
    if path is None:
        return []
    try:
        content = json.loads(path.read_bytes())
        age = time.time() - path.stat().st_mtime
    except (OSError, ValueError):
        content = {}
        age = _MAX_AGE
    if age >= _MAX_AGE:
        _start_refresh(content, settings)
    names = content.get(kind) if isinstance(content, dict) else None
    if not isinstance(names, list):
        return []
    return [name for name in names if isinstance(name, str)]


def store_names(names: Mapping[str, list[str]], settings: Settings) -> None:
    """Store the names of each kind in a file that only the current user can read.

    Raises OSError if the file cannot be written.
    """
    path = _path(settings)
    if path is None:
        raise FileNotFoundError("There is no home directory")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The file is replaced at once, so that no other process reads a part of it.
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(names), encoding="utf-8")
    temporary.replace(path)


def _path(settings: Settings) -> Path | None:
    home = cache_home()
    # The URL may contain a password, so the file is named after its hash.
    return home and home / "blogcli" / f"names-{sha256(settings.database_url.encode()).hexdigest()[:32]}.json"


def _start_refresh(content: object, settings: Settings) -> None:
    """Start `blogcli completion refresh` in the background.

    The old content is stored first, which renews the age of the file, so that the next key does not start another.
    """
    try:
        store_names(content if isinstance(content, dict) else {}, settings)
        # With -P, Python imports nothing from the working directory, which may hold a folder `blogcli`.
        subprocess.Popen(
            [sys.executable, "-P", "-m", "blogcli", "completion", "refresh"],
            # Other users of the machine can read arguments, so the URL is passed in the environment.
            env=os.environ | {"BLOGCLI_DATABASE_URL": settings.database_url},
            # The shell would wait until the refresh closes the streams that it inherits.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        # Without a cache that can be written, nothing is offered.
        return
