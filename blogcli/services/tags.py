"""Create, list, rename, merge and delete tags."""

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..enums import TagSort
from ..errors import ConflictError, UsageError
from ..models import Tag
from ..repositories.base import RowLock
from ..repositories.tags import TagRepository
from ..schemas.base import Changes, Page
from ..schemas.tags import TagSummary
from ..text.casefold import tag_key
from .posts.lookup import resolve_tags

if TYPE_CHECKING:
    from ..schemas.inputs.tags import TagCreate


async def create_tags(
    sessions: SessionFactory, new: "Sequence[TagCreate]", *, dry_run: bool = False
) -> Changes[TagSummary]:
    """Create tags.

    Raises ConflictError if a tag with one of the names exists. Case and width of characters are ignored.
    """
    names = [tag.name for tag in new]
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        existing = await tags.get_by_keys([tag_key(name) for name in names])
        if existing:
            taken = ", ".join(f"{tag.name} (id:{tag.id})" for tag in existing.values())
            raise ConflictError(f"A tag with this name exists: {taken}")
        return Changes(changed=[_summarize(tag, 0) for tag in await tags.get_or_create(names)])


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
    """Return a page of tags. The number of posts of each tag does not include posts in the trash.

    If `needle` is given, only tags whose names contain this text are returned. If `is_unused` is true, only tags
    without posts are returned. For this purpose, posts in the trash count as posts.
    """
    async with sessions() as session:
        tags = TagRepository(session)
        rows = await tags.list_with_posts(
            is_unused=is_unused, needle=needle, sort=sort, descending=descending, offset=offset, limit=limit
        )
        total = await tags.count_matching(is_unused=is_unused, needle=needle)
        return Page(items=[_summarize(tag, posts) for tag, posts in rows], total=total)


async def show_tags(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False
) -> list[TagSummary]:
    """Return the tags that the references name.

    Raises NotFoundError if a reference names no tag, unless `ignore_missing` is true.
    """
    async with sessions() as session:
        tags, _ = await resolve_tags(session, references, ignore_missing=ignore_missing)
        return await _summarize_all(session, tags)


async def find_missing_tags(sessions: SessionFactory, references: Sequence[str]) -> list[str]:
    """Return the references that name no tag."""
    async with sessions() as session:
        _, missing = await TagRepository(session).resolve(references)
        return missing


async def rename_tag(
    sessions: SessionFactory, old: str, new: "TagCreate", *, dry_run: bool = False
) -> Changes[TagSummary]:
    """Give a tag a new name.

    Raises NotFoundError if the tag does not exist, and ConflictError if another tag has the new name.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        (tag,), _ = await resolve_tags(session, [old], lock=RowLock.EXCLUSIVE)
        namesakes = await tags.get_by_keys([tag_key(new.name)])
        if any(namesake.id != tag.id for namesake in namesakes.values()):
            raise ConflictError(
                f"Another tag has the name {new.name!r}",
                hint=f"Run `blogcli tag merge {shlex.join([old, new.name])}` to merge them.",
            )
        differs = tag.name != new.name
        tag.rename(new.name)
        await session.flush()
        changed = await _summarize_all(session, [tag])
        return Changes(changed=changed if differs else [], unchanged=int(not differs))


async def plan_merge(
    sessions: SessionFactory, sources: Sequence[str], into: str
) -> tuple[list[TagSummary], TagSummary]:
    """Return the tags that `merge_tags` would delete, and the tag that would replace the deleted tags.

    Raises the same errors as `merge_tags`.
    """
    async with sessions() as session:
        merged, target = await _find_merge_tags(session, sources, into)
        *summaries, target_summary = await _summarize_all(session, [*merged, target])
        return summaries, target_summary


async def merge_tags(
    sessions: SessionFactory, sources: Sequence[str], into: str, *, dry_run: bool = False
) -> Changes[TagSummary]:
    """Replace the tags `sources` of all posts by the tag `into`, and delete the tags `sources`.

    Raises NotFoundError if a tag does not exist, and UsageError if a tag would be merged into itself.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        # One statement locks all tags in the order of their ids, so that two commands never wait for each other.
        await resolve_tags(session, [into, *sources], ignore_missing=True, lock=RowLock.EXCLUSIVE)
        merged, target = await _find_merge_tags(session, sources, into)
        ids = [tag.id for tag in merged]
        await tags.lock_posts(ids)
        await tags.touch_posts(ids)
        await tags.move_posts(ids, target.id)
        await tags.delete_many(ids)
        return Changes(changed=await _summarize_all(session, [target]))


async def delete_tags(
    sessions: SessionFactory, references: Sequence[str], *, ignore_missing: bool = False, dry_run: bool = False
) -> Changes[TagSummary]:
    """Delete tags. The posts that have these tags are kept.

    Raises NotFoundError if a reference names no tag, unless `ignore_missing` is true.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        repository = TagRepository(session)
        tags, missing = await resolve_tags(session, references, ignore_missing=ignore_missing, lock=RowLock.EXCLUSIVE)
        ids = [tag.id for tag in tags]
        await repository.lock_posts(ids)
        deleted = await _summarize_all(session, tags)
        await repository.touch_posts(ids)
        await repository.delete_many(ids)
        return Changes(changed=deleted, missing=missing)


async def prune_tags(sessions: SessionFactory, *, dry_run: bool = False) -> Changes[TagSummary]:
    """Delete the tags that no post has. The tags of posts in the trash are not deleted."""
    async with sessions.begin(dry_run=dry_run) as session:
        tags = TagRepository(session)
        unused = await tags.lock_unused()
        await tags.delete_many([tag.id for tag in unused])
        return Changes(changed=[_summarize(tag, 0) for tag in unused])


async def _find_merge_tags(session: AsyncSession, sources: Sequence[str], into: str) -> tuple[list[Tag], Tag]:
    (target,), _ = await resolve_tags(session, [into])
    merged, _ = await resolve_tags(session, sources)
    if target in merged:
        raise UsageError(f"Tag {target.name!r} cannot be merged into itself")
    return merged, target


async def _summarize_all(session: AsyncSession, tags: Sequence[Tag]) -> list[TagSummary]:
    posts = dict(await TagRepository(session).count_posts([tag.id for tag in tags]))
    return [_summarize(tag, posts.get(tag.id, 0)) for tag in tags]


def _summarize(tag: Tag, posts: int) -> TagSummary:
    return TagSummary(id=tag.id, name=tag.name, posts=posts)
