"""The program's entry, `blogcli` and `python -m blogcli`: in at once, and out without ceremony."""

# Nothing is imported here that Python has not loaded by itself: see _leave_working_directory.
import gc
import os
import sys

from . import __version__


def start() -> None:
    """Run the command line of this process and leave with its exit code."""
    _leave_working_directory()
    # Imports make much and drop little: the collector would only look at it all, again and again.
    gc.disable()
    code = 0
    if sys.argv[1:] not in (["--version"], ["-V"]) or not _print_version():
        code = _run()
    # Taking the interpreter apart costs a fifth of a short command, and nothing is left to do: every stream is
    # flushed, every database closed.
    os._exit(code)


def _leave_working_directory() -> None:
    """Import nothing more from the working directory, which `python -m blogcli` searches before anything else.

    A folder with a blog to be imported may hold a file such as json.py. The directory stays on the path if blogcli
    itself was imported from it, as in a checkout.
    """
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 - pathlib is not loaded
    if __name__ == "__main__" and not sys.flags.safe_path and sys.path[:1] not in ([], [home]):
        del sys.path[0]


def _run() -> int:
    try:
        from .main import main  # noqa: PLC0415 - the version is answered before Typer is imported

        return main(sys.argv[1:])
    except KeyboardInterrupt:
        # Ctrl-C while the program was still being read in: there is nothing to say, and nothing to roll back.
        return 130


def _print_version() -> bool:
    try:
        os.write(1, f"blogcli {__version__}\n".encode())
    except OSError:
        # Closed, full or no longer read: what to say of that is known further in.
        return False
    return True


if __name__ == "__main__":
    start()
