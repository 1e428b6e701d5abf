"""Tests of pages and streams of posts, and of the types of their values."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostSort, PostStatus
from blogcli.output.values import to_json_record
from blogcli.repositories import tags as tag_module
from blogcli.repositories.posts.filters import PostFilters, PostOrder
from blogcli.repositories.posts.query import PostQueryRepository
from blogcli.schemas.posts.records import PostSummary
from blogcli.services.posts.summaries import PRINTED_SUMMARY, SUMMARY
from tests.factories import make_tag, store_posts

NOW = datetime(2024, 5, 31, tzinfo=UTC)


async def test_pages_have_no_gap_or_overlap(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        ids = sorted(post.id for post in await store_posts(session, 7, tags=[make_tag(), make_tag(), make_tag()]))
        posts, order = PostQueryRepository(session, columns=SUMMARY), PostOrder(descending=False)
        first, cursor = await posts.page(PostFilters(), order, limit=3)
        second, following = await posts.page(PostFilters(), order, limit=3, after=cursor)
        third, end = await posts.page(PostFilters(), order, limit=3, after=following)
        assert [post["id"] for post in (*first, *second, *third)] == ids
        assert end is None
        assert await posts.page(PostFilters(), order, offset=9) == ([], None)
        single_page, cursor = await posts.page(PostFilters(), order, limit=7)
        assert (len(single_page), cursor) == (7, None)


async def test_page_loads_neither_content_nor_model_objects(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store_posts(session, content="long", tags=[make_tag("b"), make_tag("A")])
    async with sessions() as session:
        ((post,), _) = await PostQueryRepository(session, columns=SUMMARY).page(PostFilters(), PostOrder())
        assert post["author"].endswith("@example.org")
        assert post["tags"] == ["A", "b"]
        assert "content" not in post
        assert not list(session)


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        NOW,
        NOW + timedelta(microseconds=120_000),
        datetime.max.replace(tzinfo=UTC),
    ],
    ids=str,
)
async def test_row_has_same_values_and_types_as_summary(sessions: SessionFactory, instant: datetime) -> None:
    tags = [make_tag(name) for name in ("straße", "Z", "a b", "É", "データ")]
    values: dict[str, Any] = {
        "created_at": instant,
        "published_at": instant,
        "trashed_at": instant,
        "expires_at": instant,
        "excerpt": "So.",
        "content": "a b",
    }
    async with sessions.begin() as session:
        await store_posts(session, tags=tags, **values)
        await store_posts(session, created_at=instant)
    everything = PostFilters(statuses=list(PostStatus))
    async with sessions() as session:
        rows, _ = await PostQueryRepository(session, columns=SUMMARY).page(everything, PostOrder(PostSort.ID))
        assert len(rows) == 2
        summaries = [PostSummary(**row) for row in rows]
        assert [asdict(summary) for summary in summaries] == rows
        assert [list(map(type, row.values())) for row in rows] == [
            list(map(type, asdict(summary).values())) for summary in summaries
        ]
        printed, _ = await PostQueryRepository(session, columns=PRINTED_SUMMARY).page(
            everything, PostOrder(PostSort.ID)
        )
        assert printed == [to_json_record(summary) for summary in summaries]


@pytest.mark.parametrize("sort", [PostSort.DATE, PostSort.TITLE, PostSort.AUTHOR], ids=str)
@pytest.mark.parametrize("all_tags", [False, True])
async def test_filter_by_common_tag_selects_same_posts(
    sessions: SessionFactory, monkeypatch: pytest.MonkeyPatch, sort: PostSort, all_tags: bool
) -> None:
    common, rare = make_tag(), make_tag()
    async with sessions.begin() as session:
        both = await store_posts(session, 3, tags=[common, rare])
        one = await store_posts(session, 5, tags=[common])
        await store_posts(session, 2)
        expected = {post.id for post in (both if all_tags else [*both, *one])}
        filters = PostFilters(tag_ids=[common.id, rare.id], all_tags=all_tags)
    for threshold in (2, 4, 100):
        monkeypatch.setattr(tag_module, "_COMMON_TAG_POSTS", threshold)
        async with sessions() as session:
            posts = PostQueryRepository(session, columns=SUMMARY)
            page, _ = await posts.page(filters, PostOrder(sort), limit=100)
            assert {post["id"] for post in page} == expected
            assert [post["id"] for post in page] == await posts.ids(filters, PostOrder(sort), limit=100)
            assert [post async for batch in posts.stream(filters, PostOrder(sort)) for post in batch] == page
