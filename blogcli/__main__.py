"""The program's entry, `blogcli` and `python -m blogcli`: in at once, and out without ceremony."""

import gc
import os
import sys

from . import __version__


def start() -> None:
    """Run the command line of this process and leave with its exit code."""
    # Imports make much and drop little: the collector would only look at it all, again and again.
    gc.disable()
    if sys.argv[1:] == ["--version"]:
        code = _print_version()
    else:
        from .main import main  # noqa: PLC0415 - the version is answered before Typer is imported

        code = main(sys.argv[1:])
    # Taking the interpreter apart costs a fifth of a short command, and nothing is left to do: every stream is
    # flushed, every database closed.
    os._exit(code)


def _print_version() -> int:
    sys.stdout.write(f"blogcli {__version__}\n")
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    start()
