"""A small disk in memory that can be filled, and made read-only."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FILLER = "filler"


class Disk:
    """A mounted file system in memory, or a plain folder if mounting is not permitted."""

    def __init__(self, folder: Path, *, is_mounted: bool) -> None:
        self.folder = folder
        self.is_mounted = is_mounted

    @contextmanager
    def filled(self, free: int) -> Iterator[None]:
        """Leave only `free` bytes on the disk during the block."""
        filler = self.folder / _FILLER
        # Reserving the space fails if a command uses a part of it at the same time.
        with filler.open("wb") as file, suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, max(shutil.disk_usage(self.folder).free - free, 1))
        try:
            yield
        finally:
            filler.unlink()

    @contextmanager
    def read_only(self, is_over: Callable[[], bool]) -> Iterator[bool]:
        """Make the disk read-only during the block, as soon as no file is open for writing.

        Yields False if there was no such moment before `is_over` returned True.
        """
        while not (is_read_only := self._remount("ro")) and not is_over():
            time.sleep(0.002)
        try:
            yield is_read_only
        finally:
            self._remount("rw")

    def _remount(self, mode: str) -> bool:
        """Mount the disk again with the mode `ro` or `rw`. This fails while files are open for writing."""
        command = ["mount", "-o", f"remount,{mode}", str(self.folder)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Disk]:
    """Create a folder, and mount a file system of a size such as `24m` on it if that is permitted."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, is_mounted=is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
