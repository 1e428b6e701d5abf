"""Posts as lists print them: plain rows, read several times as fast as objects."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict, cast

from sqlalchemy import Select, String, func, select, type_coerce

from ...enums import PostStatus
from ...models import Post, Tag, User, post_tags
from ...text.casefold import tag_key
from ..invalid_values import check_row

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


_STATUSES = {PostStatus.DRAFT.value, PostStatus.SCHEDULED.value, PostStatus.PUBLISHED.value}
# What is done about a value that cannot be read, which the text names with its row.
OnFault = Callable[[str], None]


class ListedPost(TypedDict):
    """All of a post but its text, in the types of JSON.

    A value that another program wrote, and that cannot be read, is null or, in place of a text, empty. An unknown
    status is given as it is.
    """

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


_NAMES = tuple(ListedPost.__annotations__)


def listed(row: Sequence[Any], on_fault: OnFault) -> ListedPost:
    """Return the post of a row of `LISTED`."""
    (
        id_, uuid, title, slug, status, author, tags, excerpt, words,
        published_at, created_at, updated_at, trashed_at, expires_at,
    ) = row  # fmt: skip
    if not (type(title) is type(slug) is type(author) is str and type(words) is int and status in _STATUSES):
        return _legible(row, on_fault)
    try:
        return {
            "id": id_,
            "uuid": _dashed(uuid),
            "title": title,
            "slug": slug,
            "status": PostStatus.TRASHED.value if trashed_at else status,
            "author": author,
            "tags": names_of(tags),
            "excerpt": excerpt if excerpt is None else excerpt + "",
            "words": words,
            "published_at": published_at and _rfc3339(published_at),
            "created_at": _rfc3339(created_at),
            "updated_at": _rfc3339(updated_at),
            "trashed_at": trashed_at and _rfc3339(trashed_at),
            "expires_at": expires_at and _rfc3339(expires_at),
        }
    except (ValueError, TypeError, AttributeError):
        return _legible(row, on_fault)


def _legible(row: Sequence[Any], on_fault: OnFault) -> ListedPost:
    """Return what can be read of a row in which not every value can be."""
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    status = PostStatus.TRASHED.value if values["trashed_at"] else str(values["status"])
    for line in check_row("posts", values):
        on_fault(line)
    for name in ("uuid", "published_at", "created_at", "updated_at", "trashed_at", "expires_at"):
        convert = _dashed if name == "uuid" else _rfc3339
        values[name] = values[name] and _converted(convert, values[name])
    for name in ("title", "slug", "author", "excerpt"):
        values[name] = values[name] if isinstance(values[name], str) or values[name] is None else ""
    words = values["words"] if isinstance(values["words"], int) else None
    post: Any = values | {"status": status, "words": words, "tags": names_of(values["tags"])}
    return cast("ListedPost", post)


def _converted(convert: Callable[[Any], str], value: object) -> str | None:
    try:
        return convert(value)
    except (ValueError, TypeError, AttributeError):
        return None


def names_of(tags: str | None) -> list[str]:
    """The names of tags that the database has put into one text, by key."""
    # Sorted here: the databases' collations differ.
    return sorted(tags.split(_BETWEEN), key=_sort_key) if tags else []


def _dashed(uuid: object) -> str:
    digits = str(uuid)
    if len(digits) == 36:
        return digits
    # SQLite holds the 32 digits only.
    if len(digits) != 32:
        raise ValueError("not a UUID")
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _rfc3339(instant: str | datetime) -> str:
    """An instant in UTC, with its microseconds if it has any; ValueError for a text that is none."""
    if isinstance(instant, str):
        if len(instant) != 27:
            raise ValueError("not an instant")
        datetime.fromisoformat(instant)
        return instant.replace(".000000Z", "Z")
    # asyncpg gives the first and the last instant, which are stored as infinities, without a zone.
    return f"{instant.replace(tzinfo=None).isoformat()}Z".replace(".000000Z", "Z")
