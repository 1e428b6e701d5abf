"""The entry point of `blogcli` and `python -m blogcli`, optimized for a fast start and a fast exit of the process."""

# These modules are already loaded or built into Python, so files in the working directory cannot replace them. All
# other modules are imported after _remove_working_directory has run, so that no file can replace them either.
import gc
import os
import sys

from . import __version__


def start() -> None:
    """Run the command line in `sys.argv`, and end the process with the exit code of the command."""
    _remove_working_directory()
    # Imports create many objects and free only a few, so garbage collection would take time without freeing memory (see
    # docs/decisions/0003).
    gc.disable()
    code = 0
    if sys.argv[1:] not in (["--version"], ["-V"]) or not _print_version():
        code = _run()
    # At this point, all streams are flushed and all databases are closed. So the slow shutdown of the interpreter can
    # be skipped (see docs/decisions/0004).
    os._exit(code)


def _remove_working_directory() -> None:
    """Remove the working directory from the import path if the program was started by `python -m blogcli`.

    Otherwise, Python would search the working directory first, and import a file such as json.py instead of the
    standard module. The directory is not removed if it contains the running blogcli, as in a checkout.
    """
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - importing pathlib would take too long
    if __name__ == "__main__" and not sys.flags.safe_path and sys.path[:1] not in ([], [home]):
        del sys.path[0]


def _run() -> int:
    try:
        from .main import main  # noqa: PLC0415 - `blogcli --version` is fast because it does not import Typer

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C was pressed while modules were being imported, so there is no transaction to roll back.
        return 130


def _print_version() -> bool:
    try:
        os.write(1, f"blogcli {__version__}\n".encode())
    except OSError:
        # The caller then runs main(), which tries again to print the version and reports why writing to stdout fails.
        return False
    return True


if __name__ == "__main__":
    start()
