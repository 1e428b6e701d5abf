"""A program that runs command lines in forked processes.

Importing the modules of the program takes longer than most commands. This program imports them once. For each
connection to its socket it forks a process, which forks again for each command line that it receives.
"""

import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
from pathlib import Path
from typing import IO, Any, NoReturn

SCRIPT = Path(sys.executable).parent / "blogcli"


def preload() -> None:
    """Import all modules of the program, and SQLAlchemy with both drivers."""
    import blogcli  # noqa: PLC0415 - the forked processes find the modules imported

    for module in pkgutil.walk_packages(blogcli.__path__, "blogcli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    importlib.import_module("sqlalchemy.dialects.sqlite.aiosqlite")


def serve(address: str) -> NoReturn:
    """Fork a process for each connection."""
    with socket.socket(socket.AF_UNIX) as server:
        # The socket gets its name when it accepts connections, because the client waits for the name.
        server.bind(f"{address}.new")
        server.listen()
        Path(f"{address}.new").rename(address)
        while True:
            connection, _ = server.accept()
            if not os.fork():
                server.close()
                with connection, connection.makefile("rw") as stream:
                    answer(stream)
                os._exit(0)
            connection.close()


def answer(stream: IO[str]) -> None:
    """Run each command line that is received, and send the id and the exit code of its process."""
    # Until the process runs the program, Ctrl-C would be raised in the code of the launcher.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    while line := stream.readline():
        process = os.fork()
        if not process:
            run(json.loads(line))
        stream.write(f"{process}\n")
        stream.flush()
        os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)
        stream.write("ended\n")
        stream.flush()
        # The process remains a zombie until the client knows that it has ended. So the client never sends a signal to
        # another process that was given the same id.
        stream.readline()
        _, status = os.waitpid(process, 0)
        stream.write(f"{os.waitstatus_to_exitcode(status)}\n")
        stream.flush()


def run(request: dict[str, Any]) -> NoReturn:
    """Run a command line in this process, in the installed script if the request asks for that."""
    for descriptor, path in enumerate(request["files"]):
        file = os.open(path, os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(file, descriptor)
        os.close(file)
    arguments = [str(SCRIPT), *request["arguments"]]
    if request["in_script"]:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        os.execve(SCRIPT, arguments, request["environ"])  # noqa: S606 - the program is not run in a shell
    os.environ.clear()
    os.environ.update(request["environ"])
    sys.argv = arguments
    from blogcli.__main__ import start  # noqa: PLC0415 - the module is not preloaded

    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
        start()
    finally:
        # Ctrl-C may arrive before start() catches it.
        os._exit(130)


if __name__ == "__main__":
    preload()
    serve(sys.argv[1])
