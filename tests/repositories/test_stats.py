"""Tests of the statistics of posts, users and tags on both databases."""

from datetime import UTC, datetime

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostGroup, PostStatus
from blogcli.repositories.posts.filters import PostFilters
from blogcli.repositories.stats import Count, StatsRepository
from tests.factories import make_post, make_tag, make_user, store
from tests.snapshots import session_snapshot

MAY, JUNE, JULY = (datetime(2024, month, 1, tzinfo=UTC) for month in (5, 6, 7))
EVERYTHING = PostFilters(statuses=list(PostStatus))


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        anna = make_user(email="anna@example.org")
        bert = make_user(email="bert@example.org", is_active=False)
        red = make_tag("Red")
        blue = make_tag("blue")
        await store(
            session,
            make_post(author=anna, tags=[red, blue], status="published", published_at=MAY, content="one two"),
            make_post(author=anna, tags=[red], status="published", published_at=JUNE, content="größer"),
            make_post(author=bert, status="scheduled", published_at=JUNE.replace(minute=44), content="你好"),
            make_post(author=bert, content="", created_at=JUNE.replace(minute=45)),
            make_post(
                author=bert, tags=[blue], status="published", published_at=JUNE, trashed_at=JULY, content="x y z"
            ),
        )


async def test_count_users_and_tags_separates_inactive_users(blog: SessionFactory) -> None:
    async with blog() as session:
        assert dict(await StatsRepository(session).count_users_and_tags()) == {
            "users_active": 1,
            "users_inactive": 1,
            "tags": 2,
        }


async def test_summarize_posts_counts_posts_and_words(blog: SessionFactory) -> None:
    async with blog() as session:
        stats = StatsRepository(session)
        row = await stats.summarize_posts(EVERYTHING, last_month=MAY, this_month=JUNE, next_month=JULY)
        assert {name: float(value) for name, value in row.items()} == {
            "posts_draft": 1,
            "posts_scheduled": 1,
            "posts_published": 2,
            "posts_trashed": 1,
            "characters_total": 15,
            "characters_average": 3.75,
            "words_total": 5,
            "words_average": 1.25,
            "this_month": 1,
            "last_month": 1,
        }


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], (1, 1, 2, 0, 15, 5, 1, 1)),
        ([PostStatus.TRASHED], (0, 0, 0, 1, 0, 0, 0, 0)),
        ([PostStatus.DRAFT, PostStatus.TRASHED], (1, 0, 0, 1, 0, 0, 0, 0)),
        ([PostStatus.SCHEDULED], (0, 1, 0, 0, 2, 2, 0, 0)),
        ([PostStatus.PUBLISHED, PostStatus.DRAFT], (1, 0, 2, 0, 13, 3, 1, 1)),
    ],
)
async def test_summarize_posts_counts_only_selected_statuses(
    blog: SessionFactory, statuses: list[PostStatus], expected: tuple[int, ...]
) -> None:
    names = [f"posts_{status}" for status in PostStatus]
    names += ["characters_total", "words_total", "last_month", "this_month"]
    async with blog() as session:
        stats = StatsRepository(session)
        filters = PostFilters(statuses=statuses)
        row = await stats.summarize_posts(filters, last_month=MAY, this_month=JUNE, next_month=JULY)
        assert tuple(row[name] for name in names) == expected


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([], ["published", "draft", "scheduled"]),
        ([PostStatus.TRASHED], ["trashed"]),
        ([PostStatus.TRASHED, PostStatus.DRAFT], ["draft", "trashed"]),
        ([PostStatus.SCHEDULED], ["scheduled"]),
    ],
)
async def test_posts_by_status_counts_only_selected_statuses(
    blog: SessionFactory, statuses: list[PostStatus], expected: list[str]
) -> None:
    async with blog() as session:
        counts = await StatsRepository(session).count_posts_by(PostGroup.STATUS, PostFilters(statuses=statuses))
        assert [count.value for count in counts] == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (PostGroup.AUTHOR, [Count("bert@example.org", 3, 5), Count("anna@example.org", 2, 3)]),
        (PostGroup.TAG, [Count("blue", 2, 5), Count("Red", 2, 3)]),
        (
            PostGroup.STATUS,
            [Count("published", 2, 3), Count("draft", 1, 0), Count("scheduled", 1, 2), Count("trashed", 1, 3)],
        ),
    ],
)
async def test_count_posts_by_group(blog: SessionFactory, group: PostGroup, expected: list[Count]) -> None:
    async with blog() as session:
        assert list(await StatsRepository(session).count_posts_by(group, EVERYTHING)) == expected


async def test_count_posts_by_applies_filters(blog: SessionFactory) -> None:
    async with blog() as session:
        counts = await StatsRepository(session).count_posts_by(PostGroup.STATUS, PostFilters(since=JUNE))
        assert {count.value: count.posts for count in counts} == {"published": 1, "scheduled": 1, "draft": 1}


async def test_count_posts_by_interval_is_in_chronological_order(blog: SessionFactory) -> None:
    async with blog() as session:
        assert list(await StatsRepository(session).count_posts_by_interval(EVERYTHING, splits_months=True)) == [
            Count("2024-05-01T00:00", 1, 2),
            Count("2024-06-01T00:00", 2, 4),
            Count("2024-06-01T00:30", 1, 2),
            Count("2024-06-01T00:45", 1, 0),
        ]


async def test_stats_of_empty_blog_are_empty(sessions: SessionFactory) -> None:
    async with sessions() as session:
        stats = StatsRepository(session)
        row = await stats.summarize_posts(EVERYTHING, last_month=MAY, this_month=JUNE, next_month=JULY)
        assert (row["posts_draft"], row["words_average"]) == (0, None)
        assert list(await stats.count_posts_by(PostGroup.TAG, EVERYTHING)) == []
        assert list(await stats.count_posts_by_interval(EVERYTHING, splits_months=True)) == []
