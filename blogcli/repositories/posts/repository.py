"""Posts in the database."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, delete, func, inspect, literal, select, union, update
from sqlalchemy.orm import joinedload, selectinload, undefer

from ...enums import PostStatus
from ...models import Post, User
from ...models.posts import post_date
from ...search import index_texts
from ...text.slugs import slug_batches
from ..base import CHUNK, Repository, RowLock, locked
from ..dialects import has_concurrent_writers
from ..identifiers import chunked, resolve


class PostRepository(Repository[Post]):
    """Posts, found by id or slug; with author and tags, without content unless asked."""

    model = Post
    noun = "post"

    async def add(self, entity: Post) -> Post:
        """The post, flushed, so that it has its id, and found by a search."""
        await super().add(entity)
        await self._index_texts([entity], are_new=True)
        return entity

    async def save(self, posts: Sequence[Post]) -> None:
        """Flush the changes of these posts, and let a search find what is written in them afterwards."""
        rewritten = [post for post in posts if _is_rewritten(post)]
        await self.session.flush()
        await self._index_texts(rewritten)

    async def resolve(self, references: Sequence[str], *, lock: RowLock | None = None) -> tuple[list[int], list[str]]:
        """Return the ids that the references (id, `id:7`, slug, `slug:2024`) name, and the references without a post.

        Each id is returned once. With `lock`, the posts are locked until the transaction ends.
        """

        async def load(condition: ColumnElement[bool]) -> list[tuple[int, str, int]]:
            posts = locked(select(Post.id, Post.slug).where(condition).order_by(Post.id), lock)
            return [(row.id, row.slug, row.id) for row in await self.session.execute(posts)]

        return await resolve(
            references, load, columns=(Post.id, Post.slug), key_of=lambda reference: reference.removeprefix("slug:")
        )

    async def get_details(self, ids: Sequence[int]) -> list[Post]:
        """The posts with these ids, in their order, with everything: content, extra, author, tags."""
        found: dict[int, Post] = {}
        for chunk in chunked(ids, CHUNK):
            posts = await self.session.scalars(_complete(select(Post)).where(Post.id.in_(chunk)))
            found |= {post.id: post for post in posts}
        return [found[id_] for id_ in ids if id_ in found]

    async def public_ids(self, ids: Sequence[int]) -> list[int]:
        """Return those of the ids that are of posts which are published and not in the trash."""
        found: list[int] = []
        for chunk in chunked(ids, CHUNK):
            public = (Post.status == PostStatus.PUBLISHED, Post.trashed_at.is_(None))
            found += await self.session.scalars(select(Post.id).where(Post.id.in_(chunk), *public))
        return found

    async def lock(self, ids: Sequence[int]) -> bool:
        """Hold the posts with these ids until the transaction ends; False if no other command can have changed them.

        Posts that another command has deleted meanwhile are passed over.
        """
        if not has_concurrent_writers(self.session):
            return False
        for chunk in chunked(sorted(ids), CHUNK):
            posts = select(Post.id).where(Post.id.in_(chunk)).order_by(Post.id)
            await self.session.execute(locked(posts, RowLock.EXCLUSIVE))
        return bool(ids)

    async def lock_chosen(self, choose: Callable[[Sequence[int] | None], Awaitable[list[int]]]) -> list[int]:
        """Return the ids that `choose` returns, in its order, with the posts held until the transaction ends.

        `choose` is given None at first. Another command may change a post before this one holds it, so `choose` is
        asked again which of the posts with the ids it is given are still to be chosen, and the others are left out.
        """
        ids = await choose(None)
        if not await self.lock(ids):
            return ids
        kept: set[int] = set()
        for chunk in chunked(ids, CHUNK):
            kept.update(await choose(chunk))
        return [id_ for id_ in ids if id_ in kept]

    async def load_batches(self, ids: Sequence[int], *, whole: bool = False) -> AsyncIterator[list[Post]]:
        """Yield the posts with these ids in their order, in batches; the previous batch is expunged before the next.

        A command that changes them must hold them already: see `lock`.
        """
        for chunk in chunked(ids, CHUNK):
            statement = _complete(select(Post)) if whole else _listed(select(Post))
            found = await self.session.scalars(statement.where(Post.id.in_(chunk)))
            by_id = {post.id: post for post in found}
            yield [by_id[id_] for id_ in chunk if id_ in by_id]
            for post in by_id.values():
                self.session.expunge(post)

    async def due_ids(self, now: datetime, *, among: Sequence[int] | None = None) -> list[int]:
        """Return the ids of the scheduled posts that are due and of the posts that have expired, the earliest first.

        Where `among` is given, only posts with these ids are returned.
        """
        scheduled = select(Post.id, post_date.label("date")).where(
            Post.status == PostStatus.SCHEDULED, post_date <= now
        )
        expired = select(Post.id, post_date.label("date")).where(Post.expires_at <= now)
        # Two statements in one, each of which an index answers.
        found = union(*(each.where(*_alive(among)) for each in (scheduled, expired))).subquery()
        return list(await self.session.scalars(select(found.c.id).order_by(found.c.date, found.c.id)))

    async def free_slug(self, base: str) -> str:
        """A slug that no post has: `base`, else `base-2`, `base-3` ..."""
        for candidates in slug_batches(base):
            taken = set(await self.session.scalars(select(Post.slug).where(Post.slug.in_(candidates))))
            free = next((slug for slug in candidates if slug not in taken), None)
            if free:
                return free
        raise AssertionError("the batches never end")

    async def clear_slugs(self, ids: Sequence[int]) -> None:
        """Let others have the slugs of these posts, which are given new ones before the transaction ends."""
        for chunk in chunked(ids, CHUNK):
            # No slug has a slash.
            nobodys = literal("/") + cast(Post.id, String)
            statement = update(Post).where(Post.id.in_(chunk)).values(slug=nobodys, updated_at=Post.updated_at)
            await self.session.execute(statement, execution_options={"synchronize_session": False})

    async def get_id_by_uuid(self, uuid: UUID) -> int | None:
        """Return the id of the post with this UUID, or None."""
        return await self.session.scalar(select(Post.id).where(Post.uuid == uuid))

    async def get_slug_owner(self, slug: str) -> tuple[int, bool] | None:
        """Return the id of the post with this slug and whether it is in the trash, or None."""
        owner = (await self.session.execute(select(Post.id, Post.trashed_at).where(Post.slug == slug))).first()
        return None if owner is None else (owner.id, owner.trashed_at is not None)

    async def purge(self, ids: Sequence[int]) -> None:
        """Delete the posts for good; their tag links go with them."""
        for chunk in chunked(ids, CHUNK):
            await self.session.execute(delete(Post).where(Post.id.in_(chunk)))

    async def purge_by_author(self, author_id: int) -> None:
        """Delete all posts of one user for good."""
        await self.session.execute(delete(Post).where(Post.author_id == author_id))

    async def count_by_author(self, author_id: int) -> tuple[int, int]:
        """How many posts the person has outside the trash, and in it."""
        trashed = func.count(Post.trashed_at)
        row = (await self.session.execute(select(func.count(), trashed).where(Post.author_id == author_id))).one()
        return row[0] - row[1], row[1]

    async def _index_texts(self, posts: Sequence[Post], *, are_new: bool = False) -> None:
        texts = [(post.id, post.title, post.content) for post in posts]
        await self.session.run_sync(partial(index_texts, are_new=are_new), texts)


def _alive(among: Sequence[int] | None) -> list[ColumnElement[bool]]:
    alive: list[ColumnElement[bool]] = [Post.trashed_at.is_(None)]
    return alive if among is None else [*alive, Post.id.in_(among)]


def _is_rewritten(post: Post) -> bool:
    attributes = inspect(post).attrs
    return attributes.title.history.has_changes() or attributes.content.history.has_changes()


def _listed(statement: Select[Any]) -> Select[Any]:
    return statement.options(joinedload(Post.author, innerjoin=True).load_only(User.email), selectinload(Post.tags))


def _complete(statement: Select[Any]) -> Select[Any]:
    return _listed(statement).options(undefer(Post.content), undefer(Post.extra))
