"""What every table shares: names of constraints, instants, timestamps."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# A constraint without a name cannot be dropped by a later migration.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Of an instant as text, such as 2024-05-31T16:00:00.000000Z.
_WIDTH = 27


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC in Python; on SQLite text of one width, so that it sorts."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:  # noqa: ANN401 - SQLAlchemy's own signature
        """Text on SQLite, `timestamptz` elsewhere."""
        return dialect.type_descriptor(String(_WIDTH) if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - the same
        """Refuse a naive value: nobody knows which instant it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"An instant needs a time zone: {value!r}")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        # 2024-05-31T16:00:00.000000 and not the +00:00 behind it.
        return f"{utc.isoformat(timespec='microseconds')[:26]}Z" if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - the same
        """The stored instant in UTC; ValueError for a text that is none."""
        return None if value is None else read_instant(value)


def read_instant(value: str | datetime) -> datetime:
    """Return an instant as drivers give it, in UTC; ValueError for a text that is none."""
    if isinstance(value, str):
        if len(value) != _WIDTH:
            raise ValueError(f"Not an instant: {value!r}")
        return datetime.fromisoformat(value)
    # asyncpg stores the first and the last instant as infinities, and gives them back without a zone.
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class server_now(FunctionElement[datetime]):  # noqa: N801 - it stands in statements like a function
    """The database's own clock, in the form that `Instant` stores."""

    inherit_cache = True
    type = Instant()


@compiles(server_now)
def _postgresql_now(element: server_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401, ARG001
    return "now()"


@compiles(server_now, "sqlite")
def _sqlite_now(element: server_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401, ARG001
    # Milliseconds are all SQLite's clock gives; the zeros keep the width.
    return "(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))"


def utc_now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def _created_at(context: DefaultExecutionContext) -> datetime:
    # A row that was never changed has the same instant twice.
    return context.get_current_parameters().get("created_at") or utc_now()  # type: ignore[no-untyped-call]


class Base(DeclarativeBase):
    """The declarative base of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant()}
    # Server-made values come back with the INSERT or UPDATE: nothing is refreshed behind the caller's back.
    __mapper_args__ = {"eager_defaults": True}  # noqa: RUF012 - SQLAlchemy's own name and kind


def is_of_the_models(name: str | None, type_: str, parents: object) -> bool:  # noqa: ARG001 - Alembic's signature
    """Whether Alembic is to compare a table, or what else has that name: tables of others are none of our business."""
    return type_ != "table" or name in Base.metadata.tables


class TimestampMixin:
    """When a row came into being and when it last changed."""

    created_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=server_now())
    updated_at: Mapped[datetime] = mapped_column(default=_created_at, onupdate=utc_now, server_default=server_now())
