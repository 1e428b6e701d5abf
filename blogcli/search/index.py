"""The interface of the search index modules."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, SQLColumnExpression
from sqlalchemy.orm import Session

from .documents import IndexedText
from .query import Query

# Further conditions on posts, or None for all posts that are not trashed. An index can find these posts without reading
# the table of posts.
Conditions = Sequence[ColumnElement[bool]] | None


class Index(Protocol):
    """The functions of an index module."""

    # Returns the index rows of posts. It has no side effects, so that other processes can call it.
    documents: Callable[[Sequence[IndexedText]], Sequence[tuple[Any, ...]]]

    def is_broken(self, connection: Connection | Session) -> bool:
        """Return whether the index is inconsistent."""
        ...

    def recreate(self, connection: Connection | Session) -> None:
        """Replace the index with an empty one."""
        ...

    def prepare_bulk_write(self, connection: Connection | Session) -> None:
        """Prepare the transaction for writing many rows. This is not necessary for the rows of one post."""
        ...

    def write(
        self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]], *, are_new: bool = False
    ) -> None:
        """Write index rows, and replace the previous rows of these posts unless the posts are new."""
        ...

    def find_differing(self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
        """Return the ids of the posts whose rows in the index differ from the given rows."""
        ...

    def prepare_query(self, session: Session, query: Query) -> Query:
        """Return the query in its fastest form, and prepare the transaction for it."""
        ...

    def match_conditions(self, query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
        """Return conditions that are true if the query matches the post with the given id."""
        ...

    def select_best(self, query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
        """Select the ids and scores of the newest `bound` matching posts, the best match first.

        Returns None for a query with negated terms only, which cannot rank posts.
        """
        ...

    def count(self, session: Session, query: Query) -> int:
        """Count the posts outside the trash that match the query."""
        ...
