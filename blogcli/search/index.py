"""The interface that the modules `sqlite` and `postgresql` implement."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, SQLColumnExpression
from sqlalchemy.orm import Session

from .documents import IndexedText
from .query import Query

# Conditions on posts that a search applies in addition to its query. None selects the posts outside the trash, which an
# index module can find without a join with the table of posts.
Conditions = Sequence[ColumnElement[bool]] | None


class Index(Protocol):
    """The functions of an index module."""

    # Returns the rows of posts in the index. The function has no side effects, so that other processes can call it.
    documents: Callable[[Sequence[IndexedText]], Sequence[tuple[Any, ...]]]

    def is_broken(self, connection: Connection | Session) -> bool:
        """Return whether the index is inconsistent."""
        ...

    def recreate(self, connection: Connection | Session) -> None:
        """Replace the index with an empty index."""
        ...

    def prepare_bulk_write(self, connection: Connection | Session) -> None:
        """Prepare the transaction for writing many rows. The rows of one post need no preparation."""
        ...

    def write(
        self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]], *, are_new: bool = False
    ) -> None:
        """Write rows to the index.

        The previous rows of the posts are replaced. With `are_new`, the index must not contain such rows.
        """
        ...

    def find_differing(self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
        """Return the ids of the posts whose rows in the index differ from `documents`."""
        ...

    def prepare_query(self, session: Session, query: Query) -> Query:
        """Return an equivalent query that is fast to execute, and prepare the transaction for the query."""
        ...

    def match_conditions(self, query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
        """Return conditions that are all true if the query matches the post with the id `id_`."""
        ...

    def select_best(self, query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
        """Select the ids and scores of the newest `bound` matching posts, sorted by score in descending order.

        Returns None if every clause of the query contains a negated term, because such clauses give no score.
        """
        ...

    def count(self, session: Session, query: Query) -> int:
        """Count the posts outside the trash that match the query."""
        ...
