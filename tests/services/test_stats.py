"""Tests of the overview, and of the numbers of posts per period in the time zone of the blog."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostGroup
from blogcli.errors import NotFoundError
from blogcli.schemas.posts.selection import PostSelection
from blogcli.services.stats import count_posts_by, overview
from tests.factories import make_post, make_tag, make_user, store

BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
NEW_YORK = ZoneInfo("America/New_York")
# The largest offsets from UTC that Python allows and that are multiples of 15 minutes.
EASTERNMOST = timezone(timedelta(hours=23, minutes=45))
WESTERNMOST = timezone(-timedelta(hours=23, minutes=45))
LATE_IN_MAY = datetime(2024, 5, 31, 23, 30, tzinfo=UTC)


async def publish_on(sessions: SessionFactory, *instants: datetime, content: str = "one two") -> None:
    async with sessions.begin() as session:
        author = make_user()
        posts = (make_post(author=author, status="published", published_at=when, content=content) for when in instants)
        await store(session, *posts)


async def counts(sessions: SessionFactory, group: PostGroup, zone: ZoneInfo = BERLIN) -> dict[str, int]:
    groups = await count_posts_by(sessions, group, PostSelection(), zone=zone)
    return {count.group: count.posts for count in groups}


async def test_count_by_month_uses_zone(sessions: SessionFactory) -> None:
    await publish_on(sessions, LATE_IN_MAY)
    assert await counts(sessions, PostGroup.MONTH, BERLIN) == {"2024-06": 1}
    assert await counts(sessions, PostGroup.MONTH, NEW_YORK) == {"2024-05": 1}
    assert await counts(sessions, PostGroup.DAY, BERLIN) == {"2024-06-01": 1}
    at_noon = datetime(2024, 6, 30, 12, tzinfo=UTC)
    assert (await overview(sessions, PostSelection(), zone=BERLIN, now=at_noon)).this_month == 1
    assert (await overview(sessions, PostSelection(), zone=NEW_YORK, now=at_noon)).last_month == 1


async def test_count_by_day_with_quarter_hour_offset(sessions: SessionFactory) -> None:
    midnight = datetime(2024, 5, 31, 18, 15, tzinfo=UTC)
    await publish_on(sessions, midnight.replace(minute=14, second=59, microsecond=999_999), midnight)
    assert await counts(sessions, PostGroup.DAY, KATHMANDU) == {"2024-05-31": 1, "2024-06-01": 1}


async def test_count_by_week_uses_iso_8601(sessions: SessionFactory) -> None:
    new_year = [datetime(year, 1, 1, 12, tzinfo=UTC) for year in (2021, 2024, 2025)]
    await publish_on(sessions, *new_year, datetime(2024, 12, 30, 12, tzinfo=UTC))
    assert await counts(sessions, PostGroup.WEEK) == {"2020-W53": 1, "2024-W01": 1, "2025-W01": 2}


async def test_count_by_period_is_ordered_and_complete(sessions: SessionFactory) -> None:
    await publish_on(
        sessions, *(datetime(year, 3, 5, hour, tzinfo=UTC) for year in (2024, 2022, 987) for hour in (1, 9))
    )
    years = await count_posts_by(sessions, PostGroup.YEAR, PostSelection(), zone=BERLIN)
    assert [(count.group, count.posts, count.words) for count in years] == [
        ("0987", 2, 4),
        ("2022", 2, 4),
        ("2024", 2, 4),
    ]


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, KATHMANDU])
async def test_count_at_ends_of_calendar(sessions: SessionFactory, zone: ZoneInfo) -> None:
    await publish_on(sessions, datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
    assert await counts(sessions, PostGroup.YEAR, zone) == {"0001": 1, "9999": 1}


async def test_count_by_period_uses_creation_of_drafts(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        await store(session, make_post(author=make_user(), created_at=LATE_IN_MAY))
    assert await counts(sessions, PostGroup.DAY) == {"2024-06-01": 1}
    assert (await overview(sessions, PostSelection(), zone=BERLIN, now=LATE_IN_MAY)).this_month == 0


async def test_overview_rounds_averages(sessions: SessionFactory) -> None:
    for content in ("one two", "three", ""):
        await publish_on(sessions, LATE_IN_MAY, content=content)
    counts = await overview(sessions, PostSelection(), zone=BERLIN)
    assert (counts.characters_total, counts.characters_average) == (12, 4.0)
    assert (counts.words_total, counts.words_average) == (3, 1.0)
    await publish_on(sessions, LATE_IN_MAY, LATE_IN_MAY, LATE_IN_MAY, LATE_IN_MAY)
    counts = await overview(sessions, PostSelection(), zone=BERLIN)
    assert (counts.characters_average, counts.words_average) == (5.7, 1.6)


async def test_overview_of_empty_blog(sessions: SessionFactory) -> None:
    counts = await overview(sessions, PostSelection(), zone=BERLIN)
    assert set(asdict(counts).values()) == {0}


async def test_count_posts_by_applies_selection(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        author = make_user(email="a@example.org")
        tag = make_tag("red")
        await store(session, make_post(author=author, tags=[tag], trashed_at=LATE_IN_MAY), make_post(author=author))
    counts = await overview(sessions, PostSelection(tags=["RED"]), zone=BERLIN)
    assert (counts.posts_trashed, counts.posts_draft) == (1, 0)
    counts = await overview(sessions, PostSelection(authors=["a@example.org"]), zone=BERLIN)
    assert (counts.posts_trashed, counts.posts_draft) == (1, 1)


async def test_counts_with_unknown_tag_or_author_are_refused(sessions: SessionFactory) -> None:
    with pytest.raises(NotFoundError, match="No such tag: x"):
        await overview(sessions, PostSelection(tags=["x"]), zone=BERLIN)
    with pytest.raises(NotFoundError, match="No such user: y"):
        await count_posts_by(sessions, PostGroup.DAY, PostSelection(authors=["y"]), zone=BERLIN)


@pytest.mark.parametrize("zone", [UTC, BERLIN, NEW_YORK, KATHMANDU, EASTERNMOST, WESTERNMOST])
async def test_count_by_month_and_year_is_exact_at_their_ends(sessions: SessionFactory, zone: tzinfo) -> None:
    days = [datetime(2023, 12, 1, tzinfo=UTC) + timedelta(days=number) for number in range(92)]
    times = [(0, 0), (0, 1), (5, 45), (12, 14), (18, 15), (23, 59)]
    instants = [day.replace(hour=hour, minute=minute) for day in days for hour, minute in times]
    async with sessions.begin() as session:
        author = make_user()
        await store(session, *(make_post(author=author, content="word", created_at=instant) for instant in instants))
    for group, length in ((PostGroup.MONTH, 7), (PostGroup.YEAR, 4)):
        expected = Counter(instant.astimezone(zone).isoformat()[:length] for instant in instants)
        found = await count_posts_by(sessions, group, PostSelection(), zone=zone)
        assert [(count.group, count.posts, count.words) for count in found] == [
            (name, number, number) for name, number in sorted(expected.items())
        ]
