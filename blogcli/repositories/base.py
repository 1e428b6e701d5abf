"""The operations that all repositories share."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import NotFoundError
from ..models import Base

ModelT = TypeVar("ModelT", bound=Base)
SelectT = TypeVar("SelectT", bound=Select[*tuple[Any, ...]])

# The maximum number of values in one statement. SQLite accepts at most 32,766 values, and PostgreSQL accepts at most
# 65,535 values.
CHUNK = 1_000


class RowLock(Enum):
    """How a transaction locks rows on PostgreSQL.

    On SQLite, rows are not locked, because only one transaction can write at a time.
    """

    # Other transactions can add references to the locked rows, but cannot delete the rows or change their keys.
    SHARED = "shared"
    # Other transactions can neither change nor delete the locked rows, nor add references to these rows.
    EXCLUSIVE = "exclusive"


class Fields(Protocol):
    """The protocol of objects that return their values by name, such as the inputs in `blogcli.schemas.inputs`."""

    def model_dump(self, *, exclude_unset: bool = False) -> dict[str, Any]:
        """Return the values by name. If `exclude_unset` is true, values that were not set are left out."""
        ...


class Repository(Generic[ModelT]):
    """Find and change the rows of one model within a session."""

    model: type[ModelT]
    noun: ClassVar[str]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, id_: int) -> ModelT | None:
        """Return the row with the given id, or None if it does not exist."""
        return await self.session.get(self.model, id_)

    async def get_one(self, id_: int) -> ModelT:
        """Return the row with the given id.

        Raises NotFoundError if the row does not exist.
        """
        entity = await self.get(id_)
        if entity is None:
            raise NotFoundError.of(self.noun, [str(id_)])
        return entity

    async def list_(self, statement: Select[Any] | None = None, *, offset: int = 0, limit: int = 0) -> Sequence[ModelT]:
        """Return the rows that a statement selects, or all rows ordered by id. A limit of 0 means no limit."""
        if statement is None:
            statement = select(self.model).order_by(*self.model.__mapper__.primary_key)
        return (await self.session.scalars(limit_offset(statement, offset=offset, limit=limit))).all()

    async def count(self, statement: Select[Any] | None = None) -> int:
        """Count the rows that a statement selects, or all rows."""
        rows = select(self.model) if statement is None else statement.order_by(None)
        return await self.session.scalar(select(func.count()).select_from(rows.subquery())) or 0

    async def create_from(self, fields: Fields, **values: Any) -> ModelT:  # noqa: ANN401 - columns have different types
        """Add a row with the values of `fields` and additional values, and flush the row so that it has an id."""
        return await self.add(self.model(**fields.model_dump(), **values))

    async def add(self, entity: ModelT) -> ModelT:
        """Add a row, and flush the row so that it has an id."""
        self.session.add(entity)
        await self.session.flush()
        return entity

    async def update_from(self, entity: ModelT, fields: Fields) -> bool:
        """Assign the values that are set in `fields` to a row, and return whether any value of the row has changed."""
        return assign(entity, fields.model_dump(exclude_unset=True))

    async def delete(self, entity: ModelT) -> None:
        """Delete a row."""
        await self.session.delete(entity)
        await self.session.flush()


def assign(entity: Base, values: Mapping[str, Any]) -> bool:
    """Set those attributes of a row that differ from `values`, and return whether any attribute has changed."""
    differing = {name: value for name, value in values.items() if getattr(entity, name) != value}
    for name, value in differing.items():
        setattr(entity, name, value)
    return bool(differing)


def locked(statement: SelectT, lock: RowLock | None) -> SelectT:
    """Return the statement with a clause that locks its rows until the transaction ends, unless `lock` is None.

    After PostgreSQL has waited for the lock of a row, it evaluates only the conditions on that row again, so the
    statement must not contain joins or subqueries. The statement should order rows by id, so that two commands cannot
    wait for each other.
    """
    if lock is None:
        return statement
    is_shared = lock is RowLock.SHARED
    return statement.with_for_update(read=is_shared, key_share=is_shared)


def limit_offset(statement: Select[Any], *, offset: int = 0, limit: int = 0) -> Select[Any]:
    """Return the statement with clauses for `offset` and `limit`. A limit of 0 means no limit."""
    if limit:
        statement = statement.limit(limit)
    # An offset of 0 is not added, because SQLite has no OFFSET without LIMIT, and SQLAlchemy would add LIMIT -1.
    return statement.offset(offset) if offset else statement
