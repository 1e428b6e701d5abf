"""Find, count, lock and change tags."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from ..enums import TagSort
from ..errors import TryAgainError
from ..models import Post, Tag, post_tags
from ..models.base import utc_now
from ..text.casefold import tag_key
from .base import CHUNK, Repository, RowLock, limit_offset, locked
from .dialects import contains, has_concurrent_writers, sortable
from .identifiers import chunked, distinct, resolve
from .inserts import insert_or_ignore

# The number of posts of a tag outside the trash is computed in two steps. First, all links of the tag to posts are
# counted. This step reads an index, but no posts. Then the number of links to trashed posts is subtracted.
_LINKS = select(post_tags.c.tag_id, func.count().label("number")).group_by(post_tags.c.tag_id)
_ALL_LINKS = _LINKS.subquery("all_links")
_TRASHED_POSTS = select(Post.id).where(Post.trashed_at.is_not(None))
_TRASHED_LINKS = _LINKS.where(post_tags.c.post_id.in_(_TRASHED_POSTS)).subquery("trashed_links")
_POSTS = func.coalesce(_ALL_LINKS.c.number, 0) - func.coalesce(_TRASHED_LINKS.c.number, 0)
# A tag with at least this number of posts is common. To find the newest posts of a common tag, it is faster to check
# posts one by one, beginning with the newest post, than to list all posts of the tag.
_COMMON_TAG_POSTS = 2_000
_CREATE_ATTEMPTS = 5


class TagRepository(Repository[Tag]):
    """Finds and changes tags. Users refer to a tag by its name, in any case and width, or by an id such as `id:4`."""

    model = Tag
    noun = "tag"

    async def resolve(self, references: Sequence[str], *, lock: RowLock | None = None) -> tuple[list[Tag], list[str]]:
        """Return the distinct tags to which the references refer, and the references that match no tag.

        If `lock` is given, the tags are locked until the transaction ends.
        """

        async def load(condition: ColumnElement[bool]) -> list[tuple[int, str, Tag]]:
            tags = locked(select(Tag).where(condition).order_by(Tag.id), lock)
            return [(tag.id, tag.key, tag) for tag in await self.session.scalars(tags)]

        return await resolve(
            references,
            load,
            columns=(Tag.id, Tag.key),
            key_of=lambda reference: tag_key(" ".join(reference.split())),
            bare_digits=False,
        )

    async def get_by_keys(self, keys: Sequence[str], *, lock: RowLock | None = None) -> dict[str, Tag]:
        """Return the tags with the given keys, by key.

        If `lock` is given, the tags are locked until the transaction ends.
        """
        tags: dict[str, Tag] = {}
        for chunk in chunked(keys, CHUNK):
            statement = locked(select(Tag).where(Tag.key.in_(chunk)).order_by(Tag.id), lock)
            tags |= {tag.key: tag for tag in await self.session.scalars(statement)}
        return tags

    async def get_or_create(self, names: Sequence[str]) -> list[Tag]:
        """Return the tags with the given names. Tags that do not exist are created.

        Other transactions cannot delete or rename these tags until the current transaction ends. Raises TryAgainError
        if other commands repeatedly delete the tags before they can be locked.
        """
        keyed = {tag_key(name): name for name in reversed(names)}
        if not keyed:
            return []
        known = await self.get_by_keys(list(keyed), lock=RowLock.SHARED)
        for _ in range(_CREATE_ATTEMPTS):
            # The rows are in the order of `names`, so that the ids of new tags are in this order too.
            new = [{"key": key, "name": keyed[key]} for key in reversed(keyed) if key not in known]
            if not new:
                return [known[key] for key in distinct(tag_key(name) for name in names)]
            await insert_or_ignore(self.session, Tag, new)
            # A tag is still missing if the insert skipped it, because another command had already created it, and a
            # third command has deleted it since then.
            known |= await self.get_by_keys([row["key"] for row in new], lock=RowLock.SHARED)
        raise TryAgainError(
            "Other commands keep deleting the same tags; nothing was changed", hint="Run the command again."
        )

    async def list_with_posts(
        self,
        *,
        is_unused: bool = False,
        needle: str | None = None,
        sort: TagSort = TagSort.NAME,
        descending: bool = False,
        offset: int = 0,
        limit: int = 0,
    ) -> list[tuple[Tag, int]]:
        """Return the tags that match the filters, each with the number of its posts outside the trash.

        If `is_unused` is true, only tags that no post has are returned. Tags of trashed posts are in use. If `needle`
        is given, the name of a tag must contain this text.
        """
        statement = (
            self._matching(is_unused=is_unused, needle=needle)
            .add_columns(_POSTS)
            .outerjoin(_ALL_LINKS, _ALL_LINKS.c.tag_id == Tag.id)
            .outerjoin(_TRASHED_LINKS, _TRASHED_LINKS.c.tag_id == Tag.id)
        )
        statement = statement.order_by(*_order(sort, descending=descending))
        rows = await self.session.execute(limit_offset(statement, offset=offset, limit=limit))
        return [(row[0], row[1]) for row in rows]

    async def count_matching(self, *, is_unused: bool = False, needle: str | None = None) -> int:
        """Count the tags that `list_with_posts` returns for the same filters without an offset and a limit."""
        return await self.count(self._matching(is_unused=is_unused, needle=needle))

    async def count_posts(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return the ids of the given tags that have posts outside the trash, each with the number of such posts."""
        counts: list[tuple[int, int]] = []
        for chunk in chunked(ids, CHUNK):
            untrashed = _LINKS.where(post_tags.c.post_id.not_in(_TRASHED_POSTS))
            rows = await self.session.execute(untrashed.where(post_tags.c.tag_id.in_(chunk)))
            counts += [(row[0], row[1]) for row in rows]
        return counts

    async def list_common_ids(self, ids: Sequence[int]) -> list[int]:
        """Return the ids in `ids` whose tags have at least `_COMMON_TAG_POSTS` posts."""
        some = select(literal(1)).where(post_tags.c.tag_id == Tag.id).limit(_COMMON_TAG_POSTS).correlate(Tag).subquery()
        count = select(func.count()).select_from(some).scalar_subquery()
        return list(await self.session.scalars(select(Tag.id).where(Tag.id.in_(ids), count == _COMMON_TAG_POSTS)))

    async def list_unused(self, *, among: Sequence[int] | None = None) -> list[Tag]:
        """Return the tags that no post has, ordered by name. Tags of trashed posts are in use.

        If `among` is given, only tags with ids in `among` are returned.
        """
        statement = self._matching(is_unused=True, needle=None)
        if among is not None:
            statement = statement.where(Tag.id.in_(among))
        return list(await self.session.scalars(statement.order_by(*_order(TagSort.NAME, descending=False))))

    async def lock_unused(self) -> list[Tag]:
        """Lock the unused tags, so that no other command can assign them to a post. Return the tags ordered by name."""
        tags = await self.list_unused()
        if not has_concurrent_writers(self.session):
            return tags
        unused_ids: set[int] = set()
        for chunk in chunked(sorted(tag.id for tag in tags), CHUNK):
            await self.session.execute(
                locked(select(Tag.id).where(Tag.id.in_(chunk)).order_by(Tag.id), RowLock.EXCLUSIVE)
            )
            # While this command waited for the lock of a tag, another command may have assigned the tag to a post.
            unused_ids |= {tag.id for tag in await self.list_unused(among=chunk)}
        return [tag for tag in tags if tag.id in unused_ids]

    async def lock_posts(self, tag_ids: Sequence[int]) -> None:
        """Lock the posts of the given tags, including trashed posts, until the transaction ends."""
        if has_concurrent_writers(self.session):
            for chunk in chunked(await self._post_ids(tag_ids), CHUNK):
                posts = select(Post.id).where(Post.id.in_(chunk)).order_by(Post.id)
                await self.session.execute(locked(posts, RowLock.EXCLUSIVE))

    async def move_posts(self, from_ids: Sequence[int], into_id: int) -> None:
        """Add the tag `into_id` to all posts of the tags `from_ids`, except to posts that already have this tag."""
        for chunk in chunked(await self._post_ids(from_ids), CHUNK):
            already_tagged = select(post_tags.c.post_id).where(
                post_tags.c.post_id.in_(chunk), post_tags.c.tag_id == into_id
            )
            posts = select(Post.id, literal(into_id)).where(Post.id.in_(chunk), Post.id.not_in(already_tagged))
            await self.session.execute(insert(post_tags).from_select(["post_id", "tag_id"], posts))

    async def touch_posts(self, tag_ids: Sequence[int]) -> None:
        """Set `updated_at` of all posts of the given tags to the current time, and increment their versions."""
        changes = {"updated_at": utc_now(), "version": Post.version + 1}
        for chunk in chunked(await self._post_ids(tag_ids), CHUNK):
            await self.session.execute(update(Post).where(Post.id.in_(chunk)).values(changes))

    async def delete_many(self, ids: Sequence[int]) -> None:
        """Delete the tags with the given ids. Their posts are not deleted."""
        for chunk in chunked(ids, CHUNK):
            # A cascade would delete the links of all posts in one statement.
            for post_ids in chunked(await self._post_ids(chunk), CHUNK):
                links = delete(post_tags).where(post_tags.c.post_id.in_(post_ids), post_tags.c.tag_id.in_(chunk))
                await self.session.execute(links)
            await self.session.execute(delete(Tag).where(Tag.id.in_(chunk)))

    async def _post_ids(self, tag_ids: Sequence[int]) -> list[int]:
        """Return the ids of the posts of the given tags in ascending order.

        The posts are changed in chunks, because SQLite keeps the previous rows of a statement with triggers in memory.
        """
        tagged = select(post_tags.c.post_id).where(post_tags.c.tag_id.in_(tag_ids)).distinct()
        return sorted(await self.session.scalars(tagged))

    @staticmethod
    def _matching(*, is_unused: bool, needle: str | None) -> Select[Any]:
        statement = select(Tag)
        if is_unused:
            statement = statement.where(~exists().where(post_tags.c.tag_id == Tag.id).correlate(Tag))
        if needle:
            statement = statement.where(contains(Tag.key, tag_key(needle)))
        return statement


def _order(sort: TagSort, *, descending: bool) -> list[SQLColumnExpression[Any]]:
    # Tags are sorted by key instead of name. A key is case-folded, so case has no effect on the order, and the order is
    # the same on both databases.
    by: dict[TagSort, list[SQLColumnExpression[Any]]] = {TagSort.NAME: [sortable(Tag.key)], TagSort.POSTS: [_POSTS]}
    keys = by.get(sort, [])
    return [key.desc() if descending else key.asc() for key in (*keys, Tag.id)]
