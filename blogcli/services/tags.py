"""Tags: made, listed, renamed, merged, removed."""

import shlex
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..enums import TagSort
from ..errors import ConflictError, UsageError
from ..models import Tag
from ..repositories.base import RowLock
from ..repositories.tags import TagRepository
from ..schemas.base import Changes, Page
from ..schemas.tags import TagCreate, TagSummary
from ..text.casefold import tag_key
from .posts.lookup import known_tags, tags_named


async def create_tags(
    sessions: SessionFactory, new: Sequence[TagCreate], *, dry_run: bool = False
) -> Changes[TagSummary]:
    """Add tags; ConflictError when one of them exists, whatever its case or width."""
    names = [tag.name for tag in new]
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        existing = await tags.by_keys([tag_key(name) for name in names])
        if existing:
            taken = ", ".join(f"{tag.name} (id:{tag.id})" for tag in existing.values())
            raise ConflictError(f"There is a tag of that name: {taken}")
        return Changes(changed=[_summary(tag, 0) for tag in await tags.ensure(names)])


async def list_tags(
    sessions: SessionFactory,
    *,
    is_unused: bool = False,
    needle: str | None = None,
    sort: TagSort = TagSort.NAME,
    descending: bool = False,
    offset: int = 0,
    limit: int = 0,
) -> Page[TagSummary]:
    """Return tags with the number of their posts outside the trash; `is_unused` as `prune_tags` means it."""
    async with sessions() as session:
        tags = TagRepository(session)
        found = await tags.list_with_posts(
            is_unused=is_unused, needle=needle, sort=sort, descending=descending, offset=offset, limit=limit
        )
        total = await tags.count_matching(is_unused=is_unused, needle=needle)
        return Page(items=[_summary(tag, posts) for tag, posts in found], total=total)


async def show_tags(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[TagSummary]:
    """The tags that are named; NotFoundError naming every one that does not exist."""
    async with sessions() as session:
        found, _ = await tags_named(session, references, ignore_missing=ignore_missing)
        return await _summaries(session, found)


async def missing_tags(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """The references that name no tag."""
    async with sessions() as session:
        return (await TagRepository(session).resolve(references))[1]


async def rename_tag(
    sessions: SessionFactory, old: str, new: TagCreate, *, dry_run: bool = False
) -> Changes[TagSummary]:
    """Give a tag another name; NotFoundError when there is none, ConflictError when the new name is another's."""
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        (tag,) = await known_tags(session, [old], lock=RowLock.EXCLUSIVE)
        holders = await tags.by_keys([tag_key(new.name)])
        if any(holder.id != tag.id for holder in holders.values()):
            raise ConflictError(
                f"There is another tag {new.name!r}",
                hint=f"`blogcli tag merge {shlex.join([old, new.name])}` merges them.",
            )
        differs = tag.name != new.name
        tag.rename(new.name)
        await session.flush()
        changed = await _summaries(session, [tag])
        return Changes(changed=changed if differs else [], unchanged=int(not differs))


async def mergeable_tags(
    sessions: SessionFactory, sources: Sequence[str], into: str
) -> tuple[list[TagSummary], TagSummary]:
    """Return the tags that `merge_tags` would remove, and the one that stays; raises what it raises."""
    async with sessions() as session:
        merged, target = await _merged(session, sources, into)
        *summaries, staying = await _summaries(session, [*merged, target])
        return summaries, staying


async def merge_tags(
    sessions: SessionFactory, sources: Sequence[str], into: str, *, dry_run: bool = False
) -> Changes[TagSummary]:
    """Put the posts of some tags under another, and remove those; NotFoundError, UsageError for one into itself."""
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        # All in one statement, so that they are locked in the order of their ids.
        await tags_named(session, [into, *sources], ignore_missing=True, lock=RowLock.EXCLUSIVE)
        merged, target = await _merged(session, sources, into)
        ids = [tag.id for tag in merged]
        await tags.lock_posts(ids)
        await tags.touch_posts(ids)
        await tags.move_posts(ids, target.id)
        await tags.delete_many(ids)
        return Changes(changed=await _summaries(session, [target]))


async def delete_tags(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False, dry_run: bool = False
) -> Changes[TagSummary]:
    """Remove tags; their posts stay. NotFoundError naming every tag that does not exist."""
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        found, missing = await tags_named(session, references, ignore_missing=ignore_missing, lock=RowLock.EXCLUSIVE)
        ids = [tag.id for tag in found]
        await tags.lock_posts(ids)
        gone = await _summaries(session, found)
        await tags.touch_posts(ids)
        await tags.delete_many(ids)
        return Changes(changed=gone, missing=missing)


async def prune_tags(sessions: SessionFactory, *, dry_run: bool = False) -> Changes[TagSummary]:
    """Remove the tags that no post has; a post in the trash still has its tags."""
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        unused = await tags.lock_unused()
        await tags.delete_many([tag.id for tag in unused])
        return Changes(changed=[_summary(tag, 0) for tag in unused])


async def _merged(session: AsyncSession, sources: Sequence[str], into: str) -> tuple[list[Tag], Tag]:
    (target,) = await known_tags(session, [into])
    merged = await known_tags(session, sources)
    if target in merged:
        raise UsageError(f"Tag {target.name!r} cannot be merged into itself")
    return merged, target


async def _summaries(session: AsyncSession, tags: Sequence[Tag]) -> list[TagSummary]:
    posts = dict(await TagRepository(session).post_counts([tag.id for tag in tags]))
    return [_summary(tag, posts.get(tag.id, 0)) for tag in tags]


def _summary(tag: Tag, posts: int) -> TagSummary:
    return TagSummary(id=tag.id, name=tag.name, posts=posts)
