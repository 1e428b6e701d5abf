"""Create posts from records, and infer the values that the source of a post does not contain."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...enums import PostStatus
from ...interchange.items import ImportedItem
from ...interchange.notes import NoteCode
from ...interchange.records import PostRecord
from ...repositories.imports import ImportRepository
from ...repositories.posts.bulk_insert import BulkInsertRepository
from ...repositories.posts.slugs import SlugAllocator
from ...text.slugify import slugify_title
from .log import ImportLog
from .resolve import DefaultAuthor, TagResolver, UserResolver

# The fields of a record that are columns of a post.
_COLUMNS = [field.name for field in fields(PostRecord) if field.name not in ("author", "tags")]


class NewPostWriter:
    """Creates imported posts, their authors and their tags."""

    def __init__(self, session: AsyncSession, log: ImportLog, *, author: DefaultAuthor, now: datetime) -> None:
        self.users = UserResolver(session, log, now=now)
        self.tags = TagResolver(session, log)
        self.now = now
        self._log = log
        self._default_author = author
        self._rows = BulkInsertRepository(session)
        self._slugs = SlugAllocator(self._rows)
        self._imports = ImportRepository(session)

    async def create_missing(self, items: Sequence[ImportedItem]) -> None:
        """Create the users and tags of the items, unless they exist."""
        await self.users.create_missing(items)
        await self.tags.create_missing(items)

    async def create_posts(self, items: Sequence[ImportedItem]) -> list[int]:
        """Create posts with their tags and their rows in the search index, and return the ids of the posts."""
        # The users are created before the default author is looked up, because the default author may be a new user.
        await self.users.create_missing(items)
        needs_default = any(get_post(item).author is None for item in items)
        default_author = await self._default_author.get_email() if needs_default else ""
        items = [self._complete_item(item, default_author) for item in items]
        await self.create_missing(items)
        posts = [get_post(item) for item in items]
        slugs = await self._slugs.allocate([post.slug or slugify_title(post.title) for post in posts])
        for item, slug in zip(items, slugs, strict=True):
            self.note_slug(item, slug)
        rows = [self._make_row(item, slug) for item, slug in zip(items, slugs, strict=True)]
        ids = await self._rows.add_posts(rows)
        tag_ids = [self.tags.get_ids(post.tags) for post in posts]
        await self._rows.link_tags(
            [(id_, tag_id) for id_, post_tag_ids in zip(ids, tag_ids, strict=True) for tag_id in post_tag_ids]
        )
        imports = [
            (id_, item.digest, row["version"], row["updated_at"])
            for id_, item, row in zip(ids, items, rows, strict=True)
        ]
        await self._imports.record_imports(imports, are_new=True)
        index_rows = [(id_, *row[1:]) for id_, item in zip(ids, items, strict=True) for row in item.documents]
        await self._rows.index_documents(index_rows)
        return ids

    def note_slug(self, item: ImportedItem, slug: str) -> None:
        """Add a note if the slug of a post differs from the requested slug.

        The requested slug is the slug in the source or, if the source contains no slug, a slug made from the title.
        """
        post = get_post(item)
        requested = post.slug or slugify_title(post.title)
        if slug != requested:
            self._log.add(item, NoteCode.SLUG_TAKEN, f"another post has the slug {requested!r}; this one got {slug!r}")

    def note_status(self, item: ImportedItem, status: PostStatus) -> None:
        """Add a note if a post became a draft instead of a scheduled post, or scheduled instead of published."""
        source_status = get_post(item).status
        if source_status is PostStatus.SCHEDULED and status is PostStatus.DRAFT:
            self._log.add(item, NoteCode.STATUS_INFERRED, "scheduled without a date; it became a draft")
        if source_status is PostStatus.PUBLISHED and status is PostStatus.SCHEDULED:
            self._log.add(item, NoteCode.STATUS_INFERRED, "published at a future time; it was scheduled")

    def note_date(self, item: ImportedItem, status: PostStatus, published_at: datetime | None) -> None:
        """Add a note if a post is published, but neither its publication date nor its creation date is known."""
        if status is PostStatus.PUBLISHED and not (published_at or get_post(item).created_at):
            self._log.add(item, NoteCode.DATE_INFERRED, "published without a date; the import time was used")

    def _complete_item(self, item: ImportedItem, default_author: str) -> ImportedItem:
        """Return the item with a post that has an author, and whose status agrees with its dates."""
        post = get_post(item)
        status = correct_status(post, self.now)
        self.note_status(item, status)
        self.note_date(item, status, post.published_at)
        if post.author is None:
            self._log.add(item, NoteCode.AUTHOR_INFERRED, f"no author; assigned to {default_author}")
        if status is post.status and post.author:
            return item
        return replace(item, post=replace(post, status=status, author=post.author or default_author))

    def _make_row(self, item: ImportedItem, slug: str) -> dict[str, Any]:
        post = get_post(item)
        published_at = post.published_at or infer_date(post, post.status, self.now)
        created_at = post.created_at or min(published_at or self.now, self.now)
        return {name: getattr(post, name) for name in _COLUMNS} | {
            "slug": slug,
            "published_at": published_at,
            "author_id": self.users.get_id(post.author or ""),
            "extra": dict(post.extra),
            "words": item.words,
            "version": 1,
            "created_at": created_at,
            "updated_at": post.updated_at or created_at,
        }


def correct_status(post: PostRecord, now: datetime) -> PostStatus:
    """Return the status of a post, corrected if the status contradicts the date of publication.

    A scheduled post without a date becomes a draft, and a published post with a date in the future becomes scheduled.
    """
    if post.status is PostStatus.SCHEDULED and post.published_at is None:
        return PostStatus.DRAFT
    if post.status is PostStatus.PUBLISHED and post.published_at and post.published_at > now:
        return PostStatus.SCHEDULED
    return post.status


def infer_date(post: PostRecord, status: PostStatus, now: datetime) -> datetime | None:
    """Return a date of publication for a published post whose source does not contain such a date.

    Returns None if `status` is not `published`.
    """
    return min(post.created_at or now, now) if status is PostStatus.PUBLISHED else None


def get_post(item: ImportedItem) -> PostRecord:
    """Return the post of an item.

    Raises TypeError if the item has no post.
    """
    if item.post is None:
        raise TypeError("The item has no post")
    return item.post
