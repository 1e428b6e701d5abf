"""The entry point of `blogcli` and `python -m blogcli`, which starts and ends the process quickly."""

# Python loads these modules at startup. All other modules are imported after _remove_working_directory has run, so that
# they are not imported from the working directory.
import gc
import os
import sys

from . import __version__


def start() -> None:
    """Run the command line of this process, and end the process with the exit code of the command."""
    _remove_working_directory()
    # Imports create many objects and free only a few, so garbage collection would take time without freeing memory (see
    # docs/decisions/0003).
    gc.disable()
    code = 0
    if sys.argv[1:] not in (["--version"], ["-V"]) or not _print_version():
        code = _run()
    # All streams are flushed and all databases are closed, so the slow shutdown of the interpreter can be skipped (see
    # docs/decisions/0004).
    os._exit(code)


def _remove_working_directory() -> None:
    """Remove the working directory from the import path if the program was started by `python -m blogcli`.

    Python searches the working directory first, so it would import a file such as json.py in place of a standard
    module. The directory is not removed if blogcli itself was imported from it, as in a checkout.
    """
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - importing pathlib would take too long
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
        # The caller then calls main(), which prints the version again and reports why stdout cannot be written.
        return False
    return True


if __name__ == "__main__":
    start()
