"""Change posts as the rows of a CSV file say."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import ConflictError, NotFoundError, UsageError
from ...models import Post, User
from ...repositories.base import RowLock
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from .bulk import check_not_trashed
from .changes import TagUpdate, apply_update, assign_author, check_slug, prepare_tag_update, resolve_new_author
from .rows import Lookup, RowApplier, describe_lines, naming_line

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PostChange


async def apply_changes(
    sessions: SessionFactory, changes: "Iterable[PostChange]", *, options: BulkOptions
) -> Changes[PostSummary]:
    """Apply all changes to posts, or none of them.

    Raises NotFoundError if a post, an author or a tag to remove does not exist. Raises ConflictError if a post was
    changed in the meantime, if it is in the trash, if another post has its new slug, or if `options` do not allow the
    changes. Raises UsageError if a post is named twice.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        return await _ChangeApplier(session, options).apply(changes)


class _ChangeApplier(RowApplier["PostChange"]):
    """Applies the rows of a CSV file."""

    def __init__(self, session: AsyncSession, options: BulkOptions) -> None:
        super().__init__(session, options)
        self._ids: set[int] = set()
        self._authors: Lookup[str | None, User | None] = Lookup()
        self._tags: Lookup[str, TagUpdate] = Lookup()

    @staticmethod
    def text_length(row: "PostChange") -> int:
        return len(row.update.content or "")

    async def apply_batch(self, rows: "Sequence[PostChange]") -> None:
        by_id = dict(zip(await self._lock(rows), rows, strict=True))
        async for posts in self.posts.load_batches(list(by_id), with_content=True):
            _verify_unchanged(posts, by_id)
            await self.change(posts, lambda post: self._prepare(post, by_id[post.id]))

    async def _lock(self, rows: "Sequence[PostChange]") -> list[int]:
        """Lock the posts of a batch, and return the id of the post of each row.

        Raises NotFoundError if a post does not exist, and UsageError if two rows name the same post.
        """
        ids, missing = await self.posts.resolve([row.reference for row in rows], lock=RowLock.EXCLUSIVE)
        if missing:
            names = dict.fromkeys(missing)
            raise NotFoundError(_describe("No such posts", (row for row in rows if row.reference in names)))
        if len(ids) < len(rows) or not self._ids.isdisjoint(ids):
            raise UsageError(
                f"Two rows name the same post, at or before line {rows[-1].line}", hint="Combine the rows."
            )
        self._ids.update(ids)
        return ids

    async def _prepare(self, post: Post, row: "PostChange") -> Callable[[Post], bool]:
        """Check the change of a post, and return a function that applies it and returns whether the post differs."""
        update = row.update
        with naming_line(row.line):
            check_not_trashed(post)
            await check_slug(self.session, update, [post.id])
            author = await self._authors.get(update.author, partial(resolve_new_author, self.session, update))
            tags = await self._tags.get(repr(row.tags), partial(prepare_tag_update, self.session, row.tags))

        def apply(post: Post) -> bool:
            with naming_line(row.line):
                return any([apply_update(post, update), assign_author(post, author), tags.apply(post)])

        return apply


def _verify_unchanged(posts: Sequence[Post], rows: "dict[int, PostChange]") -> None:
    """Raise ConflictError if a post is no longer as its row expects it."""
    stale = [rows[post.id] for post in posts if _is_stale(post, rows[post.id])]
    if stale:
        raise ConflictError(
            f"{_describe('Posts were changed in the meantime', stale)}; nothing was changed",
            hint="Read the posts again, and repeat the changes.",
        )


def _is_stale(post: Post, row: "PostChange") -> bool:
    return row.version not in (None, post.version) or row.updated_at not in (None, post.updated_at)


def _describe(message: str, rows: "Iterable[PostChange]") -> str:
    """Return the message followed by the references and lines of the first rows."""
    return f"{message}: {describe_lines((row.reference, row.line) for row in rows)}"
