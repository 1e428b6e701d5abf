"""The process's own streams, made fit for data and messages."""

import io
import os
import sys
from pathlib import Path


def prepare_streams() -> None:
    """Give every stream that was closed a stand-in, and stdout and stderr the encoding and errors we promise."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            # Closed by the caller: nothing to read, nobody to tell.
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115
    # Whatever the locale says, machine formats are UTF-8, and names that are not Unicode pass through messages.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")


def discard_stdout() -> None:
    """Send what is still buffered for stdout nowhere: it would raise again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
