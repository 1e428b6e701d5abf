"""Records -> the JSON that Ghost 5 and 6 import."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from ...text.slugify import slugify_title
from ..items import WriteOptions
from ..records import PostRecord, Record, TagRecord, UserRecord
from .embedding import KEY, TOLD, kept_person, told
from .post_writer import Row, author_id, authors_of, encode, meta_row, people_of, post_row, storable_row, tags_of
from .schema_limits import MAX_NAME, address, cut, free_slug, instant, row_id

_VERSION = "5.130.0"
# Tables of which there may be more rows than memory has room for.
_SPOOLED = ("posts_meta", "posts_tags", "posts_authors")
_IN_MEMORY = 1 << 20


def write(records: Iterable[Record], options: WriteOptions) -> Iterator[str]:
    """The parts of the file: posts as they come, behind them the rows that relate to them, and tags and people last.

    What Ghost has no field for stands under a key that it ignores; hashes of passwords are left out.
    """
    meta = {"exported_on": int(options.now.timestamp() * 1_000), "version": _VERSION}
    yield f'{{"db": [{{"meta": {encode(meta)}, "data": {{\n'
    with ExitStack() as stack:
        spools = {
            name: stack.enter_context(SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8")) for name in _SPOOLED
        }
        relations = _Relations(spools)
        yield from _table("posts", _posts(records, options.now, relations))
        for name, lines in relations.tables():
            yield ",\n"
            yield from _table(name, lines)
    yield "\n}}]}\n"


class _Relations:
    """What is to be written behind the posts, as it is found on the way through the records."""

    def __init__(self, spools: Mapping[str, IO[str]]) -> None:
        self.people: dict[str, UserRecord] = {}
        self.tags: dict[str, None] = {}
        self._spools = spools

    def relate(self, post: PostRecord) -> None:
        """Keep the rows that relate to the post, and the tags and people that they name."""
        post_id, meta = row_id("post", post.uuid), meta_row(post)
        if meta:
            self._keep("posts_meta", {"id": row_id("meta", post_id), "post_id": post_id, **meta})
        self._relate("posts_tags", post_id, "tag", tags_of(post))
        self._relate("posts_authors", post_id, "author", authors_of(post))
        self.tags |= dict.fromkeys(post.tags)
        for email in people_of(post):
            self.people.setdefault(email, UserRecord(email=email, is_active=False))

    def tables(self) -> Iterator[tuple[str, Iterator[str]]]:
        """The tables by their names, as lines."""
        for name, spool in self._spools.items():
            spool.seek(0)
            yield name, (line.rstrip("\n") for line in spool)
        yield "tags", map(_line, _tags(self.tags))
        yield "users", map(_line, _people(self.people.values()))

    def _relate(self, table: str, post_id: str, kind: str, names: Iterable[str]) -> None:
        for order, name in enumerate(names):
            other_id = row_id(kind, name)
            relation = {"id": row_id(table, post_id, other_id), "post_id": post_id, f"{kind}_id": other_id}
            self._keep(table, {**relation, "sort_order": order})

    def _keep(self, table: str, row: Row) -> None:
        self._spools[table].write(f"{_line(row)}\n")


def _table(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f'"{name}": ['
    separator = "\n"
    for line in lines:
        yield separator + line
        separator = ",\n"
    yield "\n]"


def _line(row: Row) -> str:
    return encode(storable_row(row))


def _posts(records: Iterable[Record], now: datetime, relations: _Relations) -> Iterator[str]:
    for record in records:
        match record:
            case UserRecord():
                relations.people[record.email] = record
            case TagRecord():
                relations.tags[record.name] = None
            case PostRecord():
                relations.relate(record)
                yield _line(post_row(record, now))


def _tags(names: Iterable[str]) -> Iterator[Row]:
    taken = set[str]()
    for name in names:
        tag_id, slug = row_id("tag", name), slugify_title(name)
        # Tags of Ghost that begin so are for its authors only.
        is_internal = name.startswith("#")
        slug = free_slug(f"hash-{slug}" if is_internal else slug, tag_id, taken)
        visibility = "internal" if is_internal else "public"
        # Ours, so the slug says nothing that the name does not.
        yield {"id": tag_id, "name": name, "slug": slug, "visibility": visibility, KEY: True}


def _people(people: Iterable[UserRecord]) -> Iterator[Row]:
    taken = set[str]()
    for person in people:
        person_id = author_id(person.email)
        name = person.full_name or person.email.partition("@")[0]
        row = {
            "id": person_id,
            "name": cut(name, MAX_NAME),
            "slug": free_slug(slugify_title(name), person_id, taken),
            "email": address(person.email, person_id),
            "status": "active" if person.is_active else "inactive",
            "created_at": instant(person.created_at),
            "updated_at": instant(person.updated_at),
        }
        yield row | {KEY: kept_person(person), TOLD: told(storable_row(row))}
