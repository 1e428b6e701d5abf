"""Find, lock, change and delete posts."""

from collections.abc import AsyncIterator, Awaitable, Callable, Container, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, delete, func, inspect, literal, select, update
from sqlalchemy.orm import joinedload, selectinload, undefer

from ...enums import PostStatus
from ...models import Post, User
from ...models.posts import post_date
from ...search import index_texts
from ...text.slugs import slug_batches
from ..base import CHUNK, Repository, RowLock, locked
from ..dialects import acquire_advisory_lock, has_concurrent_writers, try_advisory_lock
from ..identifiers import chunked, resolve
from .bulk_update import update_changed_columns
from .filters import due_posts
from .texts import iter_batches

# The number of the advisory lock for `publish-due`. Locks with a table do not conflict with the locks without a table.
_PUBLISH_LOCK = 0x626C6F69
# The number of the advisory lock for commands that look for free slots.
_SLOT_LOCK = 0x626C6F6A


class PostRepository(Repository[Post]):
    """Finds, locks, changes and deletes posts. Users refer to a post by its id or slug."""

    model = Post
    noun = "post"

    async def add(self, entity: Post) -> Post:
        """Add a post to the session, flush it so that it has an id, and add it to the search index."""
        await super().add(entity)
        await self._index_texts([entity], are_new=True)
        return entity

    async def save(self, posts: Sequence[Post]) -> None:
        """Write the changed columns and tags of posts, and update the search index. The posts must be locked."""
        changed = [post for post in posts if _has_changed_text(post)]
        await update_changed_columns(self.session, posts)
        await self.session.flush()
        await self._index_texts(changed)

    async def resolve(self, references: Sequence[str], *, lock: RowLock | None = None) -> tuple[list[int], list[str]]:
        """Return the distinct ids of the posts to which the references refer, and the references that match no post.

        A reference is an id such as `7` or `id:7`, or a slug such as `hello` or `slug:2024`. If `lock` is given, the
        posts are locked until the transaction ends.
        """

        async def load(condition: ColumnElement[bool]) -> list[tuple[int, str, int]]:
            posts = locked(select(Post.id, Post.slug).where(condition).order_by(Post.id), lock)
            return [(row.id, row.slug, row.id) for row in await self.session.execute(posts)]

        return await resolve(
            references, load, columns=(Post.id, Post.slug), key_of=lambda reference: reference.removeprefix("slug:")
        )

    async def get_details(self, ids: Sequence[int]) -> list[Post]:
        """Return the posts with these ids, in the order of `ids`. Ids that no post has are skipped.

        The content, the extra fields, the author and the tags of the posts are loaded.
        """
        by_id: dict[int, Post] = {}
        for chunk in chunked(ids, CHUNK):
            posts = await self.session.scalars(_with_all_fields(select(Post)).where(Post.id.in_(chunk)))
            by_id |= {post.id: post for post in posts}
        return [by_id[id_] for id_ in ids if id_ in by_id]

    async def public_ids(self, ids: Sequence[int]) -> list[int]:
        """Return the ids in `ids` whose posts are published and not in the trash."""
        public_ids: list[int] = []
        is_public = (Post.status == PostStatus.PUBLISHED, Post.trashed_at.is_(None))
        for chunk in chunked(ids, CHUNK):
            public_ids += await self.session.scalars(select(Post.id).where(Post.id.in_(chunk), *is_public))
        return public_ids

    async def lock(self, ids: Sequence[int]) -> bool:
        """Lock the posts with these ids until the transaction ends.

        Returns whether another command may have changed or deleted some of the posts before they were locked.
        """
        if not has_concurrent_writers(self.session):
            return False
        for chunk in chunked(sorted(ids), CHUNK):
            posts = select(Post.id).where(Post.id.in_(chunk)).order_by(Post.id)
            await self.session.execute(locked(posts, RowLock.EXCLUSIVE))
        return bool(ids)

    async def lock_selected(self, select_ids: Callable[[Sequence[int] | None], Awaitable[list[int]]]) -> list[int]:
        """Select posts with `select_ids`, lock them until the transaction ends, and return their ids.

        `select_ids` is first called with None, and returns the ids of the selected posts. If another command may have
        changed these posts before they were locked, `select_ids` is then called with the ids of the locked posts, in
        batches, and returns the ids of the posts that it still selects. Other posts are left out of the result.
        """
        ids = await select_ids(None)
        if not await self.lock(ids):
            return ids
        still_selected: set[int] = set()
        for chunk in chunked(ids, CHUNK):
            still_selected.update(await select_ids(chunk))
        return [id_ for id_ in ids if id_ in still_selected]

    async def load_batches(self, ids: Sequence[int], *, with_content: bool = False) -> AsyncIterator[list[Post]]:
        """Yield the posts with these ids in batches, in the order of `ids`. The authors and tags are loaded.

        If `with_content` is true, the content and the extra fields are loaded too, and batches of long contents have
        fewer posts. The posts of a batch are expunged from the session before the next batch is loaded. A command that
        changes the posts must lock them first.
        """
        async for batch in self._divide(ids, with_content=with_content):
            statement = _with_all_fields(select(Post)) if with_content else _with_author_and_tags(select(Post))
            posts = await self.session.scalars(statement.where(Post.id.in_(batch)))
            by_id = {post.id: post for post in posts}
            yield [by_id[id_] for id_ in batch if id_ in by_id]
            for post in by_id.values():
                self.session.expunge(post)

    async def _divide(self, ids: Sequence[int], *, with_content: bool) -> AsyncIterator[Sequence[int]]:
        if with_content:
            async for batch in iter_batches(self.session, ids):
                yield batch
        else:
            for chunk in chunked(ids, CHUNK):
                yield chunk

    async def try_publish_lock(self) -> bool:
        """Acquire the lock of `publish-due` until the transaction ends, and return whether no other run holds it."""
        return await try_advisory_lock(self.session, _PUBLISH_LOCK, Post.__tablename__)

    async def acquire_slot_lock(self) -> None:
        """Wait until no other command looks for free slots, and make other such commands wait for this transaction."""
        await acquire_advisory_lock(self.session, _SLOT_LOCK)

    async def scheduled_dates(self, dates: Sequence[datetime], *, except_ids: Container[int]) -> set[datetime]:
        """Return those dates for which posts are scheduled, other than the posts with the ids in `except_ids`."""
        scheduled = select(Post.id, post_date.label("date")).where(
            Post.trashed_at.is_(None), Post.status == PostStatus.SCHEDULED, post_date.in_(dates)
        )
        return {row.date for row in await self.session.execute(scheduled) if row.id not in except_ids}

    async def due_ids(self, now: datetime, *, among: Sequence[int] | None = None) -> list[int]:
        """Return the ids of the scheduled posts that are due and of the posts that have expired, ordered by date.

        Posts in the trash are excluded. If `among` is given, only ids in `among` are returned.
        """
        conditions = [] if among is None else [Post.id.in_(among)]
        due = due_posts(now, *conditions).subquery()
        return list(await self.session.scalars(select(due.c.id).order_by(due.c.date, due.c.id)))

    async def free_slug(self, base: str) -> str:
        """Return the first slug in the sequence `base`, `base-2`, `base-3` and so on that no post has."""
        for candidates in slug_batches(base):
            taken = set(await self.session.scalars(select(Post.slug).where(Post.slug.in_(candidates))))
            free = next((slug for slug in candidates if slug not in taken), None)
            if free:
                return free
        raise AssertionError("the batches never end")

    async def clear_slugs(self, ids: Sequence[int]) -> None:
        """Replace the slugs of the posts with these ids by temporary slugs, so that other posts can use the old slugs.

        The posts must get new slugs before the transaction ends.
        """
        for chunk in chunked(ids, CHUNK):
            # Other slugs contain no slash, so no other post can have the temporary slug.
            temporary_slug = literal("/") + cast(Post.id, String)
            statement = update(Post).where(Post.id.in_(chunk)).values(slug=temporary_slug, updated_at=Post.updated_at)
            await self.session.execute(statement, execution_options={"synchronize_session": False})

    async def get_id_by_uuid(self, uuid: UUID) -> int | None:
        """Return the id of the post with this UUID, or None if no post has this UUID."""
        return await self.session.scalar(select(Post.id).where(Post.uuid == uuid))

    async def get_slug_owner(self, slug: str) -> tuple[int, bool] | None:
        """Return the id of the post with this slug, and whether the post is in the trash.

        Returns None if no post has this slug.
        """
        owner = (await self.session.execute(select(Post.id, Post.trashed_at).where(Post.slug == slug))).first()
        return None if owner is None else (owner.id, owner.trashed_at is not None)

    async def purge(self, ids: Sequence[int]) -> None:
        """Delete the posts with these ids permanently. Their links to tags are deleted too."""
        for chunk in chunked(ids, CHUNK):
            await self.session.execute(delete(Post).where(Post.id.in_(chunk)))

    async def purge_by_author(self, author_id: int) -> None:
        """Delete all posts of a user permanently."""
        ids = await self.session.scalars(select(Post.id).where(Post.author_id == author_id))
        await self.purge(sorted(ids))

    async def count_by_author(self, author_id: int) -> tuple[int, int]:
        """Return how many posts of a user are outside the trash, and how many are in the trash."""
        counts = select(func.count(), func.count(Post.trashed_at)).where(Post.author_id == author_id)
        total, trashed = (await self.session.execute(counts)).one()
        return total - trashed, trashed

    async def _index_texts(self, posts: Sequence[Post], *, are_new: bool = False) -> None:
        texts = [(post.id, post.title, post.content) for post in posts]
        await self.session.run_sync(partial(index_texts, are_new=are_new), texts)


def _has_changed_text(post: Post) -> bool:
    attributes = inspect(post).attrs
    return attributes.title.history.has_changes() or attributes.content.history.has_changes()


def _with_author_and_tags(statement: Select[Any]) -> Select[Any]:
    return statement.options(joinedload(Post.author, innerjoin=True).load_only(User.email), selectinload(Post.tags))


def _with_all_fields(statement: Select[Any]) -> Select[Any]:
    return _with_author_and_tags(statement).options(undefer(Post.content), undefer(Post.extra))
