"""Update existing posts from records. Values that the source of a post does not contain are preserved."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from ...enums import PostStatus
from ...interchange.items import ImportedItem
from ...interchange.records import PostRecord
from ...models import Post
from ...repositories.base import assign
from ...repositories.imports import ImportRepository
from ...repositories.posts.bulk_insert import BulkInsertRepository
from ...repositories.posts.repository import PostRepository
from ...repositories.posts.slugs import SlugAllocator
from ...repositories.tags import TagRepository
from ...text.casefold import tag_key
from ...text.slugs import is_numbered_slug
from .create import NewPostWriter, correct_status, get_post, infer_date

# The fields that an import always writes.
_REQUIRED = ("title", "content", "excerpt", "extra", "trashed_at")
# The fields that a source may leave out. An existing post then keeps the values of these fields.
_OPTIONAL = [field.name for field in fields(PostRecord) if field.name not in (*_REQUIRED, "uuid", "status", "tags")]
# The optional fields whose values are assigned without a conversion. The slug, the author and the time of the last
# change are handled separately.
_ASSIGNED = [name for name in _OPTIONAL if name not in ("slug", "author", "updated_at")]


def is_unchanged(stored: PostRecord, imported: PostRecord, now: datetime) -> bool:
    """Return whether an import of the record `imported` would leave the post `stored` unchanged."""
    return (
        all(getattr(imported, name) == getattr(stored, name) for name in _REQUIRED)
        and all(getattr(imported, name) in (None, getattr(stored, name)) for name in _OPTIONAL)
        and _choose_status(imported, stored.status, now) is stored.status
        and set(map(tag_key, imported.tags)) == set(map(tag_key, stored.tags))
    )


class PostUpdater:
    """Updates existing posts with the values from their sources."""

    def __init__(self, session: AsyncSession, writer: NewPostWriter) -> None:
        self._writer = writer
        self._rows = BulkInsertRepository(session)
        self._posts = PostRepository(session)
        self._tags = TagRepository(session)
        self._imports = ImportRepository(session)

    async def update_posts(self, items: Mapping[int, ImportedItem]) -> None:
        """Update the posts whose ids are the keys of `items`. Their tags and the search index are updated as well."""
        await self._writer.create_missing(list(items.values()))
        async for posts in self._posts.load_batches(list(items), with_content=True):
            # All queries come before the first assignment. A later query would flush the assignments, and save() could
            # not determine which texts have changed.
            slugs = await self._choose_slugs(posts, items)
            keys = [tag_key(name) for post in posts for name in get_post(items[post.id]).tags]
            tags = await self._tags.get_by_keys(keys)
            for post in posts:
                self._assign(post, items[post.id], slugs.get(post.id))
                post.tags = [tags[tag_key(name)] for name in get_post(items[post.id]).tags]
            await self._posts.save(posts)
            await self._imports.record_imports(
                [(post.id, items[post.id].digest, post.version, post.updated_at) for post in posts]
            )

    async def _choose_slugs(self, posts: Sequence[Post], items: Mapping[int, ImportedItem]) -> dict[int, str]:
        """Return a mapping of the ids of the posts whose slug changes to their new slugs.

        The old slugs are cleared first, so that posts can exchange their slugs. If the current slug of a post is the
        requested slug with a number appended, and another post has the requested slug, the post keeps its current slug.
        """
        requested = {
            post.id: slug for post in posts if (slug := get_post(items[post.id]).slug) not in (None, post.slug)
        }
        numbered = [
            post.id for post in posts if post.id in requested and is_numbered_slug(post.slug, requested[post.id])
        ]
        changing = [id_ for id_ in requested if id_ not in numbered]
        await self._posts.clear_slugs(changing)
        taken = await self._rows.taken_slugs([requested[id_] for id_ in numbered])
        taken |= {requested[id_] for id_ in changing}
        for id_ in numbered:
            if requested[id_] not in taken:
                taken.add(requested[id_])
                changing.append(id_)
        slugs = await SlugAllocator(self._rows).allocate([requested[id_] for id_ in changing])
        for id_, slug in zip(changing, slugs, strict=True):
            self._writer.note_slug(items[id_], slug)
        return dict(zip(changing, slugs, strict=True))

    def _assign(self, post: Post, item: ImportedItem, slug: str | None) -> None:
        record = get_post(item)
        now = self._writer.now
        status = _choose_status(record, PostStatus(post.status), now)
        self._writer.note_status(item, status)
        optional = {
            "slug": slug,
            "author_id": self._writer.users.get_id(record.author) if record.author else None,
            **{name: getattr(record, name) for name in _ASSIGNED},
        }
        required = {"title": record.title, "excerpt": record.excerpt, "trashed_at": record.trashed_at, "status": status}
        assign(post, required)
        assign(post, {name: value for name, value in optional.items() if value is not None})
        assign(post, {"extra": dict(record.extra)})
        if post.content != record.content:
            post.write(record.content)
        if post.published_at is None:
            self._writer.note_date(item, status, None)
            post.published_at = infer_date(record, status, now)
        post.updated_at = record.updated_at or now
        # Without this call, SQLAlchemy would replace the assigned value by the time of the import if the assigned value
        # equals the previous value.
        flag_modified(post, "updated_at")


def _choose_status(imported: PostRecord, stored: PostStatus, now: datetime) -> PostStatus:
    """Return the new status of a stored post.

    If a post is published in blogcli, and its source says that the post is scheduled for a time in the past, the post
    stays published.
    """
    status = correct_status(imported, now)
    is_due = status is PostStatus.SCHEDULED and imported.published_at is not None and imported.published_at <= now
    return PostStatus.PUBLISHED if is_due and stored is PostStatus.PUBLISHED else status
