"""Find the operations that prevent an undo, because they changed, use or replace the same rows."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from .statements import ChangeRange, Targets

# The maximum number of rows that are returned for each query.
_MAX_ROWS = 1_000


class Blocker(NamedTuple):
    """A row that prevents an undo, with the operation that has changed it, and what the row prevents.

    The operation is None if the row was not changed since the journal began.
    """

    table_no: int
    row_id: int
    other_id: int
    operation_id: int | None
    reason: str


# The operations in effect that may have changed a row after the targets. An undo or a redo blocks only if it reverts an
# operation from before the targets. Otherwise, it and the operation that it reverts are later than the targets, and
# cancel each other out. Most of these pairs are excluded here, because comparing their rows takes much longer.
_LATER_OPERATIONS = """
    SELECT o.id FROM journal_operations AS o
    WHERE o.undone_by_id IS NULL AND o.id <> :current AND {is_later_operation} AND (
        o.kind IN ('command', 'outside', 'migration')
        OR (SELECT min(h.id) FROM journal_changes AS h WHERE h.operation_id IN {reverted}) < :last
    )
"""
# The changes of these operations to rows of the targets. The unary plus operators keep SQLite from
# using the index on operations, because it would read all changes of the later operations for each change.
_LATER = """
    SELECT c.table_no, c.row_id, c.other_id, max(m.operation_id) FROM journal_changes AS c
    JOIN journal_changes AS m ON m.table_no = c.table_no AND m.row_id = c.row_id AND m.other_id = c.other_id
        AND m.id > c.id AND {is_later} AND NOT ({is_target_of_m})
    JOIN journal_operations AS o ON o.id = m.operation_id
    WHERE {is_target} AND (
        o.kind IN ('command', 'outside', 'migration') OR EXISTS (
            SELECT 1 FROM journal_changes AS h WHERE h.table_no = c.table_no AND h.row_id = c.row_id
            AND h.other_id = c.other_id AND h.id < c.id AND {plus}h.operation_id IN {reverted}
        )
    )
    GROUP BY c.table_no, c.row_id, c.other_id ORDER BY c.table_no, c.row_id, c.other_id LIMIT {limit}
"""
_DIALECTS = {
    "sqlite": {
        "plus": "+",
        "reverted": "(SELECT value FROM json_each(o.targets))",
        "is_later": "+m.operation_id IN (SELECT value FROM json_each(:later))",
        # On SQLite, a transaction begins after all earlier ones have ended, so a later operation has a greater id.
        "is_later_operation": "o.id > (SELECT min(value) FROM json_each(:targets))",
    },
    "postgresql": {
        "plus": "",
        "reverted": "(SELECT CAST(value AS bigint) FROM json_array_elements_text(o.targets))",
        "is_later": "m.operation_id = ANY(CAST(:later AS bigint[]))",
        "is_later_operation": "o.id IN (SELECT m.operation_id FROM journal_changes AS m WHERE m.id > :first)",
    },
}
_COUNT_DELETED = "SELECT count(*) FROM journal_changes WHERE operation_id = :current AND action = 'd'"
# Rows that the undo has deleted although the targets had not inserted them: references were deleted by a cascade.
_CASCADED = """
    SELECT d.table_no, d.row_id, d.other_id FROM journal_changes AS d
    WHERE d.operation_id = :current AND d.action = 'd' AND NOT EXISTS (
        SELECT 1 FROM journal_changes AS n WHERE n.table_no = d.table_no AND n.row_id = d.row_id
        AND n.other_id = d.other_id AND n.id > d.id
    ) AND coalesce((
        SELECT c.action FROM journal_changes AS c WHERE c.table_no = d.table_no AND c.row_id = d.row_id
        AND c.other_id = d.other_id AND {is_target_by_row} ORDER BY c.id LIMIT 1
    ), 'd') <> 'i' LIMIT {limit}
"""
# The newest operation in effect that has changed a row. An undo or a redo is returned only if there is no other
# operation, because the state after a redo is the result of the operations that it has applied again.
_NEWEST = """
    SELECT m.operation_id FROM journal_changes AS m JOIN journal_operations AS o ON o.id = m.operation_id
    WHERE m.table_no = :table_no AND m.row_id = :row_id AND m.other_id = :other_id
    AND o.undone_by_id IS NULL AND m.operation_id <> :current AND NOT ({is_target_of_m})
    ORDER BY CASE WHEN o.kind IN ('undo', 'redo') THEN 1 ELSE 0 END, m.id DESC LIMIT 1
"""
# Queries for rows whose unique values the targets would restore: the columns of the query are the key of such a row.
_HOLDERS = {
    (1, "users", "email"): "has this e-mail address",
    (2, "posts", "slug"): "has this slug",
    (2, "posts", "uuid"): "has this UUID",
    (3, "tags", "key"): "has this name",
}
_HOLDER = """
    SELECT DISTINCT {number}, h.id, 0 FROM journal_changes AS c JOIN {table} AS h
    ON h.{column} = {value} AND h.id <> c.row_id
    WHERE {is_target} AND +c.table_no = {number} AND c.action <> 'i' LIMIT {limit}
"""
# Posts of a user whom the targets have inserted, if the targets have neither inserted these posts nor changed their
# authors. Other changes by the targets do not separate a post from its author.
_POSTS_OF_USER = """
    SELECT 2, p.id, 0 FROM posts AS p WHERE EXISTS (
        SELECT 1 FROM journal_changes AS c
        WHERE {is_target_by_row} AND c.table_no = 1 AND c.row_id = p.author_id AND c.action = 'i'
    ) AND NOT EXISTS (
        SELECT 1 FROM journal_changes AS c WHERE {is_target_by_row} AND c.table_no = 2 AND c.row_id = p.id
        AND (c.action = 'i' OR {author} IS NOT NULL)
    ) LIMIT {limit}
"""
# Posts that the targets would give back to a user whom the targets have inserted, and would therefore delete.
_RESTORED_POSTS_OF_USER = """
    SELECT DISTINCT 2, c.row_id, 0 FROM journal_changes AS c JOIN journal_changes AS m
    ON m.table_no = 1 AND m.row_id = {author} AND m.action = 'i' AND {is_target_of_m}
    WHERE {is_target} AND +c.table_no = 2 AND c.action <> 'i' AND NOT EXISTS (
        SELECT 1 FROM journal_changes AS d
        WHERE {is_target_of_d} AND d.table_no = 2 AND d.row_id = c.row_id AND d.action = 'i'
    ) LIMIT {limit}
"""
# Rows to which a restored row refers, and which do not exist. A link refers to a post and a tag, and a post to a user.
_MISSING_PARENTS = {
    "does not exist, and a restored link refers to it": """
        SELECT DISTINCT {number}, c.{key}, 0 FROM journal_changes AS c
        WHERE {is_target} AND +c.table_no = 4 AND c.action = 'd'
        AND NOT EXISTS (SELECT 1 FROM {table} AS p WHERE p.id = c.{key}) AND NOT EXISTS (
            SELECT 1 FROM journal_changes AS d
            WHERE {is_target_of_d} AND d.table_no = {number} AND d.row_id = c.{key} AND d.action = 'd'
        ) LIMIT {limit}
    """,
    "does not exist, and a restored post refers to it": """
        SELECT DISTINCT 1, {author}, 0 FROM journal_changes AS c
        WHERE {is_target} AND +c.table_no = 2 AND c.action <> 'i' AND {author} IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM users AS u WHERE u.id = {author}) AND NOT EXISTS (
            SELECT 1 FROM journal_changes AS d
            WHERE {is_target_of_d} AND d.table_no = 1 AND d.row_id = {author} AND d.action = 'd'
        ) LIMIT {limit}
    """,
}


class BlockerRepository:
    """Find the rows that prevent the undo of some operations."""

    def __init__(self, session: AsyncSession, targets: Targets, current: int) -> None:
        """Prepare the queries for the changes `targets`, which the operation `current` reverts."""
        self._session = session
        self._is_sqlite = targets.dialect.name == "sqlite"
        self._parts = {
            "is_target": targets.condition("c"),
            "is_target_of_m": targets.condition("m"),
            "is_target_of_d": targets.condition("d"),
            "is_target_by_row": targets.condition("c", uses_index=False),
            "limit": _MAX_ROWS,
            **_DIALECTS[targets.dialect.name],
        }
        self._values = targets.parameters | {"current": current}

    async def find_later_changes(self, ids: ChangeRange) -> list[Blocker]:
        """Return the rows of the targets that a later operation in effect has changed.

        `ids` is the range of the ids of the changes of the targets.
        """
        self._values |= ids._asdict()
        later = [row[0] for row in await self._query(_LATER_OPERATIONS)]
        if not later:
            return []
        self._values["later"] = json.dumps(later) if self._is_sqlite else later
        rows = await self._query(_LATER)
        return [Blocker(row[0], row[1], row[2], row[3], "was changed") for row in rows]

    async def find_cascaded(self, deleted: int) -> list[Blocker]:
        """Return the rows of other operations that the replay has deleted by a cascade.

        `deleted` is the number of rows that the replay has deleted itself.
        """
        if await self._query(_COUNT_DELETED) == [(deleted,)]:
            return []
        rows = await self._query(_CASCADED)
        return [await self._blame(row, "would be deleted as well") for row in rows]

    async def find_constraints(self) -> list[Blocker]:
        """Return the rows that violate a constraint if the targets are undone. The replay must be rolled back first."""
        blockers = []
        for (number, table, column), reason in _HOLDERS.items():
            rows = await self._query(
                _HOLDER, number=number, table=table, column=column, value=self._former(column, table)
            )
            blockers += [await self._blame(row, reason) for row in rows]
        posts = await self._query(_POSTS_OF_USER, author=self._author())
        posts += await self._query(_RESTORED_POSTS_OF_USER, author=self._author())
        blockers += [await self._blame(row, "belongs to a user who would be deleted") for row in posts]
        (link_reason, link_query), (post_reason, post_query) = _MISSING_PARENTS.items()
        for number, table, key in ((2, "posts", "row_id"), (3, "tags", "other_id")):
            rows = await self._query(link_query, number=number, table=table, key=key)
            blockers += [await self._blame(row, link_reason) for row in rows]
        rows = await self._query(post_query, author=self._author())
        return [*blockers, *[await self._blame(row, post_reason) for row in rows]]

    async def _query(self, query: str, **parts: object) -> list[Any]:
        statement = text(query.format(**self._parts, **parts))
        names = {name: value for name, value in self._values.items() if f":{name}" in str(statement)}
        return list((await self._session.execute(statement, names)).all())

    async def _blame(self, row: Sequence[int], reason: str) -> Blocker:
        """Return the row with the newest operation in effect that has changed it."""
        table_no, row_id, other_id = row
        key = {"table_no": table_no, "row_id": row_id, "other_id": other_id}
        statement = text(_NEWEST.format(**self._parts))
        operation_id = await self._session.scalar(statement, key | self._values)
        return Blocker(table_no, row_id, other_id, operation_id, reason)

    def _former(self, column: str, table: str) -> str:
        """Return the expression for a former value that can be compared with the column."""
        if self._is_sqlite:
            return f"json_extract(c.was, '$.{column}')"
        return f"CAST(c.was->>'{column}' AS uuid)" if (table, column) == ("posts", "uuid") else f"c.was->>'{column}'"

    def _author(self) -> str:
        return "json_extract(c.was, '$.author_id')" if self._is_sqlite else "CAST(c.was->>'author_id' AS integer)"
