"""Posts as lists print them: plain rows, read several times as fast as objects."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict

from sqlalchemy import Select, String, func, select, type_coerce

from ..enums import PostStatus
from ..folding import tag_key
from ..models import Post, Tag, User, post_tags

# Between names in a list made by the database: no name of a tag holds a control character.
_BETWEEN = "\x1f"
# The names of a post's tags in one text, which `names_of` takes apart.
TAG_NAMES = (
    select(func.aggregate_strings(Tag.name, _BETWEEN))
    .join(post_tags, post_tags.c.tag_id == Tag.id)
    .where(post_tags.c.post_id == Post.id)
    .scalar_subquery()
)
# As the drivers give them: most values are only printed, and to make objects of them first takes longer than the query.
_COLUMNS: Sequence[Any] = (
    *(Post.id, type_coerce(Post.uuid, String()), Post.title, Post.slug, Post.status, User.email, TAG_NAMES),
    *(Post.excerpt, Post.words),
    *(type_coerce(each, String()) for each in (Post.published_at, Post.created_at, Post.updated_at)),
    *(type_coerce(each, String()) for each in (Post.trashed_at, Post.expires_at)),
)
# The columns of listed posts, joined to their authors; more columns may follow.
LISTED: Select[Any] = select(*_COLUMNS).join(Post.author)
_sort_key = lru_cache(maxsize=4_096)(tag_key)


class ListedPost(TypedDict):
    """All of a post but its text, in the types of JSON."""

    id: int
    uuid: str
    title: str
    slug: str
    status: str
    author: str
    tags: list[str]
    excerpt: str | None
    words: int
    published_at: str | None
    created_at: str
    updated_at: str
    trashed_at: str | None
    expires_at: str | None


def listed(row: Sequence[Any]) -> ListedPost:
    """The post of a row of `LISTED`."""
    (
        id_, uuid, title, slug, status, author, tags, excerpt, words,
        published_at, created_at, updated_at, trashed_at, expires_at,
    ) = row  # fmt: skip
    return {
        "id": id_,
        "uuid": _dashed(str(uuid)),
        "title": title,
        "slug": slug,
        "status": PostStatus.TRASHED.value if trashed_at else status,
        "author": author,
        "tags": names_of(tags),
        "excerpt": excerpt,
        "words": words,
        "published_at": published_at and _rfc3339(published_at),
        "created_at": _rfc3339(created_at),
        "updated_at": _rfc3339(updated_at),
        "trashed_at": trashed_at and _rfc3339(trashed_at),
        "expires_at": expires_at and _rfc3339(expires_at),
    }


def names_of(tags: str | None) -> list[str]:
    """The names of tags that the database has put into one text, by key."""
    # Sorted here: the databases' collations differ.
    return sorted(tags.split(_BETWEEN), key=_sort_key) if tags else []


def _dashed(uuid: str) -> str:
    # SQLite holds the 32 digits only.
    return uuid if len(uuid) == 36 else f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


def _rfc3339(instant: str | datetime) -> str:
    """An instant in UTC, with its microseconds if it has any."""
    # asyncpg gives the first and the last instant, which are stored as infinities, without a zone.
    text = instant if isinstance(instant, str) else f"{instant.replace(tzinfo=None).isoformat()}Z"
    return text.replace(".000000Z", "Z")
