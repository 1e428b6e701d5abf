"""Open folders inside another folder, also if another program replaces folders by links at the same time."""

import os
from contextlib import suppress
from pathlib import Path

from ..errors import UsageError


def open_folder_inside(root: Path, path: Path) -> int:
    """Create a folder `path` in the folder `root` if it does not exist, open it, and return the descriptor.

    A file that is written with the descriptor is inside `root`, even if a part of the path is replaced by a symbolic
    link after the folder was opened. Raises UsageError if the folder is outside `root`, and OSError if it cannot be
    opened.
    """
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    status = os.fstat(folder)
    for name in path.relative_to(root).parts:
        parent = folder
        try:
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=parent)
            folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=parent)
        finally:
            os.close(parent)
        if not _is_inside(folder, status):
            os.close(folder)
            raise UsageError(f"Cannot write {path}: it is outside {root}")
    return folder


def _is_inside(folder: int, root: os.stat_result) -> bool:
    """Return whether a folder has the folder `root` above it, as the file system sees it."""
    path = ".."
    status = os.fstat(folder)
    while True:
        parent = os.stat(path, dir_fd=folder)
        if os.path.samestat(parent, root):
            return True
        if os.path.samestat(parent, status):
            # Only the top folder is its own parent.
            return False
        status = parent
        path = f"../{path}"
