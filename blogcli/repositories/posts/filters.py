"""Conditions, orders and cursors for statements that select posts. A cursor marks the position where a page begins."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    or_,
    select,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute

from ...enums import PostSort, PostStatus, TextField
from ...errors import UsageError
from ...models import Post, User, post_tags
from ...models.posts import post_date
from ...text.json_text import parse_json
from ..dialects import contains, sortable
from ..identifiers import MAX_ID

if TYPE_CHECKING:
    from ...search.query import Query


@dataclass(frozen=True, slots=True)
class PostFilters:
    """Filters that select posts. Tags and authors are given by their ids.

    An empty filter is not applied. `ids` is an exception: None is not applied, but an empty list selects no posts.
    """

    ids: Sequence[int] | None = None
    tag_ids: Sequence[int] = ()
    all_tags: bool = False
    not_tag_ids: Sequence[int] = ()
    untagged: bool = False
    author_ids: Sequence[int] = ()
    statuses: Sequence[PostStatus] = ()
    since: datetime | None = None
    until: datetime | None = None
    due_by: datetime | None = None
    contains: Sequence[str] = ()
    fields: Sequence[TextField] = field(default=(TextField.TITLE, TextField.CONTENT))
    query: "Query | None" = None

    @property
    def is_narrow(self) -> bool:
        """Whether any filter other than the query is set.

        Trashed posts are excluded if no status is given. This exclusion does not count as a filter.
        """
        filters = (self.tag_ids, self.not_tag_ids, self.author_ids, self.statuses, self.contains, self.untagged)
        return any(filters) or any(value is not None for value in (self.ids, self.since, self.until, self.due_by))


@dataclass(frozen=True, slots=True)
class PostOrder:
    """An order of posts. Posts with equal values are sorted by id in the same direction."""

    sort: PostSort = PostSort.DATE
    descending: bool = True

    @property
    def is_indexed(self) -> bool:
        """Whether an index contains the posts in this order."""
        return self.sort in {PostSort.DATE, PostSort.ID}


# The columns in which each text field of a post is stored.
TEXT_COLUMNS: dict[TextField, InstrumentedAttribute[Any]] = {
    TextField.TITLE: Post.title,
    TextField.CONTENT: Post.content,
    TextField.EXCERPT: Post.excerpt,
}
_SORT_KEYS: dict[PostSort, SQLColumnExpression[Any]] = {
    PostSort.DATE: post_date,
    PostSort.TITLE: sortable(Post.title),
    PostSort.SLUG: sortable(Post.slug),
    # The status that users see, which is `trashed` for posts in the trash. The column `status` of such a post contains
    # the status that the post will have after it is restored.
    PostSort.STATUS: case((Post.trashed_at.is_not(None), PostStatus.TRASHED.value), else_=sortable(Post.status)),
    PostSort.AUTHOR: sortable(User.email),
    **{
        sort: getattr(Post, sort)
        for sort in PostSort
        if hasattr(Post, sort) and sort not in ("title", "slug", "status", "author")
    },
}
_NULLABLE = {PostSort.PUBLISHED_AT, PostSort.TRASHED_AT, PostSort.EXPIRES_AT}


def filter_conditions(filters: PostFilters, *, common_tag_ids: Sequence[int] = ()) -> list[ColumnElement[bool]]:
    """Return the conditions that a post must meet to match all filters except the query.

    A tag can be looked up for each post, or the database can first collect all posts that have the tag. The first
    method is used for the tags in `common_tag_ids`, and the second for other tags. Both methods select the same posts.
    """
    conditions = [*_by_tags(filters, common_tag_ids), _by_status(filters.statuses)]
    if filters.ids is not None:
        conditions.append(Post.id.in_(filters.ids))
    if filters.author_ids:
        conditions.append(Post.author_id.in_(filters.author_ids))
    if filters.since:
        conditions.append(post_date >= filters.since)
    if filters.until:
        conditions.append(post_date < filters.until)
    if filters.due_by:
        conditions.append(Post.id.in_(select(due_posts(filters.due_by).subquery().c.id)))
    texts = [TEXT_COLUMNS[name] for name in filters.fields]
    conditions += [or_(*(contains(text, needle) for text in texts)) for needle in filters.contains]
    return conditions


def due_posts(now: datetime, *conditions: ColumnElement[bool]) -> CompoundSelect[int, datetime]:
    """Return a statement for the ids and dates of the posts that `publish-due` changes at `now`.

    These are the scheduled posts whose date is not after `now`, and the posts that have expired, unless they are in the
    trash. If `conditions` are given, only posts that meet these conditions are included.
    """
    dated = select(Post.id, post_date.label("date")).where(Post.trashed_at.is_(None), *conditions)
    scheduled = dated.where(Post.status == PostStatus.SCHEDULED, post_date <= now)
    # With a UNION, each of the two queries can use a separate index.
    return union(scheduled, dated.where(Post.expires_at <= now))


def ordered(statement: Select[Any], order: PostOrder) -> Select[Any]:
    """Return the statement with an ORDER BY clause for `order`. Null sorts as the lowest value on both databases."""
    if order.sort is PostSort.ID:
        return statement.order_by(Post.id.desc() if order.descending else Post.id.asc())
    key = _SORT_KEYS[order.sort]
    by_key, by_id = (key.desc(), Post.id.desc()) if order.descending else (key.asc(), Post.id.asc())
    if order.sort in _NULLABLE:
        by_key = by_key.nulls_last() if order.descending else by_key.nulls_first()
    return statement.order_by(by_key, by_id)


def sort_key(order: PostOrder) -> SQLColumnExpression[Any]:
    """Return the expression by which an order sorts posts. Posts with equal values are sorted by id."""
    return Post.id if order.sort is PostSort.ID else _SORT_KEYS[order.sort]


def encode_cursor(order: PostOrder, value: object, id_: int) -> str:
    """Return a cursor for the position after the post with the sort value `value` and the id `id_`.

    A cursor is an opaque string.
    """
    text = value.isoformat() if isinstance(value, datetime) else value
    packed = json.dumps([order.sort, order.descending, text, id_], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def after_cursor(cursor: str, order: PostOrder) -> ColumnElement[bool]:
    """Return the condition that a post comes after the position of a cursor.

    Raises UsageError if `cursor` is invalid or belongs to a different order.
    """
    value, id_ = _decode_cursor(cursor, order)
    key = sort_key(order)
    if order.sort in _NULLABLE and value is None:
        among_nulls = and_(key.is_(None), Post.id < id_ if order.descending else Post.id > id_)
        return among_nulls if order.descending else or_(among_nulls, key.is_not(None))
    # The first comparison of the key is redundant, but lets SQLite start in the middle of an index on an expression.
    # SQLite could not do so for a comparison of the pairs (key, id).
    if order.descending:
        is_after = and_(key <= value, or_(key < value, Post.id < id_))
    else:
        is_after = and_(key >= value, or_(key > value, Post.id > id_))
    return or_(is_after, key.is_(None)) if order.sort in _NULLABLE and order.descending else is_after


def _decode_cursor(cursor: str, order: PostOrder) -> tuple[Any, int]:
    try:
        packed = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        sort, descending, value, id_ = parse_json(packed)
        if (sort, descending) != (order.sort, order.descending):
            raise UsageError("The --after cursor belongs to a list with another --sort")
        return _sort_value(value, order.sort), _number(id_)
    except (ValueError, TypeError):
        raise UsageError("Invalid --after cursor", hint="Use the cursor that the previous page returned.") from None


def _sort_value(value: Any, sort: PostSort) -> Any:  # noqa: ANN401 - a cursor can contain any JSON value
    if value is None and sort in _NULLABLE:
        return None
    if sort is PostSort.DATE or sort.endswith("_at"):
        instant = datetime.fromisoformat(value)
        if instant.utcoffset() != timedelta():
            raise ValueError(value)
        return instant
    return _number(value) if sort in {PostSort.ID, PostSort.WORDS} else _text(value)


def _number(value: Any) -> int:  # noqa: ANN401 - a cursor can contain any JSON value
    if type(value) is not int or not 0 <= value <= MAX_ID:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:  # noqa: ANN401 - a cursor can contain any JSON value
    # JSON can contain lone surrogates, for which encode() raises UnicodeEncodeError, a subclass of ValueError. The
    # caller handles this error.
    if not isinstance(value, str) or b"\0" in value.encode():
        raise ValueError(value)
    return value


def _by_status(statuses: Sequence[PostStatus]) -> ColumnElement[bool]:
    if not statuses:
        return Post.trashed_at.is_(None)
    is_trashed = Post.trashed_at.is_not(None)
    stored = [status for status in statuses if status is not PostStatus.TRASHED]
    if not stored:
        return is_trashed
    has_status = and_(Post.trashed_at.is_(None), Post.status.in_(stored))
    return or_(is_trashed, has_status) if PostStatus.TRASHED in statuses else has_status


def _by_tags(filters: PostFilters, common_ids: Sequence[int]) -> list[ColumnElement[bool]]:
    # A post matches if it has at least one tag of each group.
    groups = [[tag_id] for tag_id in filters.tag_ids] if filters.all_tags else [filters.tag_ids]
    conditions = [_has_tag(group) if {*group} & {*common_ids} else _is_tagged(group) for group in groups if group]
    if filters.not_tag_ids:
        conditions.append(~_has_tag(filters.not_tag_ids))
    if filters.untagged:
        conditions.append(~exists().where(post_tags.c.post_id == Post.id))
    return conditions


def _has_tag(tag_ids: Sequence[int]) -> ColumnElement[bool]:
    return exists().where(post_tags.c.post_id == Post.id, post_tags.c.tag_id.in_(tag_ids))


def _is_tagged(tag_ids: Sequence[int]) -> ColumnElement[bool]:
    return Post.id.in_(select(post_tags.c.post_id).where(post_tags.c.tag_id.in_(tag_ids)))
