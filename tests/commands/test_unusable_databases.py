"""Tests that unusable databases, servers and disks cause one-line errors that contain no password."""

import asyncio
import ctypes
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from blogcli.models import Post
from blogcli.repositories.posts.repository import PostRepository
from tests.command_line import Cli, Result
from tests.databases import Templates, execute

FAILED, UNAVAILABLE, TRY_AGAIN, CONFIGURATION = 1, 69, 75, 78
CHECKOUT = Path(__file__).resolve().parents[2]
CREATE = ("post", "create", "--title", "x", "--author", "ann@example.org")


def assert_refused(result: Result, code: int, text: str) -> None:
    """Assert that a command failed with a one-line error, which may be followed by a hint."""
    assert (result.exit_code, result.stdout) == (code, ""), result.stderr
    error, *hints = result.stderr.splitlines()
    assert error.startswith("Error: ")
    assert [hint[:6] for hint in hints] in ([], ["Hint: "])
    assert text in result.stderr


def cli_on(url: str | Path, home: Path) -> Cli:
    return Cli({"PATH": os.environ["PATH"], "HOME": str(home), "BLOGCLI_DATABASE_URL": str(url)})


def run_in_process(
    cli: Cli, *arguments: str, preexec: Callable[[], object] | None = None, stdin: bytes = b""
) -> Result:
    """Run the program in a separate process. `preexec` may restrict the permissions and limits of the process."""
    process = subprocess.run(
        [sys.executable, "-m", "blogcli", *arguments],
        cwd=CHECKOUT,
        env=cli.environ,
        input=stdin,
        capture_output=True,
        check=False,
        preexec_fn=preexec,
    )
    return Result(process.returncode, process.stdout.decode(), process.stderr.decode())


def respect_permissions() -> None:
    """Drop CAP_DAC_OVERRIDE, so that the mode of a file also restricts root."""
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(24, 1, 0, 0, 0) == 0


def limit_file_size() -> None:
    """Limit the size of files to 256 KiB, so that writing fails as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 * 1024, 256 * 1024))


@pytest.fixture
def blog(templates: Templates, tmp_path: Path) -> Cli:
    """Create a blog on SQLite with a user and a post."""
    cli = cli_on(templates.new_sqlite(tmp_path), tmp_path)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE)
    return cli


@pytest.fixture
def path(blog: Cli) -> Path:
    return Path(blog.environ["BLOGCLI_DATABASE_URL"])


@pytest.mark.parametrize(
    "content", [b"These are notes, not a database.\n" * 100, b"SQLite format 3\0" + b"\xff" * 4096]
)
@pytest.mark.parametrize("arguments", [("post", "list"), CREATE, ("db", "upgrade"), ("db", "status")])
def test_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes, arguments: tuple[str, ...]) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert_refused(cli_on(path, tmp_path)(*arguments), CONFIGURATION, "is not a SQLite database")
    assert path.read_bytes() == content


def test_missing_database_is_refused(tmp_path: Path) -> None:
    cli = cli_on(tmp_path / "none" / "blog.db", tmp_path)
    for arguments in (("post", "list"), CREATE, ("db", "status")):
        assert_refused(cli(*arguments), CONFIGURATION, "Run `blogcli db upgrade`.")
    assert list(tmp_path.iterdir()) == []


def test_folder_instead_of_database_is_refused(tmp_path: Path) -> None:
    for arguments in (("post", "list"), ("db", "upgrade")):
        assert_refused(cli_on(tmp_path, tmp_path)(*arguments), UNAVAILABLE, "cannot be opened")


def test_upgrade_below_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_refused(cli_on(tmp_path / "file" / "blog.db", tmp_path)("db", "upgrade"), CONFIGURATION, "Cannot create")


def test_empty_database_hints_at_upgrade(tmp_path: Path, postgres_url: str) -> None:
    (tmp_path / "blog.db").touch()
    for url in (tmp_path / "blog.db", postgres_url):
        assert_refused(cli_on(url, tmp_path)("post", "list"), CONFIGURATION, "Run `blogcli db upgrade`.")


def test_database_of_newer_version_is_refused(cli: Cli, database_url: str) -> None:
    execute(database_url, "UPDATE blogcli_version SET version_num = '9999'")
    for arguments in (("post", "list"), CREATE, ("db", "upgrade"), ("db", "downgrade", "base", "--yes")):
        assert_refused(cli(*arguments), CONFIGURATION, "9999")


def test_read_only_file_can_be_read_but_not_written(blog: Cli, path: Path) -> None:
    path.chmod(0o444)
    assert_refused(run_in_process(blog, *CREATE, preexec=respect_permissions), FAILED, "read-only")
    assert run_in_process(blog, "post", "list", "--format", "count", preexec=respect_permissions).stdout == "1\n"


def test_read_only_folder_of_writable_file_refuses_writing(blog: Cli, path: Path) -> None:
    path.parent.chmod(0o555)
    try:
        assert_refused(run_in_process(blog, *CREATE, preexec=respect_permissions), FAILED, "read-only")
    finally:
        path.parent.chmod(0o755)
    assert blog.ok("post", "list", "--format", "count").stdout == "1\n"


def test_read_only_folder_can_be_read_but_not_written(blog: Cli, path: Path) -> None:
    blog.ok("db", "reindex")
    folder = path.parent
    paths = sorted(folder.iterdir())
    folder.chmod(0o555)
    path.chmod(0o444)
    reading_commands = (("post", "list"), ("post", "show", "1"), ("export", "jsonl"), ("db", "status"), ("db", "check"))
    try:
        for reading in reading_commands:
            result = run_in_process(blog, *reading, preexec=respect_permissions)
            assert result.exit_code == 0, result.stderr
        for writing in (CREATE, ("db", "downgrade", "-1", "--yes"), ("db", "seed", "--force"), ("db", "reindex")):
            assert_refused(run_in_process(blog, *writing, preexec=respect_permissions), FAILED, "read-only")
    finally:
        folder.chmod(0o755)
    assert sorted(folder.iterdir()) == paths


def test_read_only_folder_with_wal_file_is_refused(blog: Cli, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy" / "blog.db"
    copy.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE posts SET title = 'y'")
        connection.commit()
        for ending in ("", "-wal"):
            shutil.copy(f"{path}{ending}", f"{copy}{ending}")
    cli = cli_on(copy, tmp_path)
    copy.parent.chmod(0o555)
    try:
        result = run_in_process(cli, "post", "list", preexec=respect_permissions)
    finally:
        copy.parent.chmod(0o755)
    assert_refused(result, CONFIGURATION, "blog.db-wal contains changes to it")
    assert "Hint: Copy both files" in result.stderr
    assert cli.ok("post", "list", "--field", "title").stdout == "y\n"


@pytest.mark.parametrize("replacement", [None, b"", b"x"])
def test_file_replaced_during_command_is_detected(
    blog: Cli, path: Path, monkeypatch: pytest.MonkeyPatch, replacement: bytes | None
) -> None:
    add = PostRepository.add

    def replace_file() -> None:
        path.unlink()
        if replacement is not None:
            path.write_bytes(replacement)

    async def replace_file_and_add(self: PostRepository, entity: Post) -> Post:
        replace_file()
        return await add(self, entity)

    monkeypatch.setattr(PostRepository, "add", replace_file_and_add)
    assert_refused(blog(*CREATE), FAILED, "was deleted or replaced while")


@pytest.mark.postgresql
def test_database_with_other_encoding_is_refused(templates: Templates, tmp_path: Path) -> None:
    name = f"blogcli_{uuid4().hex}"
    templates.execute(f"CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    for arguments in (("db", "upgrade"), ("db", "status"), ("post", "list")):
        assert_refused(cli_on(templates.url_of(name), tmp_path)(*arguments), CONFIGURATION, "LATIN1")
    templates.drop(templates.url_of(name))


def test_upgrade_without_permission_for_schema_is_refused(
    templates: Templates, postgres_url: str, tmp_path: Path
) -> None:
    role = f"blogcli_{uuid4().hex}"
    templates.execute(f"CREATE ROLE {role} LOGIN")
    parts = urlsplit(postgres_url)
    url = urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}"))
    assert_refused(cli_on(url, tmp_path)("db", "upgrade"), FAILED, "permission denied for schema public")
    templates.execute(f"DROP ROLE {role}")


def test_full_disk_changes_nothing(blog: Cli) -> None:
    text = b"x" * 1_000_000
    assert_refused(
        run_in_process(blog, *CREATE, "-", stdin=text, preexec=limit_file_size), FAILED, "nothing was changed"
    )
    assert blog.ok("post", "list", "--format", "count").stdout == "1\n"
    assert blog.json("db", "check") == []
    blog.ok(*CREATE, "-", stdin=text)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has this device")
def test_output_to_full_device_is_reported(blog: Cli) -> None:
    command = [sys.executable, "-m", "blogcli", "post", "list"]
    with Path("/dev/full").open("wb") as full:
        process = subprocess.run(
            command, cwd=CHECKOUT, env=blog.environ, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (process.returncode, process.stderr) == (
        FAILED,
        b"Error: Cannot write the output: No space left on device\n",
    )


def test_locked_file_is_read_but_not_written(blog: Cli, path: Path) -> None:
    with sqlite3.connect(path, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert_refused(blog(*CREATE, BLOGCLI_BUSY_TIMEOUT="0.2"), TRY_AGAIN, "is locked")
        assert blog.ok("post", "list", "--format", "count").stdout == "1\n"
    connection.close()


@pytest.mark.parametrize("address", ["ann:s3cret@127.0.0.1:1/blog", "ann:s3cret@/blog?host=/nonexistent"])
def test_server_that_is_down_is_unavailable(tmp_path: Path, address: str) -> None:
    cli = cli_on(f"postgresql://{address}", tmp_path)
    for arguments in (("post", "list"), ("db", "upgrade"), ("db", "status")):
        assert_refused(cli(*arguments), UNAVAILABLE, "cannot be reached")


@pytest.mark.postgresql
def test_unknown_database_of_server_is_unavailable(templates: Templates, tmp_path: Path) -> None:
    for arguments in (("post", "list"), ("db", "upgrade")):
        assert_refused(cli_on(templates.url_of("nope"), tmp_path)(*arguments), UNAVAILABLE, '"nope" does not exist')


@pytest.mark.postgresql
def test_unknown_role_of_server_is_unavailable(templates: Templates, tmp_path: Path) -> None:
    assert_refused(cli_on(with_login(templates, "nobody"), tmp_path)("post", "list"), UNAVAILABLE, "refused the log-in")


@pytest.fixture
def guarded_role(templates: Templates) -> Iterator[str]:
    """Create a role that must log in to the server with the password `right`, and yield the name of the role."""
    name = f"blogcli_{uuid4().hex}"
    templates.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'right'")
    rules = templates.folder / "postgres" / "pg_hba.conf"
    if rules.exists():
        rules.write_text(f"local all {name} scram-sha-256\n{rules.read_text()}")
        templates.execute("SELECT pg_reload_conf()")
    yield name
    templates.execute(f"DROP ROLE {name}")


def test_wrong_password_is_not_revealed(templates: Templates, guarded_role: str, tmp_path: Path) -> None:
    cli = cli_on(with_login(templates, f"{guarded_role}:s3cret"), tmp_path)
    deadline = time.monotonic() + 10
    # The server reloads its rules asynchronously, so it may still accept connections without a password.
    while (result := cli("db", "status")).exit_code == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert_refused(result, UNAVAILABLE, "password authentication failed")
    result = run_in_process(cli, "--debug", "post", "list")
    assert result.exit_code == UNAVAILABLE
    assert "Traceback" in result.stderr
    assert "s3cret" not in result.stderr


@pytest.mark.postgresql
def test_connection_terminated_during_command_changes_nothing(templates: Templates, tmp_path: Path) -> None:
    url = templates.new("postgresql", tmp_path)
    cli = cli_on(url, tmp_path)
    cli.ok("user", "create", "ann@example.org", "--no-password")
    cli.ok(*CREATE)
    with ThreadPoolExecutor(1) as pool:
        locked = threading.Event()
        termination = pool.submit(asyncio.run, terminate_waiting_connection(url, locked))
        assert locked.wait(20)
        assert_refused(cli("post", "publish", "--all"), TRY_AGAIN, "terminating connection")
        assert termination.result(10)
    assert [post["status"] for post in cli.json("post", "list")] == ["draft"]
    templates.drop(url)


async def terminate_waiting_connection(url: str, locked: threading.Event) -> bool:
    """Lock the posts, set the event, and terminate the first connection that waits for the lock."""
    connection = await asyncpg.connect(url)
    waiting_pid = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'posts'::regclass"
    try:
        async with asyncio.timeout(20), connection.transaction():
            await connection.execute("LOCK TABLE posts")
            locked.set()
            while not (pid := await connection.fetchval(waiting_pid)):  # noqa: ASYNC110 - the server sends no event
                await asyncio.sleep(0.02)
            return bool(await connection.fetchval("SELECT pg_terminate_backend($1)", pid))
    finally:
        await connection.close()


def with_login(templates: Templates, login: str) -> str:
    """Return the URL of the server with the given login, which is a role, or a role and a password (`ann:secret`)."""
    parts = urlsplit(templates.server)
    return urlunsplit(parts._replace(netloc=f"{login}@{parts.netloc.rpartition('@')[2]}"))
