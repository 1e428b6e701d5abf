"""Write the changed columns of many posts with few statements."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, inspect, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import PassiveFlag
from sqlalchemy.orm.attributes import get_history, set_committed_value

from ...models import Post
from ...models.base import utc_now

_TABLE = Post.metadata.tables[Post.__tablename__]
_COLUMNS = frozenset(_TABLE.columns.keys())
_UPDATE = update(_TABLE).where(_TABLE.c.id == bindparam("post_id"))


async def update_changed_columns(session: AsyncSession, posts: Sequence[Post]) -> None:
    """Write the changed columns of posts, increment their versions, and set `updated_at` unless it was assigned.

    The posts must be locked, because this function does not check their versions. A flush would check the versions, but
    would send a separate UPDATE statement for each post. This function executes one statement, with many sets of
    parameters, for each combination of changed columns.
    """
    now = utc_now()
    rows_by_columns: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for post in posts:
        values = changed_values(post)
        if values:
            values = {"updated_at": now, **values, "version": post.version + 1}
            for name, value in values.items():
                # The value is marked as unchanged, so that the next flush does not write the column again.
                set_committed_value(post, name, value)
            rows_by_columns[frozenset(values)].append({"post_id": post.id, **values})
    connection = await session.connection()
    for rows in rows_by_columns.values():
        await connection.execute(_UPDATE, rows)


def changed_values(post: Post) -> dict[str, Any]:
    """Return the new values of the changed columns of a post, by the name of the column."""
    assigned = _COLUMNS & inspect(post).committed_state.keys()
    return {
        name: getattr(post, name)
        for name in assigned
        if get_history(post, name, passive=PassiveFlag.PASSIVE_NO_INITIALIZE).has_changes()
    }
