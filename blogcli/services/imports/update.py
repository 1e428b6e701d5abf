"""Records -> posts that are there: what a source leaves open stays as it is."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from ...enums import PostStatus
from ...interchange.items import ImportedItem
from ...interchange.records import PostRecord
from ...models import Post
from ...repositories.base import assign
from ...repositories.imports import ImportRepository
from ...repositories.posts.bulk_insert import BulkRepository
from ...repositories.posts.repository import PostRepository
from ...repositories.posts.slug_allocator import FreeSlugs
from ...repositories.tags import TagRepository
from ...text.casefold import tag_key
from ...text.slugs import is_numbered_slug
from .create import Placing, fitting_status, guessed_date, post_of

_WRITTEN = ("title", "content", "excerpt", "extra", "trashed_at")
# What a source may leave open: a post that is there keeps its own.
_OPEN = ("slug", "author", "published_at", "created_at", "updated_at", "expires_at", "first_published_at")


def is_same(present: PostRecord, incoming: PostRecord, now: datetime) -> bool:
    """Whether a post that is there says all that an incoming one says."""
    return (
        all(getattr(incoming, name) == getattr(present, name) for name in _WRITTEN)
        and all(getattr(incoming, name) in (None, getattr(present, name)) for name in _OPEN)
        and _status(incoming, present.status, now) is present.status
        and set(map(tag_key, incoming.tags)) == set(map(tag_key, present.tags))
    )


class Rewriting:
    """Brings posts up to date with their sources."""

    def __init__(self, session: AsyncSession, placing: Placing) -> None:
        self._placing = placing
        self._rows = BulkRepository(session)
        self._posts = PostRepository(session)
        self._tags = TagRepository(session)
        self._imports = ImportRepository(session)

    async def rewrite(self, entries: Mapping[int, ImportedItem]) -> None:
        """Give posts, by id, what their sources say, and let a search find it."""
        await self._placing.ensure(list(entries.values()))
        async for posts in self._posts.load_batches(list(entries), whole=True):
            # Asked before anything is assigned: a query would flush that, and what was rewritten could not be told.
            slugs = await self._slugs_of(posts, entries)
            keys = [tag_key(name) for post in posts for name in post_of(entries[post.id]).tags]
            tags = await self._tags.get_by_keys(keys)
            for post in posts:
                self._assign(post, entries[post.id], slugs.get(post.id))
                post.tags = [tags[tag_key(name)] for name in post_of(entries[post.id]).tags]
            await self._posts.save(posts)
            await self._imports.remember([(post.id, entries[post.id].digest, post.version) for post in posts])

    async def _slugs_of(self, posts: Sequence[Post], entries: Mapping[int, ImportedItem]) -> dict[int, str]:
        """The slugs of those posts that move, by id, as if all of them had left before any takes another place."""
        wanted = {post.id: slug for post in posts if (slug := post_of(entries[post.id]).slug) not in (None, post.slug)}
        numbered = [post.id for post in posts if post.id in wanted and is_numbered_slug(post.slug, wanted[post.id])]
        moving = [id_ for id_ in wanted if id_ not in numbered]
        await self._posts.release_slugs(moving)
        # What others have left is free again: for one of those that have a number.
        taken = await self._rows.taken_slugs([wanted[id_] for id_ in numbered])
        taken |= {wanted[id_] for id_ in moving}
        for id_ in numbered:
            if wanted[id_] not in taken:
                taken.add(wanted[id_])
                moving.append(id_)
        free = await FreeSlugs(self._rows).free([wanted[id_] for id_ in moving])
        for id_, slug in zip(moving, free, strict=True):
            self._placing.note_slug(entries[id_], slug)
        return dict(zip(moving, free, strict=True))

    def _assign(self, post: Post, entry: ImportedItem, slug: str | None) -> None:
        record, now = post_of(entry), self._placing.now
        status = _status(record, PostStatus(post.status), now)
        self._placing.note_status(entry, status)
        said = {
            "slug": slug,
            "author_id": self._placing.authors.id_of(record.author) if record.author else None,
            "published_at": record.published_at,
            "created_at": record.created_at,
            "expires_at": record.expires_at,
            "first_published_at": record.first_published_at,
        }
        assign(post, {name: getattr(record, name) for name in ("title", "excerpt", "trashed_at")} | {"status": status})
        assign(post, {name: value for name, value in said.items() if value is not None} | {"extra": dict(record.extra)})
        if post.content != record.content:
            post.write(record.content)
        if post.published_at is None:
            self._placing.note_date(entry, status, None)
            post.published_at = guessed_date(record, status, now)
        post.updated_at = record.updated_at or now
        # Even the same instant is what the source says; untouched, the column would take the time of this import.
        flag_modified(post, "updated_at")


def _status(incoming: PostRecord, present: PostStatus, now: datetime) -> PostStatus:
    """The status that a post is given; what is due, and has been published here, stays so."""
    status = fitting_status(incoming, now)
    is_due = status is PostStatus.SCHEDULED and incoming.published_at is not None and incoming.published_at <= now
    return PostStatus.PUBLISHED if is_due and present is PostStatus.PUBLISHED else status
