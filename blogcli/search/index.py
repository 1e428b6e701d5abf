"""What an index can do, on either database."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, SQLColumnExpression
from sqlalchemy.orm import Session

from .documents import Text
from .query import Query

# What else is asked of posts; None for all outside the trash, which an index can tell without a look at the posts.
Conditions = Sequence[ColumnElement[bool]] | None


class Index(Protocol):
    """The module of a database."""

    # The rows of the index for these posts; pure, so that another process may make them.
    documents: Callable[[Sequence[Text]], Sequence[tuple[Any, ...]]]

    def is_broken(self, connection: Connection | Session) -> bool:
        """Whether the index is inconsistent in itself."""
        ...

    def recreate(self, connection: Connection | Session) -> None:
        """Replace the index by an empty one."""
        ...

    def expect_many(self, connection: Connection | Session) -> None:
        """Prepare for many rows in this transaction; those of one post need none of it."""
        ...

    def write(
        self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]], *, are_new: bool = False
    ) -> None:
        """Let a search find the posts by these rows, and, unless they are new, no longer by what was theirs before."""
        ...

    def differing(self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
        """The ids of the posts that a search would not find by these rows, or by others."""
        ...

    def prepare(self, session: Session, query: Query) -> Query:
        """The query in the form that is answered soonest, in what is left of this transaction."""
        ...

    def found(self, query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
        """The conditions that the post with that id is found by the query."""
        ...

    def best(self, query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
        """Ids and scores of the best of the newest `bound` posts that meet the conditions, the best first.

        None for a query that only says what must not occur: there is nothing to rank by.
        """
        ...

    def count(self, session: Session, query: Query) -> int:
        """How many posts outside the trash the query finds."""
        ...
