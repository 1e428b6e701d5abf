"""Tests of the service that schedules posts for the next free slots."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.database import SessionFactory
from blogcli.dates.slots import Slot, parse_slots
from blogcli.enums import PostSort, PostStatus
from blogcli.errors import ConflictError, NotFoundError, UsageError
from blogcli.models import Post
from blogcli.repositories.posts.repository import PostRepository
from blogcli.schemas.base import Changes
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.records import PostSummary
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.posts.slots import schedule_in_slots
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot
from tests.statements import plan_of

FIRST = datetime(2090, 1, 1, 9, tzinfo=UTC)
OPTIONS = BulkOptions()
SCHEDULED = PostStatus.SCHEDULED


@dataclass(frozen=True)
class Days:
    """The rule for one slot on each of the first days of 2090."""

    count: int = 10_000
    note: str | None = None

    def slots(self, _: datetime) -> Iterator[Slot]:
        for number in range(self.count):
            yield Slot(day(number), self.note and f"{self.note} {number}")


def day(number: int) -> datetime:
    return FIRST + timedelta(days=number)


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    """Create drafts 1 to 5, and posts with the slots of the days 1, 2 and 4, of which the last one is in the trash."""
    async with sessions.begin() as session:
        author = make_user()
        for number in range(1, 6):
            await store(session, make_post(author=author, slug=f"draft-{number}"))
        for date, trashed_at in ((1, None), (2, None), (4, FIRST)):
            values: dict[str, Any] = {"status": SCHEDULED, "published_at": day(date), "trashed_at": trashed_at}
            await store(session, make_post(author=author, **values))


def dates(changes: Changes[PostSummary]) -> list[tuple[int, datetime | None]]:
    return [(post.id, post.published_at) for post in changes.changed]


def select(*references: str) -> PostSelection:
    return PostSelection(references=list(references))


async def test_references_get_free_slots_in_their_order(blog: SessionFactory) -> None:
    changes = await schedule_in_slots(blog, select("draft-3", "1", "id:2", "draft-3"), rule=Days(), options=OPTIONS)
    assert dates(changes) == [(3, day(0)), (1, day(3)), (2, day(4))]
    assert {post.status for post in changes.changed} == {SCHEDULED}
    assert changes.notes == ["Skipped 2 slots of other scheduled posts."]


async def test_filters_get_free_slots_in_selected_order(blog: SessionFactory) -> None:
    selection = PostSelection(statuses=[PostStatus.DRAFT], sort=PostSort.ID, descending=True, limit=2)
    assert dates(await schedule_in_slots(blog, selection, rule=Days(), options=OPTIONS)) == [(5, day(0)), (4, day(3))]


async def test_repeated_command_changes_nothing(blog: SessionFactory) -> None:
    await schedule_in_slots(blog, select("1", "2"), rule=Days(), options=OPTIONS)
    changes = await schedule_in_slots(blog, select("1", "2"), rule=Days(), options=OPTIONS)
    assert (changes.changed, changes.unchanged, changes.notes) == ([], 2, [])


async def test_slots_of_selected_posts_are_free(blog: SessionFactory) -> None:
    changes = await schedule_in_slots(blog, select("7", "1", "6"), rule=Days(), options=OPTIONS)
    assert dates(changes) == [(7, day(0)), (1, day(1)), (6, day(2))]


async def test_dry_run_changes_nothing(blog: SessionFactory) -> None:
    changes = await schedule_in_slots(blog, select("1"), rule=Days(), options=BulkOptions(dry_run=True))
    assert dates(changes) == [(1, day(0))]
    async with blog() as session:
        assert (await PostRepository(session).get_one(1)).published_at is None


@pytest.mark.parametrize(
    ("references", "error"),
    [(["1", "8"], ConflictError), (["1", "nowhere"], NotFoundError), (["1", "2", "3", "4"], UsageError)],
)
async def test_refused_command_changes_nothing(
    blog: SessionFactory, references: list[str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await schedule_in_slots(blog, select(*references), rule=Days(count=5), options=OPTIONS)
    async with blog() as session:
        assert (await PostRepository(session).get_one(1)).status == PostStatus.DRAFT


async def test_more_posts_than_slots_are_refused(blog: SessionFactory) -> None:
    with pytest.raises(UsageError, match="only 3 free slots for 5 posts; nothing was changed"):
        await schedule_in_slots(blog, select("1", "2", "3", "4", "5"), rule=Days(count=5), options=OPTIONS)


async def test_selection_without_posts_changes_nothing(blog: SessionFactory) -> None:
    nothing = PostSelection(statuses=[PostStatus.PUBLISHED])
    assert (await schedule_in_slots(blog, nothing, rule=Days(count=0), options=OPTIONS)).changed == []


async def test_only_first_notes_are_returned(blog: SessionFactory) -> None:
    async with blog.begin() as session:
        author = (await session.get_one(Post, 1)).author_id
        session.add_all(Post(title="t", slug=f"more-{n}", author_id=author, content="") for n in range(20))
    drafts = PostSelection(statuses=[PostStatus.DRAFT])
    changes = await schedule_in_slots(blog, drafts, rule=Days(note="Moved"), options=OPTIONS)
    assert changes.notes[0] == "Moved 0"
    assert changes.notes[10:] == [
        "... and 15 more slots at which the clocks change.",
        "Skipped 2 slots of other scheduled posts.",
    ]


async def test_slots_moved_to_same_time_are_used_once(blog: SessionFactory) -> None:
    zone = parse_slots("09:00", UTC)

    class Twice:
        def slots(self, now: datetime) -> Iterator[Slot]:
            for slot in zone.slots(now):
                yield slot
                yield slot

    changes = await schedule_in_slots(blog, select("1", "2"), rule=Twice(), options=OPTIONS)
    assert len({post.published_at for post in changes.changed}) == 2


async def test_concurrent_commands_get_different_slots(blog: SessionFactory) -> None:
    commands = [schedule_in_slots(blog, select(str(id_)), rule=Days(), options=OPTIONS) for id_ in range(1, 6)]
    changes = await asyncio.gather(*commands)
    assert {post.published_at for change in changes for post in change.changed} == {
        day(0), day(3), day(4), day(5), day(6),
    }  # fmt: skip


async def test_search_for_taken_slots_uses_index(blog: SessionFactory) -> None:
    async def search(session: AsyncSession) -> None:
        await PostRepository(session).scheduled_dates([day(n) for n in range(10)], except_ids=())

    async with blog.begin() as session:
        author = (await session.get_one(Post, 1)).author_id
        session.add_all(
            Post(title="t", slug=f"more-{n}", author_id=author, content="", published_at=day(n % 10), status=status)
            for n, status in enumerate([PostStatus.PUBLISHED] * 500 + [SCHEDULED] * 20)
        )
        await session.flush()
        await session.execute(text("ANALYZE"))
    async with blog() as session:
        if (await session.connection()).dialect.name == "postgresql":
            await session.execute(text("SET LOCAL enable_seqscan = off"))
        assert "ix_posts_status_date" in await plan_of(session, search)
