"""Apply a plan: the changes of posts that a command has planned."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...enums import PostStatus
from ...errors import ConflictError, InvalidError, UsageError
from ...models import Post, Tag, User
from ...models.base import utc_now
from ...repositories.base import CHUNK, RowLock, assign
from ...repositories.posts.repository import PostRepository
from ...repositories.tags import TagRepository
from ...schemas.base import Changes
from ...schemas.posts import BulkOptions, PostSummary
from .apply import MAX_CACHED, describe_lines, naming_line
from .authors import resolve_author
from .bulk import ChangeCollector, check_slug_is_free
from .changes import assign_author
from .summaries import post_summary

if TYPE_CHECKING:
    from ...schemas.inputs.posts import PlannedRow, PlannedValues

# These fields are not assigned to columns of the same name, or have consequences for other columns.
_SPECIAL_FIELDS = {"author", "content", "tags"}


async def apply_plan(
    sessions: SessionFactory, rows: "Iterable[PlannedRow]", *, options: BulkOptions
) -> Changes[PostSummary]:
    """Make all changes of a plan, or none of them.

    Memory does not grow with the number of changes, except for the ids of the posts. Raises ConflictError if a post was
    changed or deleted since the plan was made, if another post has a new slug, or if `options` do not allow the
    changes. Raises NotFoundError if a new author does not exist, InvalidError if a post would be published or scheduled
    without a date, and UsageError if a post is named twice.
    """
    async with sessions.begin(dry_run=options.dry_run) as session:
        applier = _PlanApplier(session, options)
        unread = iter(rows)
        while batch := list(islice(unread, CHUNK)):
            await applier.apply(batch)
        return applier.collector.result(missing=[], unchanged=applier.unchanged)


class _PlanApplier:
    """Applies batches of planned changes in one session."""

    def __init__(self, session: AsyncSession, options: BulkOptions) -> None:
        self.collector = ChangeCollector(options, post_summary)
        self.unchanged = 0
        self._session = session
        self._posts = PostRepository(session)
        self._ids: set[int] = set()
        self._authors: dict[str, User] = {}
        self._tags: dict[tuple[str, ...], list[Tag]] = {}

    async def apply(self, batch: "Sequence[PlannedRow]") -> None:
        """Lock the posts of a batch, verify that they are unchanged, and make the planned changes."""
        rows = self._index(batch)
        ids, _ = await self._posts.resolve([f"id:{id_}" for id_ in rows], lock=RowLock.EXCLUSIVE)
        if not ids:
            _verify_unchanged([], rows)
        # A batch has at most CHUNK posts, so all of them are loaded at once.
        async for posts in self._posts.load_batches(ids, with_content=True):
            _verify_unchanged(posts, rows)
            for post in posts:
                if rows[post.id].change is None:
                    self.collector.add_ids([post.id])
                    self.collector.add_purged(post)
            await self._change([post for post in posts if rows[post.id].change is not None], rows)
        await self._posts.purge([row.id for row in batch if row.change is None])

    def _index(self, batch: "Sequence[PlannedRow]") -> "dict[int, PlannedRow]":
        """Return the rows of a batch by the ids of their posts. Raises UsageError if a post is named twice."""
        rows: dict[int, PlannedRow] = {}
        for row in batch:
            if row.id in self._ids:
                raise UsageError(f"line {row.line}: post {row.id} is named twice", hint="Remove one of the lines.")
            self._ids.add(row.id)
            rows[row.id] = row
        return rows

    async def _change(self, posts: Sequence[Post], rows: "dict[int, PlannedRow]") -> None:
        """Make the planned changes of posts, and collect the changed posts."""
        previous = {post.id: (post.is_public, post.words) for post in posts}
        # All queries precede the first change. A query would flush changes that are not in the search index yet.
        prepared = [await self._prepare(row, row.change) for post in posts if (row := rows[post.id]) and row.change]
        changed = [post for post, change in zip(posts, prepared, strict=True) if change(post)]
        self.unchanged += len(posts) - len(changed)
        self.collector.add_unsaved(changed)
        await self._posts.save(changed)
        for post in changed:
            was_public, words = previous[post.id]
            self.collector.add_changed(post, was_public=was_public, previous_words=words)

    async def _prepare(self, row: "PlannedRow", values: "PlannedValues") -> Callable[[Post], bool]:
        """Return a function that gives the post of a row these values and returns whether the post differs."""
        with naming_line(row.line):
            if values.slug is not None:
                await check_slug_is_free(self._posts, values.slug, unless_of=row.id)
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
        if email not in self._authors:
            if len(self._authors) >= MAX_CACHED:
                self._authors.clear()
            self._authors[email] = await resolve_author(self._session, email)
        return self._authors[email]

    async def _tag_list(self, names: list[str]) -> list[Tag]:
        key = tuple(names)
        if key not in self._tags:
            if len(self._tags) >= MAX_CACHED:
                self._tags.clear()
            self._tags[key] = await TagRepository(self._session).get_or_create(names)
        return self._tags[key]


def _check_date(post: Post) -> None:
    if post.published_at is None and post.status != PostStatus.DRAFT:
        raise InvalidError(f"a {post.status} post needs a date")


def _verify_unchanged(posts: Sequence[Post], rows: "dict[int, PlannedRow]") -> None:
    """Raise ConflictError if a post of the plan is missing, or is no longer as it was when the plan was made."""
    by_id = {post.id: post for post in posts}
    stale = [row for row in rows.values() if _is_stale(by_id.get(row.id), row)]
    if stale:
        names = describe_lines((f"{row.slug} (id {row.id})", row.line) for row in stale)
        raise ConflictError(
            f"Posts were changed or deleted since the plan was made: {names}; nothing was changed",
            hint="Make a new plan.",
        )


def _is_stale(post: Post | None, row: "PlannedRow") -> bool:
    if post is None:
        return True
    return (post.uuid, post.version, post.updated_at) != (row.uuid, row.version, row.updated_at)
