"""A file that caches the names in a PostgreSQL database.

Completion reads the names from this file, because completion must not wait for a connection.
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
from ..text.json_text import parse_json

# The number of seconds after which the cached names are refreshed.
_MAX_AGE = 60.0


def cached_names(kind: str, settings: Settings) -> list[str]:
    """Return the cached names of the given kind, and refresh the cache in the background if it is too old.

    `kind` is `tags`, `users` or `posts`.
    """
    path = _cache_path(settings)
    if path is None:
        return []
    try:
        content = parse_json(path.read_bytes())
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
    path = _cache_path(settings)
    if path is None:
        raise FileNotFoundError("There is no home directory")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The names are written to a temporary file first, so that no other process reads an incomplete file.
    temporary = path.with_suffix(f".{os.getpid()}")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(names), encoding="utf-8")
    temporary.replace(path)


def _cache_path(settings: Settings) -> Path | None:
    home = cache_home()
    # The file name contains a hash instead of the URL, because the URL may contain a password.
    return home and home / "blogcli" / f"names-{sha256(settings.database_url.encode()).hexdigest()[:32]}.json"


def _start_refresh(content: object, settings: Settings) -> None:
    """Start `blogcli completion refresh` in the background.

    Before the start, the old content is stored again. Storing the content resets the age of the file, so that the next
    completion does not start another refresh.
    """
    try:
        store_names(content if isinstance(content, dict) else {}, settings)
        # With -P, Python imports nothing from the working directory, which may contain a folder `blogcli`.
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "blogcli", "completion", "refresh", "--url-stdin"],
            # The URL is passed on stdin, because other programs can read the arguments and variables of a process.
            stdin=subprocess.PIPE,
            # The streams are redirected, because the shell would wait until the process closes the inherited streams.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        with process.stdin as stdin:  # type: ignore[union-attr]  # stdin is a pipe
            stdin.write(os.fsencode(settings.database_url))
    except OSError:
        # The cache cannot be refreshed. The error is ignored, because completion must not print messages.
        return
