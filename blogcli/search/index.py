"""The interfaces of the modules for each database: `sqlite` and `postgresql`, `sqlite_check` and `postgresql_check`."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, SQLColumnExpression
from sqlalchemy.orm import Session

from .documents import MAX_ID, MakeDocuments
from .query import Query

# The conditions that a post must meet in addition to matching the query. None means that the post must not be in the
# trash. An index module can check this without a join with the table of posts.
Conditions = Sequence[ColumnElement[bool]] | None


class Index(Protocol):
    """The functions of the modules `sqlite` and `postgresql`, which write and search the index."""

    # Returns the rows that represent the given posts in the index. The function does not access the database, so worker
    # processes can call it.
    documents: MakeDocuments

    def recreate(self, connection: Connection | Session) -> None:
        """Replace the index with an empty index."""
        ...

    def suspended_indexes(self, connection: Connection) -> AbstractContextManager[None]:
        """Return a context manager for writing all rows, inside of which the index cannot be searched quickly."""
        ...

    def prepare_bulk_write(self, connection: Connection | Session) -> None:
        """Prepare the transaction for writing the rows of many posts quickly. To write few rows, no call is needed."""
        ...

    def write(
        self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]], *, are_new: bool = False
    ) -> None:
        """Write rows and their digests to the index.

        Existing rows of the posts are replaced. If `are_new` is true, no such rows may exist.
        """
        ...

    def write_without_digests(self, connection: Connection, documents: Sequence[tuple[Any, ...]]) -> None:
        """Write rows of new posts to an index that does not store digests yet."""
        ...

    def prepare_query(self, session: Session, query: Query) -> Query:
        """Prepare the transaction for a search, and return an equivalent query that is faster to execute."""
        ...

    def match_conditions(self, query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
        """Return the conditions under which a query that has clauses matches the post with the id `id_`."""
        ...

    def select_best(self, query: Query, conditions: Conditions, *, bound: int) -> Select[Any] | None:
        """Return a statement that selects the ids and scores of the newest `bound` matching posts, best score first.

        Returns None if every clause of the query contains a negated term, because such clauses do not affect the score.
        """
        ...

    def count(self, session: Session, query: Query) -> int:
        """Count the posts outside the trash that match the query."""
        ...


class IndexCheck(Protocol):
    """The functions of the modules `sqlite_check` and `postgresql_check`, which compare the index with the posts."""

    def is_broken(self, connection: Connection | Session, *, full: bool) -> bool:
        """Return whether the index is inconsistent.

        If `full` is true, the function compares the whole index with its rows, which needs a write lock on SQLite.
        Otherwise, the function reads the whole index and compares only totals.
        """
        ...

    def find_unverified(self, connection: Connection | Session, *, first: int = 1, last: int = MAX_ID) -> list[int]:
        """Return the ids of the posts whose text, number of words or rows in the index do not match the digest.

        Only posts with the ids from `first` to `last` are checked. The ids of posts without a row or without a digest
        are included.
        """
        ...

    def find_orphans(self, connection: Connection | Session) -> list[int]:
        """Return the ids of the posts that have rows in the index and do not exist."""
        ...

    def remove(self, connection: Connection | Session, ids: Sequence[int]) -> None:
        """Remove the rows of posts from the index."""
        ...

    def find_differing(self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> list[int]:
        """Return the ids of the posts whose rows in the index differ from `documents`. Digests are not compared."""
        ...

    def store_digests(self, connection: Connection | Session, documents: Sequence[tuple[Any, ...]]) -> None:
        """Store the digests of posts whose rows in the index equal `documents`."""
        ...
