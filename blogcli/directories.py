"""Find the directories in which blogcli stores the files of a user, by the XDG Base Directory Specification.

A directory is unknown if its XDG variable contains no absolute path and there is no home directory.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from .errors import ConfigurationError


def config_path(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the default path of the config file, or None if its directory is unknown."""
    home = _home(environ, "XDG_CONFIG_HOME", ".config")
    return home and home / "blogcli" / "config.toml"


def cache_home(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the directory for files that can be recreated, or None if the directory is unknown."""
    return _home(environ, "XDG_CACHE_HOME", ".cache")


def state_home(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the directory for persistent state such as unsaved texts, or None if the directory is unknown."""
    return _home(environ, "XDG_STATE_HOME", ".local/state")


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for data files.

    Raises ConfigurationError if the directory is unknown.
    """
    home = _home(environ, "XDG_DATA_HOME", ".local/share")
    if home is None:
        raise ConfigurationError(
            "There is no home directory for the default database", hint="Use --database-url, or set HOME."
        )
    return home


def _home(environ: Mapping[str, str], variable: str, default: str) -> Path | None:
    # The XDG specification requires programs to ignore a relative path, so only an absolute path is used.
    path = environ.get(variable, "")
    if os.path.isabs(path):  # noqa: PTH117 - only an absolute path is converted to a Path
        return Path(path)
    try:
        return Path.home() / default
    except RuntimeError:
        # Path.home() fails if HOME is not set and the system does not know the user.
        return None
