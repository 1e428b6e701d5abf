"""Copy a database in the format of its database system: as a SQLite file, or as an archive of pg_dump."""

import asyncio
import os
import re
import shutil
import tempfile
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from ...database.failures import CommitState, translate_errors
from ...database.sqlite_backup import copy_file
from ...database.sqlite_files import SQLITE_MAGIC
from ...errors import BlogError, ConfigurationError, ConflictError, UsageError, mask_secrets
from ...settings import Settings
from ...urls import PostgresUrl, SqliteUrl, parse_database_url

_SERVICE = "blogcli"
# The first bytes of a SQLite database, and of an archive of pg_dump.
_MAGIC = (SQLITE_MAGIC, b"PGDMP")
_ADDRESS = re.compile(r"(\[.*\]|[^:]*)(?::([0-9]+))?")


def suffix_of(settings: Settings) -> str:
    """Return the suffix of a copy of the configured database: `.native.db` or `.native.dump`."""
    return ".native.db" if isinstance(parse_database_url(settings.database_url), SqliteUrl) else ".native.dump"


def check_copy(copy: Path, settings: Settings, *, force: bool) -> None:
    """Raise ConflictError if a native copy would replace a file that is not an earlier copy, unless `force` is set.

    The configured database and a database that is in use are never replaced.
    """
    url = parse_database_url(settings.database_url)
    is_own = isinstance(url, SqliteUrl) and url.path.exists() and copy.exists() and copy.samefile(url.path)
    if is_own or any(Path(f"{copy}{suffix}").exists() for suffix in ("-wal", "-journal")):
        raise ConflictError(f"{copy} is a database that is in use", hint="Name another file for the backup.")
    if force or not copy.is_file() or copy.stat().st_size == 0:
        return
    with copy.open("rb") as file:
        if not file.read(16).startswith(_MAGIC):
            raise ConflictError(
                f"{copy} exists and is not a native copy", hint="Name another file, or use --force to replace this one."
            )


async def copy_natively(settings: Settings, target: Path) -> None:
    """Copy the configured database to the empty file `target`, while other commands write.

    Raises UsageError if pg_dump is not installed, ConfigurationError if the database does not exist, and BlogError if
    the database is damaged or pg_dump fails.
    """
    url = parse_database_url(settings.database_url)
    if isinstance(url, SqliteUrl):
        if not url.path.exists():
            raise ConfigurationError(f"There is no database at {url.path}", hint="Run `blogcli db upgrade`.")
        with translate_errors(url, CommitState()):
            await asyncio.to_thread(copy_file, url.path, target)
    else:
        await _run_pg_dump(url, target)


async def _run_pg_dump(url: PostgresUrl, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise UsageError(
            "--native needs pg_dump, which is not installed",
            hint="Install the client programs of PostgreSQL, or leave out --native.",
        )
    parameters = _parse_dsn(url.dsns[0])
    service = parameters.get("service")
    with tempfile.TemporaryFile("w", encoding="utf-8") as file:
        # The parameters are in a file, because the arguments and the environment of a process are visible to others.
        # The file has no name, so that the password does not remain if this process is killed.
        file.write(f"[{_SERVICE}]\n")
        file.writelines(f"{name}={value}\n" for name, value in parameters.items() if value)
        file.seek(0)
        process = await asyncio.create_subprocess_exec(
            *(program, "--format=custom", f"--file={target}", f"--dbname=service={service or _SERVICE}"),
            # A service in the URL has a file of its own.
            env=os.environ if service else os.environ | {"PGSERVICEFILE": f"/dev/fd/{file.fileno()}"},
            pass_fds=[file.fileno()],
            stderr=asyncio.subprocess.PIPE,
        )
        _, messages = await process.communicate()
    if process.returncode:
        lines = messages.decode(errors="replace").strip().splitlines()
        raise BlogError(mask_secrets("; ".join(lines)) or f"pg_dump ended with exit code {process.returncode}")


def _parse_dsn(dsn: str) -> dict[str, str]:
    """Return the parameters in a URI that the module `urls` has created."""
    parts = urlsplit(dsn)
    address = _ADDRESS.fullmatch(parts.netloc)
    host, port = address.groups("") if address else ("", "")
    return {"host": unquote(host.strip("[]")), "port": port} | dict(parse_qsl(parts.query))
