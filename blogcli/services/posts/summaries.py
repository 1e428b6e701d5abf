"""Convert rows and objects of posts to records."""

from dataclasses import fields
from datetime import datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

from ...enums import PostStatus
from ...models import Post
from ...repositories.posts.rows import Converter, PostColumns
from ...schemas.posts import PostDetail, PostSummary

# The attributes of `Post` by the names of the fields that have another name.
_ATTRIBUTES = {"status": "display_status", "author": "author_email", "tags": "tag_names"}


def post_summary(post: Post) -> PostSummary:
    """Return the summary of a post, whose author and tags must be loaded."""
    return PostSummary(**_values(PostSummary, post))


def post_detail(post: Post) -> PostDetail:
    """Return the details of a post, whose author, tags, content and extra fields must be loaded."""
    return PostDetail(**_values(PostDetail, post))


def _field_names(record_type: type[PostSummary]) -> list[str]:
    return [field.name for field in fields(record_type)]


def _values(record_type: type[PostSummary], post: Post) -> dict[str, Any]:
    return {name: getattr(post, _ATTRIBUTES.get(name, name)) for name in _field_names(record_type)}


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


# The functions that convert values of the driver to JSON, by types that JSON does not have.
_PRINTERS: dict[type, Converter] = {
    UUID: _print_uuid,
    datetime: _print_instant,
    PostStatus: {status.value: status.value for status in PostStatus}.__getitem__,
}


def _printers(record_type: type[PostSummary]) -> dict[str, Converter]:
    """Return the printers of the fields of a record, by the types of the fields."""
    return {
        name: printer
        for name, annotation in get_type_hints(record_type).items()
        for type_, printer in _PRINTERS.items()
        if type_ in (annotation, *get_args(annotation))
    }


# The fields of a summary, once as Python values and once as `PostSummary` prints them in JSON. Streams print the stored
# values directly, because a record, a UUID and three instants for each row would take longer than the query.
SUMMARY = PostColumns(_field_names(PostSummary))
PRINTED_SUMMARY = PostColumns(SUMMARY.names, _printers(PostSummary))
