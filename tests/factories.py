"""Create rows for tests. Columns that a test does not set get default values."""

from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from blogcli.models import Post, Tag, User
from blogcli.models.users import UNUSABLE_PASSWORD

_numbers = count(1)


def make_user(**values: Any) -> User:
    number = next(_numbers)
    return User(**{"email": f"user{number}@example.org", "hashed_password": UNUSABLE_PASSWORD} | values)


def make_tag(name: str | None = None) -> Tag:
    return Tag.named(name or f"tag{next(_numbers)}")


def make_post(*, content: str = "", author: User, tags: list[Tag] | None = None, **values: Any) -> Post:
    number = next(_numbers)
    post = Post(**{"title": f"Post {number}", "slug": f"post-{number}"} | values, author=author, tags=tags or [])
    post.write(content)
    return post


async def store(session: AsyncSession, *rows: Any) -> None:
    session.add_all(rows)
    await session.flush()


async def store_posts(session: AsyncSession, count: int = 1, **values: Any) -> list[Post]:
    author = make_user()
    posts = [make_post(author=author, **values) for _ in range(count)]
    await store(session, *posts)
    return posts
