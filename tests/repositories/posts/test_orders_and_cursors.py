"""Tests of the orders of posts, which must be the same on both databases, and of the cursors of pages."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from blogcli.database import SessionFactory
from blogcli.enums import PostSort, PostStatus
from blogcli.errors import UsageError
from blogcli.repositories.posts.filters import PostFilters, PostOrder, after_cursor, encode_cursor
from blogcli.repositories.posts.query import PostQueryRepository
from blogcli.repositories.posts.repository import PostRepository
from blogcli.repositories.posts.rows import PostRow
from blogcli.services.posts.summaries import SUMMARY
from tests.factories import make_post, make_user, store
from tests.snapshots import session_snapshot

START = datetime(2024, 5, 31, 18, 0, 0, 7, tzinfo=UTC)
ALL = PostFilters(statuses=list(PostStatus))
# Titles that a database would sort differently in different locales.
TITLES = [
    "apple",
    "Apple",
    "ápple",
    "Zebra",
    "zebra",
    "_x",
    "-x",
    "a b",
    "ab",
    "Ärger",
    "я",
    "Я",
    "你",
    "10",
    "9",
    "İ",
    "😀",
]
ORDERS = [PostOrder(sort, descending) for sort in PostSort for descending in (False, True)]


def post_values() -> list[dict[str, Any]]:
    """Return the column values of several posts. Some posts have equal values, and some values are null."""
    return [
        {
            "title": title,
            "slug": f"{title.lower().replace(' ', '~')}{number}",
            "status": list(PostStatus)[number % 3],
            "published_at": None if number % 3 == 0 else START + timedelta(hours=number % 4),
            "trashed_at": START + timedelta(days=number % 2) if number % 4 == 1 else None,
            "created_at": START + timedelta(minutes=number // 2),
            "updated_at": START + timedelta(minutes=number // 3),
            "content": "word " * (number % 5),
        }
        for number, title in enumerate(TITLES)
    ]


@session_snapshot
async def blog(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        authors = [make_user(email=email) for email in ("b@example.org", "a-b@example.org", "a.b@example.org")]
        for number, values in enumerate(post_values()):
            await store(session, make_post(author=authors[number % 3], **values))


def ascii_lower(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def expected_key(post: PostRow, sort: PostSort) -> Any:
    if sort is PostSort.DATE:
        return post["published_at"] or post["created_at"]
    value: Any = post[sort]
    if sort in {PostSort.PUBLISHED_AT, PostSort.TRASHED_AT}:
        return (value is not None, value or START)
    return ascii_lower(value) if isinstance(value, str) else value


def name_of(order: PostOrder) -> str:
    return f"{'-' if order.descending else ''}{order.sort}"


@pytest.mark.parametrize("order", ORDERS, ids=name_of)
async def test_page_is_sorted_by_value_and_id(blog: SessionFactory, order: PostOrder) -> None:
    async with blog() as session:
        posts = PostQueryRepository(session, columns=SUMMARY)
        page, _ = await posts.page(ALL, order)
        keys = {post["id"]: (expected_key(post, order.sort), post["id"]) for post in page}
        expected = sorted(keys, key=keys.__getitem__, reverse=order.descending)
        assert [post["id"] for post in page] == expected
        assert await posts.ids(ALL, order) == expected


@pytest.mark.parametrize("order", ORDERS, ids=name_of)
async def test_pages_with_cursors_contain_every_post_once(blog: SessionFactory, order: PostOrder) -> None:
    async with blog() as session:
        posts = PostQueryRepository(session, columns=SUMMARY)
        all_ids = await posts.ids(ALL, order)
        for limit in (1, 5):
            visited_ids: list[int] = []
            after = None
            while len(visited_ids) <= len(all_ids):
                page, after = await posts.page(ALL, order, limit=limit, after=after)
                visited_ids += [post["id"] for post in page]
                if after is None:
                    break
            assert visited_ids == all_ids


async def test_cursor_is_valid_after_its_post_is_purged(blog: SessionFactory) -> None:
    order = PostOrder(PostSort.TITLE, descending=False)
    async with blog.begin() as session:
        posts = PostQueryRepository(session, columns=SUMMARY)
        all_ids = await posts.ids(ALL, order)
        _, cursor = await posts.page(ALL, order, limit=3)
        await PostRepository(session).purge([all_ids[2]])
        following, _ = await posts.page(ALL, order, after=cursor)
        assert [post["id"] for post in following] == all_ids[3:]


def encode_parts(parts: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


DATE = PostOrder()
TITLE = PostOrder(PostSort.TITLE, descending=False)


@pytest.mark.parametrize(
    ("cursor", "order"),
    [
        ("x", DATE),
        ("é", DATE),
        ("!!!!", DATE),
        ("bm90IGpzb24", DATE),
        (encode_parts([]), DATE),
        (encode_parts([1, 2, 3, 4]), DATE),
        (encode_parts(["date", True, "yesterday", 1]), DATE),
        (encode_parts(["date", True, 5, 1]), DATE),
        (encode_parts(["date", True, START.isoformat(), "1"]), DATE),
        (encode_parts(["date", True, START.isoformat(), True]), DATE),
        (encode_parts(["date", True, START.isoformat(), 2**70]), DATE),
        (encode_parts(["date", True, "2024-05-31T18:00:00", 1]), DATE),
        (encode_parts(["date", True, None, 1]), DATE),
        (encode_parts(["title", False, None, 1]), TITLE),
        (encode_parts(["title", False, 7, 1]), TITLE),
        (encode_parts(["title", False, ["a"], 1]), TITLE),
        (encode_parts(["title", False, "\ud800", 1]), TITLE),
        (encode_parts(["title", False, "a\0b", 1]), TITLE),
        (encode_parts(["id", False, "x", 1]), PostOrder(PostSort.ID, descending=False)),
        (encode_parts(["words", False, 1.5, 1]), PostOrder(PostSort.WORDS, descending=False)),
        (encode_parts(["words", False, True, 1]), PostOrder(PostSort.WORDS, descending=False)),
        (base64.b64encode(b"[" * 5_000).decode(), TITLE),
        (encode_cursor(DATE, START, 1), TITLE),
        (encode_cursor(DATE, START, 1), PostOrder(descending=False)),
    ],
)
def test_after_cursor_refuses_invalid_cursor_or_other_order(cursor: str, order: PostOrder) -> None:
    with pytest.raises(UsageError, match="--after"):
        after_cursor(cursor, order)


def test_cursor_needs_no_quoting_on_command_line() -> None:
    cursor = encode_cursor(TITLE, "Ärger, 你 & 'mehr' \n", 7)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert after_cursor(cursor, TITLE) is not None
