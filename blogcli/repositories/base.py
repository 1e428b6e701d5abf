"""The operations that several repositories share."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import NotFoundError
from ..models import Base

ModelT = TypeVar("ModelT", bound=Base)
SelectT = TypeVar("SelectT", bound=Select[*tuple[Any, ...]])

# The maximum number of items in a batch. A statement for a batch has a parameter for each item. SQLite accepts at most
# 32,766 parameters in a statement, and PostgreSQL accepts at most 65,535.
CHUNK = 1_000
# The maximum number of characters of the texts of rows that are loaded at once.
CHUNK_CHARACTERS = 2_000_000


class RowLock(Enum):
    """The ways in which a transaction can lock rows on PostgreSQL.

    On SQLite, rows are not locked, because only one transaction can write at a time.
    """

    # Other transactions can add references to the locked rows, but cannot delete the rows or change their keys.
    SHARED = "shared"
    # Other transactions cannot change or delete the locked rows, and cannot add references to them.
    EXCLUSIVE = "exclusive"


class Fields(Protocol):
    """The protocol of objects that return their values by field name, such as those in `blogcli.schemas.inputs`."""

    def model_dump(self, *, exclude_unset: bool = False) -> dict[str, Any]:
        """Return the values by field name. If `exclude_unset` is true, fields that were not set are omitted."""
        ...


class Repository(Generic[ModelT]):
    """Finds and changes the rows of one model within a session."""

    model: type[ModelT]
    noun: ClassVar[str]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, id_: int) -> ModelT | None:
        """Return the row with the given id, or None if no row has this id."""
        return await self.session.get(self.model, id_)

    async def get_one(self, id_: int) -> ModelT:
        """Return the row with the given id.

        Raises NotFoundError if no row has this id.
        """
        entity = await self.get(id_)
        if entity is None:
            raise NotFoundError.of(self.noun, [str(id_)])
        return entity

    async def list_(self, statement: Select[Any] | None = None, *, offset: int = 0, limit: int = 0) -> Sequence[ModelT]:
        """Return the rows that `statement` selects. If `statement` is None, return all rows, ordered by id.

        A limit of 0 means no limit.
        """
        if statement is None:
            statement = select(self.model).order_by(*self.model.__mapper__.primary_key)
        return (await self.session.scalars(limit_offset(statement, offset=offset, limit=limit))).all()

    async def count(self, statement: Select[Any] | None = None) -> int:
        """Count the rows that `statement` selects. If `statement` is None, count all rows."""
        rows = select(self.model) if statement is None else statement.order_by(None)
        return await self.session.scalar(select(func.count()).select_from(rows.subquery())) or 0

    async def create_from(self, fields: Fields, **values: Any) -> ModelT:  # noqa: ANN401 - columns have different types
        """Add a row with the values of `fields` and of `values`, and flush the row so that it has an id."""
        return await self.add(self.model(**fields.model_dump(), **values))

    async def add(self, entity: ModelT) -> ModelT:
        """Add a row, and flush the row so that it has an id."""
        self.session.add(entity)
        await self.session.flush()
        return entity

    async def update_from(self, entity: ModelT, fields: Fields) -> bool:
        """Update a row with the values that were set in `fields`, and return whether the row has changed."""
        return assign(entity, fields.model_dump(exclude_unset=True))

    async def delete(self, entity: ModelT) -> None:
        """Delete a row."""
        await self.session.delete(entity)
        await self.session.flush()


def assign(entity: Base, values: Mapping[str, Any]) -> bool:
    """Set the attributes of a row that differ from `values`, and return whether any attribute has changed."""
    differing = {name: value for name, value in values.items() if getattr(entity, name) != value}
    for name, value in differing.items():
        setattr(entity, name, value)
    return bool(differing)


def locked(statement: SelectT, lock: RowLock | None) -> SelectT:
    """Return the statement with a clause that locks the selected rows until the transaction ends.

    If `lock` is None, the statement is returned unchanged. The statement must not contain joins or subqueries, because
    PostgreSQL does not execute them again after it has waited for the lock of a row. The statement should order the
    rows by id, so that two commands cannot wait for each other.
    """
    if lock is None:
        return statement
    is_shared = lock is RowLock.SHARED
    return statement.with_for_update(read=is_shared, key_share=is_shared)


def limit_offset(statement: Select[Any], *, offset: int = 0, limit: int = 0) -> Select[Any]:
    """Return the statement with an OFFSET and a LIMIT clause. A limit of 0 means no limit."""
    if limit:
        statement = statement.limit(limit)
    # No clause is added for an offset of 0. SQLite has no OFFSET without LIMIT, so SQLAlchemy would also add LIMIT -1.
    return statement.offset(offset) if offset else statement
