"""Posts in the database."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, String, cast, delete, func, inspect, literal, select, update
from sqlalchemy.orm import joinedload, selectinload, undefer

from ..enums import PostStatus
from ..models import Post, User
from ..models.posts import post_date
from ..search import index_texts
from ..slugs import slug_batches
from .base import CHUNK, Repository
from .references import chunked, distinct, id_of


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

    async def resolve(self, references: Sequence[str]) -> tuple[list[int], list[str]]:
        """The ids that the references (id, `id:7`, slug, `slug:2024`) name, each once, and those that name nothing."""
        found: dict[str, int] = {}
        for chunk in chunked(distinct(references), CHUNK):
            ids = {reference: id_ for reference in chunk if (id_ := id_of(reference)) is not None}
            slugs = {reference: reference.removeprefix("slug:") for reference in chunk if reference not in ids}
            known_ids = set(await self.session.scalars(select(Post.id).where(Post.id.in_(set(ids.values())))))
            by_slug = await self._ids_by_slug(list(slugs.values()))
            found |= {reference: id_ for reference, id_ in ids.items() if id_ in known_ids}
            found |= {reference: by_slug[slug] for reference, slug in slugs.items() if slug in by_slug}
        missing = [reference for reference in distinct(references) if reference not in found]
        return distinct(found[reference] for reference in references if reference in found), missing

    async def get_details(self, ids: Sequence[int]) -> list[Post]:
        """The posts with these ids, in their order, with everything: content, extra, author, tags."""
        found: dict[int, Post] = {}
        for chunk in chunked(ids, CHUNK):
            posts = await self.session.scalars(_complete(select(Post)).where(Post.id.in_(chunk)))
            found |= {post.id: post for post in posts}
        return [found[id_] for id_ in ids if id_ in found]

    async def load_batches(self, ids: Sequence[int], *, whole: bool = False) -> AsyncIterator[list[Post]]:
        """The posts with these ids, in their order, locked; a batch is forgotten when the next is due."""
        for chunk in chunked(ids, CHUNK):
            statement = _complete(select(Post)) if whole else _listed(select(Post))
            found = await self.session.scalars(
                statement.where(Post.id.in_(chunk)).order_by(Post.id).with_for_update(of=Post)
            )
            by_id = {post.id: post for post in found}
            yield [by_id[id_] for id_ in chunk if id_ in by_id]
            for post in by_id.values():
                self.session.expunge(post)

    async def due_ids(self, now: datetime) -> list[int]:
        """The scheduled posts whose time has come, the earliest first."""
        due = select(Post.id).where(Post.status == PostStatus.SCHEDULED, post_date <= now, Post.trashed_at.is_(None))
        return list(await self.session.scalars(due.order_by(post_date, Post.id)))

    async def free_slug(self, base: str) -> str:
        """A slug that no post has: `base`, else `base-2`, `base-3` ..."""
        for candidates in slug_batches(base):
            taken = set(await self.session.scalars(select(Post.slug).where(Post.slug.in_(candidates))))
            free = next((slug for slug in candidates if slug not in taken), None)
            if free:
                return free
        raise AssertionError("the batches never end")

    async def release_slugs(self, ids: Sequence[int]) -> None:
        """Let others have the slugs of these posts, which are given new ones before the transaction ends."""
        for chunk in chunked(ids, CHUNK):
            # No slug has a slash.
            nobodys = literal("/") + cast(Post.id, String)
            statement = update(Post).where(Post.id.in_(chunk)).values(slug=nobodys, updated_at=Post.updated_at)
            await self.session.execute(statement, execution_options={"synchronize_session": False})

    async def get_id_by_slug(self, slug: str) -> int | None:
        """The id of the post with that slug, or None."""
        return await self.session.scalar(select(Post.id).where(Post.slug == slug))

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

    async def _ids_by_slug(self, slugs: list[str]) -> dict[str, int]:
        rows = await self.session.execute(select(Post.slug, Post.id).where(Post.slug.in_(slugs)))
        return {row[0]: row[1] for row in rows}

    async def _index_texts(self, posts: Sequence[Post], *, are_new: bool = False) -> None:
        texts = [(post.id, post.title, post.content) for post in posts]
        await self.session.run_sync(partial(index_texts, are_new=are_new), texts)


def _is_rewritten(post: Post) -> bool:
    attributes = inspect(post).attrs
    return attributes.title.history.has_changes() or attributes.content.history.has_changes()


def _listed(statement: Select[Any]) -> Select[Any]:
    return statement.options(joinedload(Post.author, innerjoin=True).load_only(User.email), selectinload(Post.tags))


def _complete(statement: Select[Any]) -> Select[Any]:
    return _listed(statement).options(undefer(Post.content), undefer(Post.extra))
