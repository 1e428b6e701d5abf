"""What every repository can do."""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..errors import NotFoundError
from ..models import Base

ModelT = TypeVar("ModelT", bound=Base)
SelectT = TypeVar("SelectT", bound=Select[*tuple[Any, ...]])

# SQLite takes 32,766 parameters a statement, PostgreSQL's protocol 65,535.
CHUNK = 1_000


class RowLock(Enum):
    """How strongly a transaction holds rows; SQLite has no such locks, since only one transaction writes at a time."""

    # The rows keep their keys and are not deleted; others may refer to them meanwhile.
    SHARED = "shared"
    # Nobody else changes, deletes or refers to the rows.
    EXCLUSIVE = "exclusive"


class Fields(Protocol):
    """Anything that can name its values, such as a schema."""

    def model_dump(self, *, exclude_unset: bool = False) -> dict[str, Any]:
        """The values by name; only those that were set, if asked."""
        ...


class Repository(Generic[ModelT]):
    """One kind of row, found and changed within the session it is given."""

    model: type[ModelT]
    noun: ClassVar[str]

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, id_: int) -> ModelT | None:
        """The row with that id, or None."""
        return await self.session.get(self.model, id_)

    async def get_one(self, id_: int) -> ModelT:
        """The row with that id; NotFoundError if there is none."""
        found = await self.get(id_)
        if found is None:
            raise NotFoundError.of(self.noun, [str(id_)])
        return found

    async def list_(self, statement: Select[Any] | None = None, *, offset: int = 0, limit: int = 0) -> Sequence[ModelT]:
        """A stretch of what the statement selects (everything by id, if none is given); a limit of 0 means all."""
        chosen = select(self.model).order_by(*self.model.__mapper__.primary_key) if statement is None else statement
        return (await self.session.scalars(stretch(chosen, offset=offset, limit=limit))).all()

    async def count(self, statement: Select[Any] | None = None) -> int:
        """How many rows the statement selects, or there are."""
        chosen = select(self.model) if statement is None else statement
        counted = select(func.count()).select_from(chosen.order_by(None).subquery())
        return await self.session.scalar(counted) or 0

    async def create_from(self, fields: Fields, **more: Any) -> ModelT:  # noqa: ANN401 - whatever the columns hold
        """A row made from a schema and the values it lacks, flushed, so that it has its id."""
        return await self.add(self.model(**fields.model_dump(), **more))

    async def add(self, entity: ModelT) -> ModelT:
        """The row, flushed, so that it has its id."""
        self.session.add(entity)
        await self.session.flush()
        return entity

    async def update_from(self, entity: ModelT, fields: Fields) -> bool:
        """Set what the schema sets and leave the rest; False when nothing differed."""
        return assign(entity, fields.model_dump(exclude_unset=True))

    async def delete(self, entity: ModelT) -> None:
        """Remove the row."""
        await self.session.delete(entity)
        await self.session.flush()


def assign(entity: Base, values: Mapping[str, Any]) -> bool:
    """Set the attributes that differ; False when none did."""
    differing = {name: value for name, value in values.items() if getattr(entity, name) != value}
    for name, value in differing.items():
        setattr(entity, name, value)
    return bool(differing)


def locked(statement: SelectT, lock: RowLock | None) -> SelectT:
    """Make a SELECT lock the rows that it returns until the transaction ends, unless `lock` is None.

    PostgreSQL repeats the conditions on a row that it had to wait for, but only those on the row itself: a statement
    with joins or subqueries must not be passed. Rows should come in the order of their ids, so that two commands
    cannot wait for each other.
    """
    if lock is None:
        return statement
    is_shared = lock is RowLock.SHARED
    return statement.with_for_update(read=is_shared, key_share=is_shared)


def stretch(statement: Select[Any], *, offset: int = 0, limit: int = 0) -> Select[Any]:
    """The statement without the first `offset` rows, and with `limit` rows at the most; 0 means all."""
    if limit:
        statement = statement.limit(limit)
    # SQLite has no OFFSET without a LIMIT; SQLAlchemy writes LIMIT -1 there.
    return statement.offset(offset) if offset else statement
