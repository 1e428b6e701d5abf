"""Tests of the sample content that `seed` creates."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import selectinload, undefer

from blogcli.database import SessionFactory
from blogcli.enums import PostStatus
from blogcli.errors import ConflictError
from blogcli.models import Post, Tag, User
from blogcli.models.users import UNUSABLE_PASSWORD
from blogcli.schemas.db import Seeded
from blogcli.services.db.seed import seed
from blogcli.text.word_count import count_words
from tests.factories import make_post, make_tag, make_user

NOW = datetime(2026, 10, 2, tzinfo=UTC)


async def read_posts(sessions: SessionFactory) -> list[Post]:
    statement = select(Post).order_by(Post.id).options(undefer(Post.content), undefer(Post.extra))
    async with sessions() as session:
        return list(await session.scalars(statement.options(selectinload(Post.tags), selectinload(Post.author))))


async def read_content(sessions: SessionFactory) -> dict[str, list[Any]]:
    """Return the stored users, tags and posts without their ids."""
    posts = await read_posts(sessions)
    async with sessions() as session:
        users = list(await session.scalars(select(User).order_by(User.email)))
        tags = sorted(await session.scalars(select(Tag.name)))
    columns = (
        *("uuid", "title", "slug", "content", "excerpt", "status", "published_at", "trashed_at", "extra", "words"),
        *("version", "created_at", "updated_at"),
    )
    return {
        "users": [(user.email, user.full_name, user.created_at, user.updated_at) for user in users],
        "tags": tags,
        "posts": [[*(getattr(post, name) for name in columns), post.author.email, post.tag_names] for post in posts],
    }


async def delete_content(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        for model in (Post, Tag, User):
            await session.execute(delete(model))


async def test_seed_creates_requested_numbers(sessions: SessionFactory) -> None:
    assert await seed(sessions, posts=30, users=5, tags=50, seed=1) == Seeded(users=5, posts=30, tags=50)
    stored = await read_content(sessions)
    assert {noun: len(rows) for noun, rows in stored.items()} == {"users": 5, "posts": 30, "tags": 50}


async def test_seed_is_reproducible(sessions: SessionFactory) -> None:
    await seed(sessions, posts=40, users=9, tags=60, seed=3)
    first = await read_content(sessions)
    await delete_content(sessions)
    await seed(sessions, posts=40, users=9, tags=60, seed=3)
    assert await read_content(sessions) == first


async def test_seed_with_other_number_reuses_people(sessions: SessionFactory) -> None:
    await seed(sessions, posts=10, users=4, tags=5, seed=1)
    assert await seed(sessions, posts=10, users=4, tags=5, seed=2) == Seeded(users=0, posts=10, tags=0)
    posts = await read_posts(sessions)
    assert not {post.title for post in posts[:10]} & {post.title for post in posts[10:]}


async def test_seed_twice_changes_nothing(sessions: SessionFactory) -> None:
    await seed(sessions, posts=25, users=4, tags=12, seed=1)
    previous = await read_content(sessions)
    assert await seed(sessions, posts=25, users=4, tags=12, seed=1) == Seeded(users=0, posts=0, tags=0)
    assert await read_content(sessions) == previous


async def test_seed_keeps_edited_and_trashed_posts(sessions: SessionFactory) -> None:
    await seed(sessions, posts=3, users=2, tags=2, seed=1)
    first, second, _ = await read_posts(sessions)
    async with sessions.begin() as session:
        await session.execute(update(Post).where(Post.id == first.id).values(title="Mine", slug="mine"))
        await session.execute(update(Post).where(Post.id == second.id).values(trashed_at=NOW))
        await session.execute(update(User).values(full_name="Somebody", is_active=False))
        await session.execute(update(Tag).where(Tag.key == "python").values(name="PYTHON"))
    previous = await read_content(sessions)
    assert await seed(sessions, posts=3, users=2, tags=2, seed=1) == Seeded(users=0, posts=0, tags=0)
    assert await read_content(sessions) == previous


async def test_seed_adds_more_posts(sessions: SessionFactory) -> None:
    await seed(sessions, posts=100, users=6, tags=20, seed=1)
    seeded_at_once = await read_content(sessions)
    await delete_content(sessions)
    await seed(sessions, posts=50, users=6, tags=20, seed=1)
    assert await seed(sessions, posts=100, users=6, tags=20, seed=1) == Seeded(users=0, posts=50, tags=0)
    assert await read_content(sessions) == seeded_at_once


async def test_seed_with_other_users_and_tags_keeps_texts(
    sessions: SessionFactory,
) -> None:
    await seed(sessions, posts=40, users=1, tags=0, seed=1)
    rows_with_one_user = (await read_content(sessions))["posts"]
    await delete_content(sessions)
    await seed(sessions, posts=40, users=30, tags=90, seed=1)
    rows_with_many_users = (await read_content(sessions))["posts"]
    assert [row[:-2] for row in rows_with_one_user] == [row[:-2] for row in rows_with_many_users]


async def test_seed_of_one_post_has_tag_python(sessions: SessionFactory) -> None:
    await seed(sessions, posts=1, users=1, tags=1, seed=99)
    (post,) = await read_posts(sessions)
    assert (post.status, post.tag_names) == (PostStatus.PUBLISHED, ["python"])


async def test_seed_publishes_three_quarters(sessions: SessionFactory) -> None:
    await seed(sessions, posts=200, users=8, tags=30, seed=1)
    posts = await read_posts(sessions)
    assert Counter(post.status for post in posts) == {"published": 150, "draft": 30, "scheduled": 20}
    assert not any(post.trashed_at for post in posts)


async def test_seed_dates_agree_with_status(sessions: SessionFactory) -> None:
    await seed(sessions, posts=200, users=3, tags=3, seed=1)
    for post in await read_posts(sessions):
        assert post.author.created_at < post.created_at <= post.updated_at < NOW
        if post.status == PostStatus.PUBLISHED:
            assert post.published_at is not None
            assert post.created_at < post.published_at <= post.updated_at
        elif post.status == PostStatus.SCHEDULED:
            assert post.published_at is not None
            assert post.published_at.year == 2099
        else:
            assert post.published_at is None


async def test_seed_fills_all_columns(sessions: SessionFactory) -> None:
    await seed(sessions, posts=60, users=20, tags=40, seed=1)
    posts = await read_posts(sessions)
    for post in posts:
        assert post.version == 1
        assert post.extra == {}
        assert post.words == count_words(post.content)
        assert post.author.hashed_password == UNUSABLE_PASSWORD
    assert sum(1 for post in posts if post.tags) > 50
    assert len({post.author_id for post in posts}) > 5


async def test_seed_dry_run_creates_nothing(sessions: SessionFactory) -> None:
    assert await seed(sessions, posts=5, users=2, tags=3, seed=1, dry_run=True) == Seeded(users=2, posts=5, tags=3)
    assert await read_content(sessions) == {"users": [], "posts": [], "tags": []}


@pytest.mark.parametrize(
    ("posts", "users", "tags", "created"),
    [
        (0, 0, 0, Seeded(users=0, posts=0, tags=0)),
        (0, 3, 0, Seeded(users=3, posts=0, tags=0)),
        (0, 0, 2, Seeded(users=0, posts=0, tags=2)),
        (4, 0, 0, Seeded(users=1, posts=4, tags=0)),
    ],
)
async def test_seed_of_zero_creates_other_content(
    sessions: SessionFactory, posts: int, users: int, tags: int, created: Seeded
) -> None:
    assert await seed(sessions, posts=posts, users=users, tags=tags, seed=1) == created


async def test_seed_avoids_existing_slugs(sessions: SessionFactory) -> None:
    await seed(sessions, posts=2, users=1, tags=0, seed=1)
    first, second = await read_posts(sessions)
    async with sessions.begin() as session:
        # The first post is deleted. Two new posts take its slug, and its slug with the number 2 appended.
        await session.execute(delete(Post).where(Post.id == first.id))
        for slug in (first.slug, f"{first.slug}-2"):
            session.add(Post(title=slug, slug=slug, content="", author_id=second.author_id))
    await seed(sessions, posts=2, users=1, tags=0, seed=1, force=True)
    slugs = {post.uuid: post.slug for post in await read_posts(sessions)}
    assert slugs[first.uuid] == f"{first.slug}-3"
    assert slugs[second.uuid] == second.slug


async def test_seed_numbers_slugs_of_equal_titles(sessions: SessionFactory) -> None:
    await seed(sessions, posts=2_000, users=3, tags=0, seed=1)
    by_title: dict[str, list[str]] = {}
    for post in await read_posts(sessions):
        by_title.setdefault(post.title, []).append(post.slug)
    repeated = [slugs for slugs in by_title.values() if len(slugs) > 1]
    assert repeated
    for slugs in repeated:
        assert slugs == [slugs[0], *(f"{slugs[0]}-{number}" for number in range(2, len(slugs) + 1))]


async def test_seed_runs_fixed_number_of_statements(sessions: SessionFactory) -> None:
    statements = []
    async with sessions() as session:
        engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    await seed(sessions, posts=1_000, users=10, tags=60, seed=1)
    assert len(statements) < 30


@pytest.mark.parametrize("kind", ["post", "imported post", "tag"])
async def test_seed_refuses_other_content(sessions: SessionFactory, kind: str) -> None:
    await seed(sessions, posts=3, users=2, tags=2, seed=1)
    async with sessions.begin() as session:
        author = await session.get(User, 1)
        assert author
        makers: dict[str, Callable[[], Any]] = {
            "post": partial(make_post, author=author),
            "imported post": partial(make_post, author=make_user(), uuid=uuid5(NAMESPACE_URL, "x")),
            "tag": make_tag,
        }
        session.add(makers[kind]())
    for number in (1, 2):
        with pytest.raises(ConflictError, match=f"other content: 1 {kind.rsplit(maxsplit=1)[-1]}$"):
            await seed(sessions, posts=5, users=2, tags=2, seed=number)
    assert await seed(sessions, posts=5, users=2, tags=2, seed=1, force=True) == Seeded(users=0, posts=2, tags=0)


async def test_seed_accepts_other_users(sessions: SessionFactory) -> None:
    async with sessions.begin() as session:
        session.add(make_user())
    assert (await seed(sessions, posts=3, users=2, tags=2, seed=1)).posts == 3


async def test_seed_accepts_remaining_samples(sessions: SessionFactory) -> None:
    await seed(sessions, posts=20, users=8, tags=40, seed=1)
    async with sessions.begin() as session:
        await session.execute(delete(Post).where(Post.id < 19))
        await session.execute(delete(Tag).where(Tag.id < 39))
    assert await seed(sessions, posts=1, users=1, tags=1, seed=2) == Seeded(users=0, posts=1, tags=1)
