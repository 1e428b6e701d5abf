"""Write records as a JSON file that Ghost 5 and 6 can import."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from ...text.slugify import slugify_title
from ..items import WriteOptions
from ..records import PostRecord, Record, TagRecord, UserRecord
from .dates import format_date
from .embedding import FINGERPRINT_COLUMN, RECORD_COLUMN, dump_user, fingerprint
from .post_writer import (
    Row,
    clean_row,
    encode_json,
    list_authors,
    list_tags,
    list_users,
    make_author_id,
    make_meta_row,
    make_post_row,
)
from .schema_limits import MAX_NAME, make_row_id, make_unique_slug, make_valid_address, truncate

_VERSION = "5.130.0"
# The rows of these tables are stored in temporary files until all posts have been written, because the rows may not fit
# in memory.
_SPOOLED_TABLES = ("posts_meta", "posts_tags", "posts_authors")
# A temporary file is kept in memory up to this size in bytes, and moved to the disk when it becomes larger.
_MAX_SPOOL_SIZE = 1 << 20


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """Yield the text of the file in parts: the posts, the rows that refer to posts, and then the tags and the users.

    The row of each post and each user also contains the record in a column that Ghost ignores. When blogcli imports the
    file, the record restores the fields that Ghost does not support. Password hashes are not written.
    """
    meta = {"exported_on": int(options.now.timestamp() * 1_000), "version": _VERSION}
    yield f'{{"db": [{{"meta": {encode_json(meta)}, "data": {{\n'
    with ExitStack() as stack:
        spools = {
            name: stack.enter_context(SpooledTemporaryFile(_MAX_SPOOL_SIZE, "w+", encoding="utf-8"))
            for name in _SPOOLED_TABLES
        }
        relations = _Relations(spools)
        yield from _format_table("posts", _iter_posts(records, options.now, relations))
        for name, lines in relations.iter_tables():
            yield ",\n"
            yield from _format_table(name, lines)
    yield "\n}}]}\n"


class _Relations:
    """The rows that are written after all posts: the tags, the users, and the rows that refer to posts."""

    def __init__(self, spools: Mapping[str, IO[str]]) -> None:
        self.users: dict[str, UserRecord] = {}
        self.tags: dict[str, None] = {}
        self._spools = spools

    def add_post(self, post: PostRecord) -> None:
        """Add the rows that refer to a post, and the tags and users to which these rows refer."""
        post_id = make_row_id("post", post.uuid)
        meta = make_meta_row(post)
        if meta:
            self._store_row("posts_meta", {"id": make_row_id("meta", post_id), "post_id": post_id, **meta})
        self._add_relations("posts_tags", post_id, "tag", list_tags(post))
        self._add_relations("posts_authors", post_id, "author", list_authors(post))
        self.tags |= dict.fromkeys(post.tags)
        for email in list_users(post):
            self.users.setdefault(email, UserRecord(email=email, is_active=False))

    def iter_tables(self) -> Iterator[tuple[str, Iterator[str]]]:
        """For each table, yield its name and an iterator of its rows as JSON."""
        for name, spool in self._spools.items():
            spool.seek(0)
            yield name, (line.rstrip("\n") for line in spool)
        yield "tags", map(_format_row, _iter_tags(self.tags))
        yield "users", map(_format_row, _iter_users(self.users.values()))

    def _add_relations(self, table: str, post_id: str, kind: str, names: Iterable[str]) -> None:
        for order, name in enumerate(names):
            other_id = make_row_id(kind, name)
            relation = {"id": make_row_id(table, post_id, other_id), "post_id": post_id, f"{kind}_id": other_id}
            self._store_row(table, {**relation, "sort_order": order})

    def _store_row(self, table: str, row: Row) -> None:
        self._spools[table].write(f"{_format_row(row)}\n")


def _format_table(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f'"{name}": ['
    separator = "\n"
    for line in lines:
        yield separator + line
        separator = ",\n"
    yield "\n]"


def _format_row(row: Row) -> str:
    return encode_json(clean_row(row))


def _iter_posts(records: Iterable[Record], now: datetime, relations: _Relations) -> Iterator[str]:
    for record in records:
        match record:
            case UserRecord():
                relations.users[record.email] = record
            case TagRecord():
                relations.tags[record.name] = None
            case PostRecord():
                relations.add_post(record)
                yield _format_row(make_post_row(record, now))


def _iter_tags(names: Iterable[str]) -> Iterator[Row]:
    taken = set[str]()
    for name in names:
        tag_id = make_row_id("tag", name)
        slug = slugify_title(name)
        # In Ghost, a tag whose name begins with a number sign is internal: readers of the blog do not see the tag. The
        # slugs of internal tags begin with "hash-".
        is_internal = name.startswith("#")
        slug = make_unique_slug(f"hash-{slug}" if is_internal else slug, tag_id, taken)
        visibility = "internal" if is_internal else "public"
        # The record column shows that blogcli wrote the row. An import does not report the slug of such a row.
        yield {"id": tag_id, "name": name, "slug": slug, "visibility": visibility, RECORD_COLUMN: True}


def _iter_users(users: Iterable[UserRecord]) -> Iterator[Row]:
    taken = set[str]()
    for user in users:
        user_id = make_author_id(user.email)
        name = user.full_name or user.email.partition("@")[0]
        row = {
            "id": user_id,
            "name": truncate(name, MAX_NAME),
            "slug": make_unique_slug(slugify_title(name), user_id, taken),
            "email": make_valid_address(user.email, user_id),
            "status": "active" if user.is_active else "inactive",
            "created_at": format_date(user.created_at),
            "updated_at": format_date(user.updated_at),
        }
        yield row | {RECORD_COLUMN: dump_user(user), FINGERPRINT_COLUMN: fingerprint(clean_row(row))}
