"""Expressions on the images of rows, which the journal records as JSON objects from columns to former values."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, String, Text, cast, func, literal_column, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ...models import Post
from ...models.journal import JournalChange

# The instants that PostgreSQL stores as infinities.
_INFINITIES = {"infinity": datetime.max.replace(tzinfo=UTC), "-infinity": datetime.min.replace(tzinfo=UTC)}


class _ImageFunction(FunctionElement[str]):
    """A function of an image and the name of one of its columns."""

    inherit_cache = True
    type = Text()

    def __init__(self, image: InstrumentedAttribute[Any], column: str) -> None:
        super().__init__(type_coerce(image, Text()), literal_column(f"'{column}'"))


class image_text(_ImageFunction):  # noqa: N801 - statements use it like a function
    """The text of the value of a column in an image, or null if the image does not contain the column."""

    inherit_cache = True


@compiles(image_text)
def _postgresql_text(element: image_text, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    image, column = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({image} ->> {column})"


@compiles(image_text, "sqlite")
def _sqlite_text(element: image_text, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    image, column = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_extract({image}, '$.' || {column})"


class image_without(_ImageFunction):  # noqa: N801 - statements use it like a function
    """The JSON text of an image without one of its columns."""

    inherit_cache = True


@compiles(image_without)
def _postgresql_remainder(element: image_without, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    image, column = (compiler.process(clause, **kw) for clause in element.clauses)
    # Only the type jsonb has an operator that removes a key.
    return f"CAST(CAST({image} AS JSONB) - {column} AS TEXT)"


@compiles(image_without, "sqlite")
def _sqlite_remainder(element: image_without, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - SQLAlchemy passes arguments of any type
    image, column = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_remove({image}, '$.' || {column})"


def contains_column(column: str) -> ColumnElement[bool]:
    """Return the condition that the image of a change contains a column, which must not be nullable."""
    return type_coerce(image_text(JournalChange.was, column).is_not(None), Boolean())


def content_length() -> ColumnElement[int]:
    """Return the number of characters of the content in the image of a change."""
    return func.length(image_text(JournalChange.was, "content"), type_=Integer())


def current_image(columns: tuple[str, ...], *, is_sqlite: bool) -> ColumnElement[str]:
    """Return the JSON text of an image of the present row of a post, as the triggers would record it."""
    pairs: list[ColumnElement[Any]] = []
    for name in columns:
        column = getattr(Post, name)
        pairs += (literal_column(f"'{name}'"), cast(column, Text) if name == "extra" else type_coerce(column, String()))
    function = func.json_object if is_sqlite else func.json_build_object
    return cast(function(*pairs), Text)


def read_recorded_instant(value: str) -> datetime:
    """Convert an instant in an image to a datetime in UTC.

    Raises ValueError if the text is not an instant.
    """
    return _INFINITIES.get(value) or datetime.fromisoformat(value).astimezone(UTC)
