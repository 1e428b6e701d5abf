"""Records -> posts: what a source leaves open is decided here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from ..enums import PostStatus
from ..folding import tag_key
from ..interchange.entries import Entry, NoteCode
from ..interchange.record import PostRecord
from ..models import Post
from ..repositories.base import assign
from ..repositories.bulk import BulkRepository
from ..repositories.free_slugs import FreeSlugs
from ..repositories.imports import ImportRepository
from ..repositories.posts import PostRepository
from ..repositories.tags import TagRepository
from ..titles import slug_of
from .people import Authors, Notebook, TagNames

# What a source may leave open: a post that is there keeps its own.
_OPEN = ("slug", "published_at", "created_at", "updated_at")
_WRITTEN = ("title", "content", "excerpt", "status", "author", "extra", "trashed_at")


def is_same(present: PostRecord, incoming: PostRecord) -> bool:
    """Whether a post that is there says all that an incoming one says."""
    return (
        all(getattr(incoming, name) == getattr(present, name) for name in _WRITTEN)
        and all(getattr(incoming, name) in (None, getattr(present, name)) for name in _OPEN)
        and set(map(tag_key, incoming.tags)) == set(map(tag_key, present.tags))
    )


class Placing:
    """Gives posts their place: an author, tags, an address, a status that fits the date."""

    def __init__(self, session: AsyncSession, notebook: Notebook, *, author: str, now: datetime) -> None:
        self.authors = Authors(session, notebook, now=now)
        self.tags = TagNames(session, notebook)
        self._notebook = notebook
        self._author = author
        self._now = now
        self._rows = BulkRepository(session)
        self._slugs = FreeSlugs(self._rows)
        self._posts = PostRepository(session)
        self._tag_rows = TagRepository(session)
        self._imports = ImportRepository(session)

    def _as_it_stands(self, post: PostRecord) -> PostRecord:
        status = post.status
        if status is PostStatus.SCHEDULED and post.published_at is None:
            status = PostStatus.DRAFT
        elif status is PostStatus.PUBLISHED and post.published_at and post.published_at > self._now:
            status = PostStatus.SCHEDULED
        if status is post.status and post.author:
            return post
        return replace(post, status=status, author=post.author or self._author)

    async def prepare(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries with posts as they will stand; their people and tags are there afterwards."""
        placed = [self._placed(entry) for entry in entries]
        await self.authors.ensure(placed)
        await self.tags.ensure(placed)
        return placed

    async def add(self, entries: Sequence[Entry]) -> list[int]:
        """Add posts, and let a search find them; their ids."""
        posts = [entry.post for entry in entries if entry.post]
        slugs = await self._slugs.free([post.slug or slug_of(post.title) for post in posts])
        for entry, post, slug in zip(entries, posts, slugs, strict=True):
            self._note_slug(entry, post, slug)
        rows = [self._row(entry, post, slug) for entry, post, slug in zip(entries, posts, slugs, strict=True)]
        ids = await self._rows.add_posts(rows)
        tag_ids = [self.tags.ids_of(post.tags) for post in posts]
        await self._rows.link_tags([(id_, tag) for id_, tags in zip(ids, tag_ids, strict=True) for tag in tags])
        imports = [(id_, entry.digest, 1) for id_, entry in zip(ids, entries, strict=True)]
        await self._imports.remember(imports, are_new=True)
        documents = [(id_, *row[1:]) for id_, entry in zip(ids, entries, strict=True) for row in entry.documents]
        await self._rows.index_documents(documents)
        return ids

    async def rewrite(self, entries: Mapping[int, Entry]) -> None:
        """Give posts, by id, what their sources say."""
        async for batch in self._posts.load_batches(list(entries), whole=True):
            tags = await self._tag_rows.by_keys(
                [tag_key(name) for post in batch for name in post_of(entries[post.id]).tags]
            )
            for post in batch:
                record = post_of(entries[post.id])
                await self._assign(post, entries[post.id], record)
                post.tags = [tags[tag_key(name)] for name in record.tags]
            await self._posts.save(batch)
            await self._imports.remember([(post.id, entries[post.id].digest, post.version) for post in batch])

    def _placed(self, entry: Entry) -> Entry:
        if entry.post is None:
            return entry
        post = self._as_it_stands(entry.post)
        if post.status is PostStatus.PUBLISHED and not (post.published_at or post.created_at):
            self._notebook.note(entry, NoteCode.DATE_GUESSED, "published without a date; it has that of this import")
        if post is entry.post:
            return entry
        if entry.post.author is None:
            self._notebook.note(entry, NoteCode.AUTHOR_GUESSED, f"no author; {self._author} has it")
        if entry.post.status is PostStatus.SCHEDULED and post.status is PostStatus.DRAFT:
            self._notebook.note(entry, NoteCode.STATUS_GUESSED, "scheduled without a date; a draft")
        if entry.post.status is PostStatus.PUBLISHED and post.status is PostStatus.SCHEDULED:
            self._notebook.note(entry, NoteCode.STATUS_GUESSED, "published at a time that is to come; scheduled")
        return replace(entry, post=post)

    def _row(self, entry: Entry, post: PostRecord, slug: str) -> dict[str, Any]:
        published_at = post.published_at
        if post.status is PostStatus.PUBLISHED and published_at is None:
            published_at = min(post.created_at or self._now, self._now)
        created_at = post.created_at or min(published_at or self._now, self._now)
        return {
            "uuid": post.uuid,
            "title": post.title,
            "slug": slug,
            "content": post.content,
            "excerpt": post.excerpt,
            "status": post.status,
            "published_at": published_at,
            "trashed_at": post.trashed_at,
            "author_id": self.authors.id_of(post.author or self._author),
            "extra": dict(post.extra),
            "words": entry.words,
            "version": 1,
            "created_at": created_at,
            "updated_at": post.updated_at or created_at,
        }

    def _note_slug(self, entry: Entry, post: PostRecord, slug: str) -> None:
        wanted = post.slug or slug_of(post.title)
        if slug != wanted:
            self._notebook.note(entry, NoteCode.SLUG_TAKEN, f"another post has the slug {wanted!r}; this one {slug!r}")

    async def _assign(self, post: Post, entry: Entry, record: PostRecord) -> None:
        values = {name: getattr(record, name) for name in ("title", "excerpt", "status", "trashed_at")}
        values |= {name: getattr(record, name) for name in _OPEN[1:3] if getattr(record, name) is not None}
        values |= {"extra": dict(record.extra), "author_id": self.authors.id_of(record.author or self._author)}
        if record.slug and record.slug != post.slug:
            values["slug"] = await self._slugs.instead_of(post.slug, record.slug)
            if values["slug"] != post.slug:
                self._note_slug(entry, record, values["slug"])
        assign(post, values)
        if post.content != record.content:
            post.write(record.content)
        if post.status == PostStatus.PUBLISHED and post.published_at is None:
            post.published_at = self._now
        post.updated_at = record.updated_at or self._now
        # Even the same instant is what the source says; untouched, the column would take the time of this import.
        flag_modified(post, "updated_at")


def post_of(entry: Entry) -> PostRecord:
    """Its post; TypeError where it has none."""
    if entry.post is None:
        raise TypeError("An entry without a post")
    return entry.post
