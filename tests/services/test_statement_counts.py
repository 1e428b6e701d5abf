"""The number of SQL statements does not depend on the number of rows."""

from collections.abc import Awaitable, Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from blogcli.database import SessionFactory
from blogcli.enums import PostGroup, PostSort, TagSort, UserSort
from blogcli.schemas.posts import PostSelection, Terms
from blogcli.services import stats, tags, users
from blogcli.services.posts import publish, query
from tests.factories import make_post, make_tag, make_user, store

ZONE = ZoneInfo("Europe/Berlin")
EVERYTHING = PostSelection(sort=PostSort.AUTHOR)
Use = Callable[[SessionFactory, list[str]], Awaitable[Any]]
USES: dict[str, Use] = {
    "post list": lambda sessions, _: query.list_posts(sessions, EVERYTHING, with_total=True),
    "post show": query.show_posts,
    "post exists": query.missing_posts,
    "user list": lambda sessions, _: users.list_users(sessions, sort=UserSort.POSTS),
    "user show": users.show_users,
    "tag list": lambda sessions, _: tags.list_tags(sessions, sort=TagSort.POSTS),
    "tag show": lambda sessions, ids: tags.show_tags(sessions, [f"id:{id_}" for id_ in ids]),
    "stats overview": lambda sessions, _: stats.overview(sessions, EVERYTHING, zone=ZONE),
    **{
        f"stats posts --by {group}": lambda sessions, _, group=group: stats.count_posts_by(  # type: ignore[misc]
            sessions, group, EVERYTHING, zone=ZONE
        )
        for group in PostGroup
    },
}


async def fill(sessions: SessionFactory, rows: int) -> list[str]:
    """Fill a blog with the same number of users, tags and posts, and return their ids, which are equal.

    Each post has two tags.
    """
    async with sessions.begin() as session:
        people, words = [make_user() for _ in range(rows)], [make_tag() for _ in range(rows)]
        made = [
            make_post(author=people[number], tags=[words[number], words[number - 1]], content="text")
            for number in range(rows)
        ]
        await store(session, *made)
        return [str(post.id) for post in made]


async def statements_of(sessions: SessionFactory, use: Use, ids: list[str]) -> int:
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    async with sessions() as session:
        engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", note)
    await use(sessions, ids)
    event.remove(engine, "before_cursor_execute", note)
    return len([statement for statement in seen if not statement.startswith("BEGIN")])


@pytest.mark.parametrize("name", USES)
async def test_reading_runs_fixed_number_of_statements(sessions: SessionFactory, name: str) -> None:
    few = await fill(sessions, 5)
    first = await statements_of(sessions, USES[name], few)
    many = few + await fill(sessions, 45)
    assert 0 < first <= 5
    assert await statements_of(sessions, USES[name], many) == first


async def test_unchanged_bulk_change_runs_fixed_number_of_statements(sessions: SessionFactory) -> None:
    async def unpublish(sessions: SessionFactory, ids: list[str]) -> None:
        assert (await publish.unpublish_posts(sessions, PostSelection(references=ids), terms=Terms())).changed == []

    few = await fill(sessions, 5)
    first = await statements_of(sessions, unpublish, few)
    many = few + await fill(sessions, 45)
    assert await statements_of(sessions, unpublish, many) == first
