"""Tests that the number of SQL statements does not depend on the number of rows."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from blogcli.database import SessionFactory
from blogcli.dates.slots import parse_slots
from blogcli.enums import PostGroup, PostSort, TagSort, UserSort
from blogcli.schemas.base import Changes
from blogcli.schemas.inputs.posts import PostUpdate, TagChanges
from blogcli.schemas.posts.changes import BulkOptions
from blogcli.schemas.posts.replacements import TextReplacement
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services import stats, tags, users
from blogcli.services.posts import publish, query, replace, slots, trash, update
from tests.factories import make_post, make_tag, make_user, store
from tests.statements import recorded_statements

ZONE = ZoneInfo("Europe/Berlin")
EVERYTHING = PostSelection(sort=PostSort.AUTHOR)
Use = Callable[[SessionFactory, list[str]], Awaitable[Any]]
USES: dict[str, Use] = {
    "post list": lambda sessions, _: query.list_posts(sessions, EVERYTHING, with_total=True),
    "post show": query.show_posts,
    "post exists": query.find_missing_posts,
    "user list": lambda sessions, _: users.list_users(sessions, sort=UserSort.POSTS),
    "user show": users.show_users,
    "tag list": lambda sessions, _: tags.list_tags(sessions, sort=TagSort.POSTS),
    "tag show": lambda sessions, ids: tags.show_tags(sessions, [f"id:{id_}" for id_ in ids]),
    "stats overview": lambda sessions, _: stats.overview(sessions, EVERYTHING, zone=ZONE),
    **{
        f"stats posts --by {group}": lambda sessions, _, group=group: stats.count_posts_by(  # type: ignore[misc]  # mypy cannot infer the types of the parameters of this lambda
            sessions, group, EVERYTHING, zone=ZONE
        )
        for group in PostGroup
    },
}

TOMORROW = datetime.now(UTC) + timedelta(days=1)
Change = Callable[[SessionFactory, PostSelection], Awaitable[Changes[Any]]]
CHANGES: dict[str, Change] = {
    "publish": partial(publish.publish_posts, options=BulkOptions()),
    "schedule": partial(publish.schedule_posts, at=TOMORROW, options=BulkOptions()),
    "schedule in slots": partial(slots.schedule_in_slots, rule=parse_slots("09:00", UTC), options=BulkOptions()),
    "expire": partial(publish.expire_posts, at=TOMORROW, options=BulkOptions()),
    "trash": partial(trash.trash_posts, options=BulkOptions()),
    "add tags": partial(update.update_posts, update=PostUpdate(), tags=TagChanges(add=["new"]), options=BulkOptions()),
    "replace tags": partial(
        update.update_posts, update=PostUpdate(), tags=TagChanges(set=["new"]), options=BulkOptions()
    ),
    "update author": partial(update.update_posts, update=PostUpdate(), author="new@example.org", options=BulkOptions()),
    "replace text": partial(
        replace.replace_in_posts, replacement=TextReplacement(old="Post", new="N"), options=BulkOptions()
    ),
    "replace by expression": partial(
        replace.replace_in_posts, replacement=TextReplacement(old="P.st", new="N", is_regex=True), options=BulkOptions()
    ),
    "update excerpt": partial(update.update_posts, update=PostUpdate(excerpt="Short"), options=BulkOptions()),
}


async def fill(sessions: SessionFactory, count: int) -> list[str]:
    """Create `count` users, `count` tags and `count` posts. Each post has two tags.

    Returns the ids of the posts. The users and the tags have the same ids as the posts.
    """
    async with sessions.begin() as session:
        users = [make_user() for _ in range(count)]
        tags = [make_tag() for _ in range(count)]
        posts = [
            make_post(author=users[number], tags=[tags[number], tags[number - 1]], content="text")
            for number in range(count)
        ]
        await store(session, *posts)
        return [str(post.id) for post in posts]


async def count_statements(sessions: SessionFactory, use: Use, ids: list[str]) -> int:
    async with sessions() as session:
        engine = session.get_bind().engine
    with recorded_statements(engine) as statements:
        await use(sessions, ids)
    return len(statements)


@pytest.mark.parametrize("name", USES)
async def test_reading_runs_fixed_number_of_statements(sessions: SessionFactory, name: str) -> None:
    few = await fill(sessions, 5)
    count = await count_statements(sessions, USES[name], few)
    many = few + await fill(sessions, 45)
    assert 0 < count <= 5
    assert await count_statements(sessions, USES[name], many) == count


@pytest.mark.parametrize("name", CHANGES)
async def test_bulk_change_runs_fixed_number_of_statements(sessions: SessionFactory, name: str) -> None:
    async def change(sessions: SessionFactory, ids: list[str]) -> None:
        changes = await CHANGES[name](sessions, PostSelection(references=ids))
        assert [str(post.id) for post in changes.changed] == ids

    async with sessions.begin() as session:
        await store(session, make_tag(name="new"), make_user(email="new@example.org"))
    first = await count_statements(sessions, change, await fill(sessions, 5))
    assert await count_statements(sessions, change, await fill(sessions, 45)) == first


async def test_unchanged_bulk_change_runs_fixed_number_of_statements(sessions: SessionFactory) -> None:
    async def unpublish(sessions: SessionFactory, ids: list[str]) -> None:
        assert (
            await publish.unpublish_posts(sessions, PostSelection(references=ids), options=BulkOptions())
        ).changed == []

    few = await fill(sessions, 5)
    count = await count_statements(sessions, unpublish, few)
    many = few + await fill(sessions, 45)
    assert await count_statements(sessions, unpublish, many) == count
