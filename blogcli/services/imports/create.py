"""Records -> new posts: what a source leaves open is decided here."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...enums import PostStatus
from ...interchange.items import ImportedItem
from ...interchange.notes import NoteCode
from ...interchange.records import PostRecord
from ...repositories.imports import ImportRepository
from ...repositories.posts.bulk_insert import BulkRepository
from ...repositories.posts.slug_allocator import FreeSlugs
from ...text.slugify import slugify_title
from .log import Notebook
from .resolve import Authors, DefaultAuthor, TagNames


class Placing:
    """Gives posts their place: an author, tags, an address, a status that fits the date."""

    def __init__(self, session: AsyncSession, notebook: Notebook, *, author: DefaultAuthor, now: datetime) -> None:
        self.authors = Authors(session, notebook, now=now)
        self.tags = TagNames(session, notebook)
        self.now = now
        self._notebook = notebook
        self._author = author
        self._rows = BulkRepository(session)
        self._slugs = FreeSlugs(self._rows)
        self._imports = ImportRepository(session)

    async def ensure(self, entries: Sequence[ImportedItem]) -> None:
        """See to it that all people and tags of the entries are there."""
        await self.authors.ensure(entries)
        await self.tags.ensure(entries)

    async def add(self, entries: Sequence[ImportedItem]) -> list[int]:
        """Add posts, and let a search find them; their ids."""
        # Of all that a source brings along, people come first: the default author may be one of them.
        await self.authors.ensure(entries)
        is_needed = any(post_of(entry).author is None for entry in entries)
        default = await self._author.email() if is_needed else ""
        entries = [self._placed(entry, default) for entry in entries]
        await self.ensure(entries)
        posts = [post_of(entry) for entry in entries]
        slugs = await self._slugs.free([post.slug or slugify_title(post.title) for post in posts])
        for entry, slug in zip(entries, slugs, strict=True):
            self.note_slug(entry, slug)
        rows = [self._row(entry, post, slug) for entry, post, slug in zip(entries, posts, slugs, strict=True)]
        ids = await self._rows.add_posts(rows)
        tag_ids = [self.tags.ids_of(post.tags) for post in posts]
        await self._rows.link_tags([(id_, tag) for id_, tags in zip(ids, tag_ids, strict=True) for tag in tags])
        imports = [(id_, entry.digest, 1) for id_, entry in zip(ids, entries, strict=True)]
        await self._imports.remember(imports, are_new=True)
        documents = [(id_, *row[1:]) for id_, entry in zip(ids, entries, strict=True) for row in entry.documents]
        await self._rows.index_documents(documents)
        return ids

    def note_slug(self, entry: ImportedItem, slug: str) -> None:
        """Note that a post did not get the slug that it wants, if so."""
        post = post_of(entry)
        wanted = post.slug or slugify_title(post.title)
        if slug != wanted:
            self._notebook.note(entry, NoteCode.SLUG_TAKEN, f"another post has the slug {wanted!r}; this one {slug!r}")

    def note_status(self, entry: ImportedItem, status: PostStatus) -> None:
        """Note that a post has another status than its source says, if so."""
        said = post_of(entry).status
        if said is PostStatus.SCHEDULED and status is PostStatus.DRAFT:
            self._notebook.note(entry, NoteCode.STATUS_INFERRED, "scheduled without a date; a draft")
        if said is PostStatus.PUBLISHED and status is PostStatus.SCHEDULED:
            self._notebook.note(entry, NoteCode.STATUS_INFERRED, "published at a time that is to come; scheduled")

    def note_date(self, entry: ImportedItem, status: PostStatus, published_at: datetime | None) -> None:
        """Note that a post is published at a time that nobody has said, if so."""
        if status is PostStatus.PUBLISHED and not (published_at or post_of(entry).created_at):
            self._notebook.note(
                entry, NoteCode.DATE_INFERRED, "published without a date; it gets the time of the import"
            )

    def _placed(self, entry: ImportedItem, default: str) -> ImportedItem:
        post = post_of(entry)
        status = fitting_status(post, self.now)
        self.note_status(entry, status)
        self.note_date(entry, status, post.published_at)
        if post.author is None:
            self._notebook.note(entry, NoteCode.AUTHOR_INFERRED, f"no author; {default} has it")
        if status is post.status and post.author:
            return entry
        return replace(entry, post=replace(post, status=status, author=post.author or default))

    def _row(self, entry: ImportedItem, post: PostRecord, slug: str) -> dict[str, Any]:
        published_at = post.published_at or guessed_date(post, post.status, self.now)
        created_at = post.created_at or min(published_at or self.now, self.now)
        return {
            "uuid": post.uuid,
            "title": post.title,
            "slug": slug,
            "content": post.content,
            "excerpt": post.excerpt,
            "status": post.status,
            "published_at": published_at,
            "trashed_at": post.trashed_at,
            "expires_at": post.expires_at,
            "first_published_at": post.first_published_at,
            "author_id": self.authors.id_of(post.author or ""),
            "extra": dict(post.extra),
            "words": entry.words,
            "version": 1,
            "created_at": created_at,
            "updated_at": post.updated_at or created_at,
        }


def fitting_status(post: PostRecord, now: datetime) -> PostStatus:
    """The status that the dates of a post allow."""
    if post.status is PostStatus.SCHEDULED and post.published_at is None:
        return PostStatus.DRAFT
    if post.status is PostStatus.PUBLISHED and post.published_at and post.published_at > now:
        return PostStatus.SCHEDULED
    return post.status


def guessed_date(post: PostRecord, status: PostStatus, now: datetime) -> datetime | None:
    """When a post of that status was published that does not say so; None of one that is not."""
    return min(post.created_at or now, now) if status is PostStatus.PUBLISHED else None


def post_of(entry: ImportedItem) -> PostRecord:
    """Its post; TypeError where it has none."""
    if entry.post is None:
        raise TypeError("An entry without a post")
    return entry.post
