"""Tags in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, delete, exists, func, insert, literal, or_, select, update

from ..enums import TagSort
from ..errors import TryAgainError
from ..models import Post, Tag, post_tags
from ..models.base import utc_now
from ..text.casefold import tag_key
from .base import CHUNK, Repository, RowLock, locked
from .dialects import contains, has_concurrent_writers, insert_unless_there, sortable
from .identifiers import chunked, distinct, id_of

_POSTS = func.count(Post.id)
# Of as many posts a list can quickly be made; of more it takes longer than to look at the newest in turn.
_COMMON = 2_000
_CREATE_ATTEMPTS = 5


class TagRepository(Repository[Tag]):
    """Tags, found by name whatever its case or width, or by `id:4`."""

    model = Tag
    noun = "tag"

    async def resolve(self, references: Sequence[str], *, lock: RowLock | None = None) -> tuple[list[Tag], list[str]]:
        """Return the tags that the references name, each once, and the references without one.

        With `lock`, the tags are held until the transaction ends.
        """
        found: dict[str, Tag] = {}
        for chunk in chunked(distinct(references), CHUNK):
            ids = {name: id_ for name in chunk if (id_ := id_of(name, bare_digits=False)) is not None}
            keys = {name: tag_key(" ".join(name.split())) for name in chunk if name not in ids}
            named = or_(Tag.id.in_(set(ids.values())), Tag.key.in_(set(keys.values())))
            tags = await self.session.scalars(locked(select(Tag).where(named).order_by(Tag.id), lock))
            by_name: dict[int | str, Tag] = {}
            for tag in tags:
                by_name |= {tag.id: tag, tag.key: tag}
            found |= {name: by_name[key] for name, key in (ids | keys).items() if key in by_name}
        missing = [reference for reference in distinct(references) if reference not in found]
        return distinct(found[reference] for reference in references if reference in found), missing

    async def by_keys(self, keys: Sequence[str], *, lock: RowLock | None = None) -> dict[str, Tag]:
        """Return the tags that have one of these keys, by key; with `lock`, held until the transaction ends."""
        found: dict[str, Tag] = {}
        for chunk in chunked(keys, CHUNK):
            tags = locked(select(Tag).where(Tag.key.in_(chunk)).order_by(Tag.id), lock)
            found |= {tag.key: tag for tag in await self.session.scalars(tags)}
        return found

    async def ensure(self, names: Sequence[str]) -> list[Tag]:
        """Return the tags of these names, created where they do not exist; nobody deletes or renames them meanwhile.

        Raises TryAgainError if other commands keep deleting them.
        """
        keyed = {tag_key(name): name for name in reversed(names)}
        if not keyed:
            return []
        known = await self.by_keys(list(keyed), lock=RowLock.SHARED)
        for _ in range(_CREATE_ATTEMPTS):
            # In the order given, so that their ids follow it.
            new = [{"key": key, "name": keyed[key]} for key in reversed(keyed) if key not in known]
            if not new:
                return [known[key] for key in distinct(tag_key(name) for name in names)]
            await insert_unless_there(self.session, Tag, new)
            # A tag that another command has created at the same moment may be deleted again by a third.
            known |= await self.by_keys([row["key"] for row in new], lock=RowLock.SHARED)
        raise TryAgainError("Other commands keep deleting the same tags; nothing was changed", hint="Run it again.")

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
        """Tags with how many posts outside the trash each is on; `needle` is looked for in the name."""
        statement = (
            self._matching(is_unused=is_unused, needle=needle)
            .add_columns(_POSTS)
            .outerjoin(post_tags, post_tags.c.tag_id == Tag.id)
            .outerjoin(Post, (Post.id == post_tags.c.post_id) & Post.trashed_at.is_(None))
            .group_by(Tag.id)
        )
        statement = statement.order_by(*_order(sort, descending=descending))
        if limit:
            statement = statement.limit(limit)
        rows = await self.session.execute(statement.offset(offset) if offset else statement)
        return [(row[0], row[1]) for row in rows]

    async def count_matching(self, *, is_unused: bool = False, needle: str | None = None) -> int:
        """How many tags the same filters choose."""
        return await self.count(self._matching(is_unused=is_unused, needle=needle))

    async def post_counts(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """How many posts outside the trash each of these tags is on; a tag on none is left out."""
        counts: list[tuple[int, int]] = []
        for chunk in chunked(ids, CHUNK):
            joined = select(post_tags.c.tag_id, func.count()).join(Post).where(Post.trashed_at.is_(None))
            rows = await self.session.execute(joined.where(post_tags.c.tag_id.in_(chunk)).group_by(post_tags.c.tag_id))
            counts += [(row[0], row[1]) for row in rows]
        return counts

    async def common_ids(self, ids: Sequence[int]) -> list[int]:
        """Those of these tags that so many posts have that the newest of them are soon met."""
        some = select(literal(1)).where(post_tags.c.tag_id == Tag.id).limit(_COMMON).correlate(Tag).subquery()
        count = select(func.count()).select_from(some).scalar_subquery()
        return list(await self.session.scalars(select(Tag.id).where(Tag.id.in_(ids), count == _COMMON)))

    async def unused(self, *, among: Sequence[int] | None = None) -> list[Tag]:
        """Return the tags without posts by name, or those with these ids; a post in the trash still has its tags."""
        statement = self._matching(is_unused=True, needle=None)
        if among is not None:
            statement = statement.where(Tag.id.in_(among))
        return list(await self.session.scalars(statement.order_by(*_order(TagSort.NAME, descending=False))))

    async def lock_unused(self) -> list[Tag]:
        """Return the tags without posts by name, held so that no other command gives them to a post."""
        tags = await self.unused()
        if not has_concurrent_writers(self.session):
            return tags
        kept: set[int] = set()
        for chunk in chunked(sorted(tag.id for tag in tags), CHUNK):
            await self.session.execute(
                locked(select(Tag.id).where(Tag.id.in_(chunk)).order_by(Tag.id), RowLock.EXCLUSIVE)
            )
            # A command that held a tag while this one waited may have given it to a post.
            kept |= {tag.id for tag in await self.unused(among=chunk)}
        return [tag for tag in tags if tag.id in kept]

    async def lock_posts(self, tag_ids: Sequence[int]) -> None:
        """Hold the posts of these tags, including those in the trash, until the transaction ends."""
        if has_concurrent_writers(self.session):
            tagged = select(post_tags.c.post_id).where(post_tags.c.tag_id.in_(tag_ids)).distinct()
            for chunk in chunked(sorted(await self.session.scalars(tagged)), CHUNK):
                posts = select(Post.id).where(Post.id.in_(chunk)).order_by(Post.id)
                await self.session.execute(locked(posts, RowLock.EXCLUSIVE))

    async def move_posts(self, from_ids: Sequence[int], into_id: int) -> None:
        """Put the posts of some tags under another one; a post that has both keeps one link."""
        tagged = select(post_tags.c.post_id).where(post_tags.c.tag_id.in_(from_ids))
        there = select(post_tags.c.post_id).where(post_tags.c.tag_id == into_id)
        posts = select(Post.id, literal(into_id)).where(Post.id.in_(tagged), Post.id.not_in(there))
        await self.session.execute(insert(post_tags).from_select(["post_id", "tag_id"], posts))

    async def touch_posts(self, tag_ids: Sequence[int]) -> None:
        """Mark the posts of these tags as changed."""
        tagged = select(post_tags.c.post_id).where(post_tags.c.tag_id.in_(tag_ids))
        changes = {"updated_at": utc_now(), "version": Post.version + 1}
        await self.session.execute(update(Post).where(Post.id.in_(tagged)).values(changes))

    async def delete_many(self, ids: Sequence[int]) -> None:
        """Remove the tags; the posts stay."""
        for chunk in chunked(ids, CHUNK):
            await self.session.execute(delete(Tag).where(Tag.id.in_(chunk)))

    @staticmethod
    def _matching(*, is_unused: bool, needle: str | None) -> Select[Any]:
        statement = select(Tag)
        if is_unused:
            statement = statement.where(~exists().where(post_tags.c.tag_id == Tag.id).correlate(Tag))
        if needle:
            statement = statement.where(contains(Tag.key, tag_key(needle)))
        return statement


def _order(sort: TagSort, *, descending: bool) -> list[SQLColumnExpression[Any]]:
    # The key is the name, folded: an order that people expect, alike on both databases.
    by: dict[TagSort, list[SQLColumnExpression[Any]]] = {TagSort.NAME: [sortable(Tag.key)], TagSort.POSTS: [_POSTS]}
    keys = by.get(sort, [])
    return [key.desc() if descending else key.asc() for key in (*keys, Tag.id)]
