"""Convert database rows and `Post` objects to records."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

from ...enums import PostStatus
from ...models import Post
from ...repositories.posts.rows import Converter, PostColumns
from ...schemas.posts.records import PostDetail, PostSummary

# Maps the names of fields of records to the names of the attributes of `Post`, if both names differ.
_ATTRIBUTES = {"status": "display_status", "author": "author_email", "tags": "tag_names"}


def post_summary(post: Post) -> PostSummary:
    """Return the summary of a post. The author and the tags of the post must be loaded."""
    return PostSummary(**_values(PostSummary, post))


def post_detail(post: Post) -> PostDetail:
    """Return the details of a post. The author, tags, content and extra fields of the post must be loaded."""
    return PostDetail(**_values(PostDetail, post))


def _field_names(record_type: type[PostSummary]) -> list[str]:
    return [field.name for field in fields(record_type)]


def _values(record_type: type[PostSummary], post: Post) -> dict[str, Any]:
    return {name: getattr(post, _ATTRIBUTES.get(name, name)) for name in _field_names(record_type)}


def _print_uuid(value: Any) -> str:  # noqa: ANN401 - a row can contain any value
    digits = str(value)
    if len(digits) == 36:
        return digits
    # SQLite stores a UUID as 32 hexadecimal digits without dashes.
    if len(digits) != 32:
        raise ValueError("not a UUID")
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _print_instant(value: str | datetime) -> str:
    if isinstance(value, str):
        # SQLite stores instants as text in the format of RFC 3339, always with microseconds.
        if len(value) != 27:
            raise ValueError("not an instant")
        datetime.fromisoformat(value)
        return value.replace(".000000Z", "Z")
    # PostgreSQL stores the first and the last instant as infinities. The driver returns these instants without a zone.
    return f"{value.replace(tzinfo=None).isoformat()}Z".replace(".000000Z", "Z")


# Maps types that JSON does not have to functions that convert values from the database driver to JSON.
_PRINTERS: dict[type, Converter] = {
    UUID: _print_uuid,
    datetime: _print_instant,
    PostStatus: {status.value: status.value for status in PostStatus}.__getitem__,
}


def printed_columns(names: Sequence[str]) -> PostColumns:
    """Return the columns for some fields of a summary, as `PostSummary` prints them in JSON."""
    printers = _printers(PostSummary)
    return PostColumns(names, {name: printers[name] for name in names if name in printers})


def _printers(record_type: type[PostSummary]) -> dict[str, Converter]:
    """Return a mapping of the names of fields to functions in `_PRINTERS`, for fields whose type is in `_PRINTERS`."""
    return {
        name: printer
        for name, annotation in get_type_hints(record_type).items()
        for type_, printer in _PRINTERS.items()
        if type_ in (annotation, *get_args(annotation))
    }


# The columns of a summary. `SUMMARY` reads them as Python values, and `PRINTED_SUMMARY` as the JSON values of a
# `PostSummary`. Streams use `PRINTED_SUMMARY`, because creating a record, a UUID and three instants for each row would
# take longer than the query.
SUMMARY = PostColumns(_field_names(PostSummary))
PRINTED_SUMMARY = printed_columns(SUMMARY.names)
