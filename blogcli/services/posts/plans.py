"""Apply a plan: the changes of posts that a command has planned."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...enums import PostStatus
from ...errors import ConflictError, InvalidError, UsageError
from ...models import Post, Tag, User
from ...models.base import utc_now
from ...repositories.base import RowLock, assign
from ...repositories.tags import TagRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from .authors import resolve_author
from .bulk import check_slug_is_free
from .changes import assign_author
from .rows import Lookup, RowApplier, describe_lines, naming_line

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PlannedRow, PlannedValues

# These fields are not assigned to columns of the same name, or have consequences for other columns.
_SPECIAL_FIELDS = {"author", "content", "tags"}


async def apply_plan(
    sessions: SessionFactory, rows: "Iterable[PlannedRow]", *, options: BulkOptions
) -> Changes[PostSummary]:
    """Make all changes of a plan, or none of them.

    Raises ConflictError if a post was changed or deleted since the plan was made, if another post has a new slug, or if
    `options` do not allow the changes. Raises NotFoundError if a new author does not exist, InvalidError if the plan
    publishes or schedules a post without a date, and UsageError if it names a post twice.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        return await _PlanApplier(session, options).apply(rows)


class _PlanApplier(RowApplier["PlannedRow"]):
    """Makes the planned changes of the rows of a plan."""

    def __init__(self, session: AsyncSession, options: BulkOptions) -> None:
        super().__init__(session, options)
        self._ids: set[int] = set()
        self._authors: Lookup[str, User] = Lookup()
        self._tags: Lookup[tuple[str, ...], list[Tag]] = Lookup()

    @staticmethod
    def text_length(row: "PlannedRow") -> int:
        return len(row.change.content or "") if row.change else 0

    async def apply_batch(self, rows: "Sequence[PlannedRow]") -> None:
        by_id = self._index(rows)
        changes = {row.id: row.change for row in rows if row.change is not None}
        ids, _ = await self.posts.resolve([f"id:{id_}" for id_ in by_id], lock=RowLock.EXCLUSIVE)
        deleted = by_id.keys() - ids
        if not ids:
            _verify_unchanged([], deleted, by_id)
        async for posts in self.posts.load_batches(ids, with_content=True):
            _verify_unchanged(posts, deleted, by_id)
            for post in posts:
                if post.id not in changes:
                    self.collector.add_ids([post.id])
                    self.collector.add_purged(post)
            remaining = [post for post in posts if post.id in changes]
            await self.change(remaining, lambda post: self._prepare(by_id[post.id], changes[post.id]))
        await self.posts.purge([row.id for row in rows if row.id not in changes])

    def _index(self, batch: "Sequence[PlannedRow]") -> "dict[int, PlannedRow]":
        """Return the rows of a batch by the ids of their posts. Raises UsageError if a post is named twice."""
        rows: dict[int, PlannedRow] = {}
        for row in batch:
            if row.id in self._ids:
                raise UsageError(f"line {row.line}: post {row.id} is named twice", hint="Remove one of the lines.")
            self._ids.add(row.id)
            rows[row.id] = row
        return rows

    async def _prepare(self, row: "PlannedRow", values: "PlannedValues") -> Callable[[Post], bool]:
        """Return a function that gives the post of a row these values and returns whether the post differs."""
        with naming_line(row.line):
            if values.slug is not None:
                await check_slug_is_free(self.posts, values.slug, unless_of=row.id)
            author = None if values.author is None else await self._author(values.author)
            tags = None if values.tags is None else await self._tag_list(values.tags)

        def change(post: Post) -> bool:
            columns = values.model_dump(exclude_unset=True, exclude=_SPECIAL_FIELDS)
            differs = [assign(post, columns), assign_author(post, author)]
            if values.content is not None and values.content != post.content:
                post.write(values.content)
                differs.append(True)
            if tags is not None:
                differs.append(post.set_tags(tags, utc_now()))
            with naming_line(row.line):
                _check_date(post)
            return any(differs)

        return change

    async def _author(self, email: str) -> User:
        return await self._authors.get(email, partial(resolve_author, self.session, email))

    async def _tag_list(self, names: list[str]) -> list[Tag]:
        return await self._tags.get(tuple(names), partial(TagRepository(self.session).get_or_create, names))


def _check_date(post: Post) -> None:
    if post.published_at is None and post.status != PostStatus.DRAFT:
        raise InvalidError(f"a {post.status} post needs a date")


def _verify_unchanged(posts: Sequence[Post], deleted: AbstractSet[int], rows: "dict[int, PlannedRow]") -> None:
    """Raise ConflictError if posts were deleted, or if a post is no longer as it was when the plan was made."""
    stale_ids = deleted | {post.id for post in posts if _is_stale(post, rows[post.id])}
    stale = [row for row in rows.values() if row.id in stale_ids]
    if stale:
        names = describe_lines((f"{row.slug} (id {row.id})", row.line) for row in stale)
        raise ConflictError(
            f"Posts were changed or deleted since the plan was made: {names}; nothing was changed",
            hint="Make a new plan.",
        )


def _is_stale(post: Post, row: "PlannedRow") -> bool:
    return (post.uuid, post.version, post.updated_at) != (row.uuid, row.version, row.updated_at)
