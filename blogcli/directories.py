"""The directories in which files of a user belong, by the XDG base directory specification; pure."""

import os
from collections.abc import Mapping
from pathlib import Path

from .errors import ConfigurationError


def config_path(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return where the config file is looked for when no option names one; None without a home directory."""
    home = _home(environ, "XDG_CONFIG_HOME", ".config")
    return home and home / "blogcli" / "config.toml"


def cache_home(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the directory for files that can be made again; None without a home directory."""
    return _home(environ, "XDG_CACHE_HOME", ".cache")


def state_home(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the directory for files that outlive a run, such as unsaved texts; None without a home directory."""
    return _home(environ, "XDG_STATE_HOME", ".local/state")


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the directory for data; raises ConfigurationError without a home directory."""
    home = _home(environ, "XDG_DATA_HOME", ".local/share")
    if home is None:
        raise ConfigurationError(
            "There is no home directory for the default database", hint="Give --database-url, or set HOME."
        )
    return home


def _home(environ: Mapping[str, str], variable: str, default: str) -> Path | None:
    # The XDG specification says that a relative path is to be ignored.
    named = environ.get(variable, "")
    if os.path.isabs(named):  # noqa: PTH117 - an empty name is no Path
        return Path(named)
    try:
        return Path.home() / default
    except RuntimeError:
        # Neither HOME nor an entry in the user database.
        return None
