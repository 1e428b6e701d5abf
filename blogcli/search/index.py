"""What an index can do, on either database."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, SQLColumnExpression
from sqlalchemy.orm import Session

from .documents import Document
from .query import Query


class Index(Protocol):
    """The module of a database."""

    def put(self, connection: Connection | Session, documents: Iterable[Document]) -> None:
        """Write the documents, each in place of the one that the post had."""
        ...

    def differing(self, connection: Connection | Session, documents: Sequence[Document]) -> list[int]:
        """The ids of the posts that the index holds no document of, or another one."""
        ...

    def found(self, query: Query, id_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
        """The conditions that the post with that id is found by the query."""
        ...

    def best(self, query: Query, conditions: Sequence[ColumnElement[bool]], *, bound: int) -> Select[Any]:
        """Ids and scores of the best posts among the newest `bound` that meet the conditions, the best first."""
        ...
