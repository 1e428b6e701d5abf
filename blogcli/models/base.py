"""The declarative base, the column type for instants, and the columns that several tables share."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ..text.timestamps import rfc_3339

# The patterns for the names of indexes and constraints. A migration cannot drop a constraint that has no name.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# The number of characters in an instant that is stored as text. An example is 2024-05-31T16:00:00.000000Z.
_TEXT_LENGTH = 27


class Instant(TypeDecorator[datetime]):
    """The column type for aware datetimes, which are converted to UTC.

    On SQLite, datetimes are stored as text of a fixed length, so that they sort in chronological order.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy prescribes the signature
        """Return a text type for SQLite, and `timestamptz` for PostgreSQL."""
        return dialect.type_descriptor(String(_TEXT_LENGTH) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy prescribes the signature
        """Convert a datetime to the value to store.

        Raises ValueError if the datetime has no time zone, because it then does not identify an instant.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"An instant needs a time zone: {value!r}")
        return rfc_3339(value, timespec="microseconds") if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - SQLAlchemy prescribes the signature
        """Convert a stored value to an instant in UTC.

        Raises ValueError if the stored text is not an instant.
        """
        return None if value is None else read_instant(value)


def read_instant(value: str | datetime) -> datetime:
    """Convert a stored value, as the database driver returned it, to a datetime in UTC.

    Raises ValueError if the value is a string that is not an instant.
    """
    if isinstance(value, str):
        if len(value) != _TEXT_LENGTH:
            raise ValueError(f"Not an instant: {value!r}")
        return datetime.fromisoformat(value)
    # asyncpg stores `datetime.min` and `datetime.max` as infinities. It returns an infinity without a time zone, so UTC
    # is added.
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class server_now(FunctionElement[datetime]):  # noqa: N801 - statements use this class like a function
    """The SQL expression for the current time of the database server, in the format that `Instant` stores."""

    inherit_cache = True
    type = Instant()


@compiles(server_now)
def _postgresql_now(element: server_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401, ARG001 - SQLAlchemy passes arguments of any type
    return "now()"


@compiles(server_now, "sqlite")
def _sqlite_now(element: server_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401, ARG001 - SQLAlchemy passes arguments of any type
    # `%f` gives seconds with three decimal places. Three zeros are appended, because stored instants have six decimal
    # places.
    return "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


def _created_at(context: DefaultExecutionContext) -> datetime:
    # `updated_at` is initially the same as `created_at`, so that both are equal in a row that was never changed.
    return context.get_current_parameters().get("created_at") or utc_now()  # type: ignore[no-untyped-call]  # SQLAlchemy does not annotate this method


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant()}
    # With this setting, INSERT and UPDATE statements return the values that the database sets. Otherwise, the first
    # access to such an attribute would run another query.
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - SQLAlchemy prescribes this name and type


def is_in_models(name: str | None, type_: str, parents: object) -> bool:  # noqa: ARG001 - Alembic prescribes the signature
    """Return whether Alembic should compare a database object with the models. Tables of other programs are ignored."""
    return type_ != "table" or name in Base.metadata.tables


class TimestampMixin:
    """The columns that contain the times at which a row was created and last changed."""

    created_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=server_now())
    updated_at: Mapped[datetime] = mapped_column(default=_created_at, onupdate=utc_now, server_default=server_now())
