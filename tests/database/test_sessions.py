"""Tests of transactions: cancellation, snapshots and waiting for locks."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, AsyncSessionTransaction

from blogcli.database import SessionFactory, open_database, open_migration_engine
from blogcli.database.revisions import head_revision
from blogcli.enums import IfMissing
from blogcli.errors import TryAgainError
from blogcli.models import Post, Tag, User
from blogcli.repositories.exports import ExportRepository
from blogcli.repositories.imports import ImportRepository
from blogcli.runner import run_migrations
from blogcli.schemas.inputs.posts import PostUpdate
from blogcli.schemas.inputs.tags import TagCreate
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.db import migrations
from blogcli.services.posts.publish import publish_due
from blogcli.services.posts.trash import purge_posts
from blogcli.services.posts.update import update_posts
from blogcli.services.tags import create_tags, delete_tags
from blogcli.services.users import delete_users
from blogcli.signals import restoring_signals
from tests.databases import Templates, settings_for
from tests.factories import make_post, make_tag, make_user, store
from tests.services.interleaving import beside

ALL = PostSelection()


@pytest.fixture
def postgres_blog(templates: Templates, tmp_path: Path) -> Iterator[str]:
    """Yield the URL of a PostgreSQL database that has all tables but no posts."""
    url = templates.new("postgresql", tmp_path)
    yield url
    templates.drop(url)


@pytest.mark.parametrize(("owner", "name"), [(AsyncSessionTransaction, "commit"), (AsyncSession, "close")])
async def test_cancellation_during_commit_does_not_undo_it(
    sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch, owner: type, name: str
) -> None:
    begun = asyncio.Event()
    original_method = getattr(owner, name)

    async def run_slowly(self: object) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        await original_method(self)

    async def make_tag() -> str:
        async with sessions.begin() as session:
            session.add(Tag(key="a", name="a"))
        return "done"

    monkeypatch.setattr(owner, name, run_slowly)
    task = asyncio.ensure_future(make_tag())
    await begun.wait()
    task.cancel()
    assert await task == "done"
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Tag)) == 1


@asynccontextmanager
async def start_stalling_proxy(url: str, word: bytes) -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Start a proxy for a database server, and yield the URL of the proxy and an event.

    When a request contains `word`, the proxy sets the event. After this request, the proxy forwards no more answers.
    """
    parts = urlsplit(url)
    (folder,) = parse_qs(parts.query).get("host", [""])
    stalled = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []
    serving: list[asyncio.Task[Any] | None] = []

    async def forward(source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_request: bool) -> None:
        while data := await source.read(65536):
            if is_request and word in data:
                stalled.set()
            if is_request or not stalled.is_set():
                target.write(data)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if folder:
            from_server, to_server = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        else:
            from_server, to_server = await asyncio.open_connection(parts.hostname, parts.port or 5432)
        writers.extend((writer, to_server))
        serving.append(asyncio.current_task())
        await asyncio.gather(
            forward(reader, to_server, is_request=True),
            forward(from_server, writer, is_request=False),
            return_exceptions=True,
        )

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"postgresql://{parts.netloc.rpartition('@')[0]}@127.0.0.1:{port}{parts.path}?sslmode=disable", stalled
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*filter(None, serving), return_exceptions=True)


@pytest.mark.parametrize(
    ("word", "failure", "count"),
    [
        (b"COMMIT", TryAgainError, 1),
        (b"INSERT", asyncio.CancelledError, 0),
        (b"ROLLBACK", asyncio.CancelledError, 0),
    ],
)
async def test_cancellation_without_answer_reports_outcome(
    postgres_blog: str, monkeypatch: pytest.MonkeyPatch, word: bytes, failure: type[BaseException], count: int
) -> None:
    monkeypatch.setattr("blogcli.database.sessions._GRACE_PERIOD", 0.1)
    reached = asyncio.Event()

    async def make_tag(sessions: SessionFactory) -> None:
        async with sessions.begin() as session:
            session.add(Tag(key="a", name="a"))
            await session.flush()
            if word == b"ROLLBACK":
                reached.set()
                await asyncio.sleep(60)

    async with start_stalling_proxy(postgres_blog, word) as (url, stalled):
        task = asyncio.ensure_future(run(url, make_tag))
        async with asyncio.timeout(20):
            await (reached if word == b"ROLLBACK" else stalled).wait()
            task.cancel()
            with pytest.raises(failure, match="outcome of the commit is unknown" if word == b"COMMIT" else None):
                await task
    async with open_database(settings_for(postgres_blog)) as sessions, sessions() as session:
        for _ in range(100):
            # The server may need some time to notice that the connection was closed, and to end the transaction.
            if await session.scalar(select(func.count()).select_from(Tag)) == count:
                break
            await session.rollback()
            await asyncio.sleep(0.05)
        assert await session.scalar(select(func.count()).select_from(Tag)) == count


async def test_cancellation_during_commit_of_migration_does_not_undo_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()
    commit = AsyncConnection.commit

    async def commit_slowly(self: AsyncConnection) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        await commit(self)

    async def downgrade() -> list[str]:
        async with open_migration_engine(settings_for(database_url)) as engine:
            return [step.revision for step in await migrations.downgrade(engine, "-1")]

    monkeypatch.setattr(AsyncConnection, "commit", commit_slowly)
    task = asyncio.ensure_future(downgrade())
    await begun.wait()
    task.cancel()
    assert await task == [head_revision()]


def test_signal_after_commit_does_not_stop_report(database_url: str) -> None:
    async def service(_: AsyncEngine) -> str:
        return "done"

    def fail(*_: object) -> None:
        raise AssertionError("The signal was handled")

    previous_handler = signal.signal(signal.SIGTERM, fail)
    try:
        with restoring_signals():
            result = run_migrations(settings_for(database_url), service, if_missing=IfMissing.REFUSE)
            os.kill(os.getpid(), signal.SIGTERM)
        assert result == "done"
        assert signal.getsignal(signal.SIGTERM) is fail
        assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    finally:
        signal.signal(signal.SIGTERM, previous_handler)


async def test_export_reads_one_snapshot(sessions: SessionFactory) -> None:
    async with sessions() as session:
        exports = ExportRepository(session)
        await exports.use_snapshot()
        assert await exports.tag_names() == []
        async with sessions.begin() as other:
            other.add(Tag(key="a", name="a"))
        assert await exports.tag_names() == []


COMMANDS: list[Callable[[SessionFactory], Awaitable[Any]]] = [
    lambda sessions: publish_due(sessions, now=datetime(2999, 1, 1, tzinfo=UTC), options=BulkOptions()),
    lambda sessions: update_posts(sessions, ALL, PostUpdate(title="New"), options=BulkOptions()),
    lambda sessions: purge_posts(sessions, ALL, options=BulkOptions()),
    lambda sessions: create_tags(sessions, [TagCreate(name="new")]),
    lambda sessions: delete_tags(sessions, ["old"]),
    lambda sessions: delete_users(sessions, ["id:1"], purge_posts=True),
]


async def run(url: str, command: Callable[[SessionFactory], Awaitable[Any]], *, busy_timeout: float = 30) -> Any:
    """Run a command with an engine of its own and with translated errors, as the program does."""
    async with open_database(settings_for(url, BLOGCLI_BUSY_TIMEOUT=str(busy_timeout))) as sessions:
        return await command(sessions)


async def test_commands_wait_for_lock_until_busy_timeout(sessions: SessionFactory, database_url: str) -> None:
    date = datetime(2998, 1, 1, tzinfo=UTC)
    async with sessions.begin() as session:
        tags = [make_tag("old")]
        await store(session, make_post(author=make_user(), tags=tags, status="scheduled", published_at=date))
    async with asyncio.timeout(60), sessions.begin() as other:
        await store(other, make_tag("new"))
        for model in (Post, Tag, User):
            await other.execute(select(model.id).with_for_update())
        for command in COMMANDS:
            with pytest.raises(TryAgainError):
                await run(database_url, command, busy_timeout=0.05)


async def test_deadlock_fails_one_command_without_changes(sessions: SessionFactory, database_url: str) -> None:
    async with sessions.begin() as session:
        await store(session, *(make_post(author=make_user(), slug=f"post-{number}") for number in (1, 2)))

    async def lock(session: AsyncSession, slug: str) -> None:
        await session.execute(select(Post.id).where(Post.slug == slug).with_for_update())

    async def rename_both() -> str:
        try:
            rename = partial(update_posts, selection=ALL, update=PostUpdate(title="Renamed"), options=BulkOptions())
            await run(database_url, rename)
        except TryAgainError:
            return "failed"
        return "done"

    lock_second = partial(lock, slug="post-2")
    lock_first = partial(lock, slug="post-1")
    outcome = await beside(sessions, rename_both(), lock=lock_second, change=lock_first)
    async with sessions() as session:
        titles = {*await session.scalars(select(Post.title))}
    # On SQLite, no deadlock occurs, because the command waits for the lock of the database before it begins.
    assert outcome == ("failed" if database_url.startswith("postgresql") else "done")
    assert (titles == {"Renamed"}) == (outcome == "done")
    assert ("Renamed" in titles) == (outcome == "done")


async def test_import_waits_for_other_import_until_busy_timeout(database_url: str) -> None:
    settings = settings_for(database_url, BLOGCLI_BUSY_TIMEOUT="0.2")

    async def start_import() -> None:
        async with open_database(settings) as sessions, sessions.begin() as session:
            await ImportRepository(session).acquire_import_lock()
            await session.connection()

    async with open_database(settings) as sessions, sessions.begin() as first:
        await ImportRepository(first).acquire_import_lock()
        await first.connection()
        with pytest.raises(TryAgainError):
            await start_import()
