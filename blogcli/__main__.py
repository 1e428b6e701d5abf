"""The entry point of `blogcli` and `python -m blogcli`, which starts and ends the process quickly."""

# Only modules that Python has loaded already are imported here, because _remove_working_directory has to run first.
import gc
import os
import sys

from . import __version__


def start() -> None:
    """Run the command line of this process and leave with its exit code."""
    _remove_working_directory()
    # Imports create many objects and free few, so the garbage collector would only waste time (docs/decisions/0003).
    gc.disable()
    code = 0
    if sys.argv[1:] not in (["--version"], ["-V"]) or not _print_version():
        code = _run()
    # Every stream is flushed and every database is closed, so the slow shutdown of the interpreter is skipped
    # (docs/decisions/0004).
    os._exit(code)


def _remove_working_directory() -> None:
    """Remove the working directory, which `python -m blogcli` searches first, from the import path.

    Otherwise a file such as json.py in the working directory would be imported in place of a standard module. The
    directory stays on the path if blogcli itself was imported from it, as in a checkout.
    """
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is not loaded
    if __name__ == "__main__" and not sys.flags.safe_path and sys.path[:1] not in ([], [home]):
        del sys.path[0]


def _run() -> int:
    try:
        from .main import main  # noqa: PLC0415 - the version is printed before Typer is imported

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C was pressed while modules were imported, so there is no transaction to roll back.
        return 130


def _print_version() -> bool:
    try:
        os.write(1, f"blogcli {__version__}\n".encode())
    except OSError:
        # In this case, main() prints the version again and reports why standard output cannot be written.
        return False
    return True


if __name__ == "__main__":
    start()
