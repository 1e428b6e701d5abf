"""Convert posts to schemas while the session is open."""

from datetime import datetime
from types import UnionType
from typing import Any, TypeVar, cast, get_args
from uuid import UUID

from pydantic import ValidationError

from ...enums import PostStatus
from ...models import Post
from ...repositories.posts.rows import Converter, PostColumns, PostRow
from ...schemas.posts import PostDetail, PostSummary

S = TypeVar("S", bound=PostSummary)

# The attributes of `Post` with another name than the field that they fill.
_ATTRIBUTES = {"status": "display_status", "author": "author_email", "tags": "tag_names"}


def summary_from_row(schema: type[S], row: PostRow, **more: Any) -> S:  # noqa: ANN401 - values of the fields of the schema
    """Return a row as a schema, without validation if it contains an empty value in place of an unreadable one."""
    values: dict[str, Any] = {**row, **more}
    try:
        return schema(**values)
    except ValidationError:
        return cast("S", schema.model_construct(**values))


def post_summary(post: Post) -> PostSummary:
    """Return the summary of a post, of which the author and the tags must be loaded."""
    return PostSummary(**_values(PostSummary, post))


def post_detail(post: Post) -> PostDetail:
    """Return the details of a post, of which author, tags, content and extra must be loaded."""
    return PostDetail(**_values(PostDetail, post))


def _values(schema: type[PostSummary], post: Post) -> dict[str, Any]:
    return {name: getattr(post, _ATTRIBUTES.get(name, name)) for name in schema.model_fields}


def _print_uuid(value: Any) -> str:  # noqa: ANN401 - a row can contain any value
    digits = str(value)
    if len(digits) == 36:
        return digits
    # SQLite stores the 32 digits without dashes.
    if len(digits) != 32:
        raise ValueError("not a UUID")
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _print_instant(value: str | datetime) -> str:
    if isinstance(value, str):
        # SQLite stores instants as RFC 3339 writes them, always with microseconds.
        if len(value) != 27:
            raise ValueError("not an instant")
        datetime.fromisoformat(value)
        return value.replace(".000000Z", "Z")
    # The driver of PostgreSQL returns the first and the last instant, which are stored as infinities, without a zone.
    return f"{value.replace(tzinfo=None).isoformat()}Z".replace(".000000Z", "Z")


# How values of types that JSON does not have are printed, straight from what the driver returns.
_PRINTERS: dict[type, Converter] = {
    UUID: _print_uuid,
    datetime: _print_instant,
    PostStatus: {status.value: status.value for status in PostStatus}.__getitem__,
}


def _printers(schema: type[PostSummary]) -> dict[str, Converter]:
    """Return the printers of the fields of a schema, by the types of the fields."""
    return {
        name: printer
        for name, field in schema.model_fields.items()
        for type_, printer in _PRINTERS.items()
        if type_ in (field.annotation, *_members(field.annotation))
    }


def _members(annotation: object) -> tuple[Any, ...]:
    return get_args(annotation) if isinstance(annotation, UnionType) else ()


# The fields of a summary, once as Python values and once as `PostSummary` prints them in JSON. Streams print the stored
# values directly, because a schema, a UUID and three instants for each row would take longer than the query.
SUMMARY = PostColumns(list(PostSummary.model_fields))
PRINTED_SUMMARY = PostColumns(SUMMARY.names, _printers(PostSummary))
