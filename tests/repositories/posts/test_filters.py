"""Tests of the filters that select posts, each filter alone and in pairs."""

from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus, TextField
from blogcli.repositories.posts.filters import PostFilters, PostOrder
from blogcli.repositories.posts.query import PostQueryRepository
from blogcli.repositories.posts.rows import PostRow
from blogcli.services.posts.summaries import SUMMARY
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

DRAFT, SCHEDULED, PUBLISHED, TRASHED = PostStatus


def june(day: int) -> datetime:
    return datetime(2024, 6, day, tzinfo=UTC)


# For each of the posts 1 to 6: the id of the author, the first letters of the tags, and the other values. Tag 1 is red,
# tag 2 is blue, and tag 3 is green.
ROWS: list[tuple[int, str, dict[str, Any]]] = [
    (1, "", {"title": "100% wool", "status": "published", "published_at": june(1), "expires_at": june(2)}),
    (1, "r", {"title": "1000 sheep", "content": "Größe", "created_at": june(2)}),
    (2, "rb", {"title": "Both", "content": "snake_case", "status": "published", "published_at": june(3)}),
    (2, "rbg", {"title": "All", "excerpt": "GRÖẞE", "status": "scheduled", "published_at": june(4)}),
    (
        1,
        "b",
        {
            "title": "Blue größe",
            "status": "published",
            "published_at": june(5),
            "trashed_at": june(9),
            "expires_at": june(1),
        },
    ),
    (2, "g", {"title": "Green", "created_at": june(6), "expires_at": june(9)}),
]
TITLE, CONTENT, EXCERPT = TextField
# Arguments of `PostFilters`, each with the ids of the posts that these filters select.
FILTERS: list[tuple[dict[str, Any], set[int]]] = [
    ({}, {1, 2, 3, 4, 6}),
    ({"ids": [2, 3, 5]}, {2, 3}),
    ({"ids": []}, set()),
    ({"tag_ids": [1]}, {2, 3, 4}),
    ({"tag_ids": [1, 2]}, {2, 3, 4}),
    ({"tag_ids": [1, 2], "all_tags": True}, {3, 4}),
    ({"not_tag_ids": [2, 3]}, {1, 2}),
    ({"untagged": True}, {1}),
    ({"author_ids": [1]}, {1, 2}),
    ({"author_ids": [1, 2]}, {1, 2, 3, 4, 6}),
    ({"statuses": [DRAFT]}, {2, 6}),
    ({"statuses": [SCHEDULED, PUBLISHED]}, {1, 3, 4}),
    ({"statuses": [TRASHED]}, {5}),
    ({"statuses": [TRASHED, PUBLISHED]}, {1, 3, 5}),
    ({"statuses": list(PostStatus)}, {1, 2, 3, 4, 5, 6}),
    ({"since": june(3)}, {3, 4, 6}),
    ({"until": june(3)}, {1, 2}),
    ({"due_by": june(3)}, {1}),
    ({"due_by": june(4)}, {1, 4}),
    ({"due_by": june(30)}, {1, 4, 6}),
    ({"contains": ["0%"]}, {1}),
    ({"contains": ["E_C"]}, {3}),
    ({"contains": ["GRÖSSE"]}, set()),
    ({"contains": ["GRÖẞE"]}, {2}),
    ({"contains": ["größe"], "fields": [EXCERPT]}, {4}),
    ({"contains": ["größe"], "fields": list(TextField), "statuses": list(PostStatus)}, {2, 4, 5}),
    ({"contains": ["0", "sh"]}, {2}),
]


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        people = {1: make_user(), 2: make_user()}
        tags = {"r": make_tag("red"), "b": make_tag("blue"), "g": make_tag("green")}
        await store(session, people[1])
        await store(session, people[2])
        for tag in tags.values():
            await store(session, tag)
        for number, (author, letters, values) in enumerate(ROWS, 1):
            post = make_post(id=number, author=people[author], tags=[tags[letter] for letter in letters], **values)
            await store(session, post)


async def select_posts(blog: SessionFactory, filters: dict[str, Any], limit: int = 0) -> list[PostRow]:
    async with blog() as session:
        posts, _ = await PostQueryRepository(session, columns=SUMMARY).page(
            PostFilters(**filters), PostOrder(), limit=limit
        )
        return posts


async def test_filter_selects_each_matching_post_once(blog: SessionFactory) -> None:
    for filters, expected in FILTERS:
        ids = [post["id"] for post in await select_posts(blog, filters)]
        assert (filters, sorted(ids)) == (filters, sorted(expected))


@pytest.mark.untraced
async def test_filters_combine_with_and(blog: SessionFactory) -> None:
    all_statuses = {"statuses": list(PostStatus)}
    selected = [{post["id"] for post in await select_posts(blog, all_statuses | one)} for one, _ in FILTERS]
    for (first, (one, _)), (second, (other, _)) in combinations(enumerate(FILTERS), 2):
        if not one.keys() & other.keys():
            both = {post["id"] for post in await select_posts(blog, all_statuses | one | other)}
            assert (one, other, both) == (one, other, selected[first] & selected[second])


async def test_count_ids_and_page_agree(blog: SessionFactory) -> None:
    async with blog() as session:
        posts = PostQueryRepository(session, columns=SUMMARY)
        for values, expected in FILTERS:
            filters = PostFilters(**values)
            assert await posts.count(filters) == len(expected)
            ids = await posts.ids(filters, PostOrder())
            assert ids == [post["id"] for post in (await posts.page(filters, PostOrder()))[0]]
            assert await posts.ids(filters, PostOrder(), offset=1, limit=2) == ids[1:3]


async def test_limit_counts_post_with_several_tags_once(blog: SessionFactory) -> None:
    posts = await select_posts(blog, {"tag_ids": [1, 2, 3]}, limit=3)
    assert [post["id"] for post in posts] == [6, 4, 3]
    assert [post["tags"] for post in posts] == [["green"], ["blue", "green", "red"], ["blue", "red"]]
