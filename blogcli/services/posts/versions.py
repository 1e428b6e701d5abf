"""Find the versions of a post, and show and compare them."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...enums import PostStatus
from ...errors import NotFoundError
from ...repositories.dialects import use_snapshot_isolation
from ...repositories.journal.former_names import FormerNameRepository
from ...repositories.journal.versions import NOW, PostState, RecordedVersion, VersionRepository
from ...schemas.posts.records import PostDetail
from ...schemas.posts.versions import PostComparison
from ...text.casefold import tag_key
from ...text.json_text import parse_json
from ..journal.references import resolve_row

# The name of the present version in messages.
_PRESENT = "now"


async def show_versions(
    sessions: SessionFactory, references: Sequence[str], at: int | datetime, *, ignore_missing: bool = False
) -> list[PostDetail]:
    """Return posts as they were after an operation or at a time.

    Raises NotFoundError if the operation does not exist, if the version of a post is not recorded or, unless
    `ignore_missing` is true, if a post does not exist or did not exist.
    """
    async with sessions() as session:
        await use_snapshot_isolation(session)
        posts = []
        position = at if isinstance(at, datetime) else await find_position(session, 0, at)
        for reference in references:
            try:
                posts.append(await _show_version(session, reference, position))
            except NotFoundError:
                if not ignore_missing:
                    raise
        return posts


async def _show_version(session: AsyncSession, reference: str, position: int | datetime) -> PostDetail:
    post_id = await resolve_row(session, "post", reference)
    post = await load_version(session, post_id, position)
    if post is None:
        raise NotFoundError(f"Post {post_id} did not exist at this time")
    return post


async def compare_versions(
    sessions: SessionFactory, reference: str, *, old: int | None = None, new: int | None = None
) -> PostComparison:
    """Return two versions of a post, which may have been purged.

    `old` and `new` are ids of operations, or negative numbers of changes to go back. By default, `new` is the present
    version. `old` is by default the version before `new` or, if `new` is not given either, before the last change.
    Raises NotFoundError if the post, an operation or a version does not exist.
    """
    async with sessions() as session:
        await use_snapshot_isolation(session)
        post_id = await resolve_row(session, "post", reference)
        old_position, old_name = await _old_version(session, post_id, old, new)
        new_position, new_name = NOW, _PRESENT
        if new is not None:
            new_position = await find_position(session, post_id, new)
            new_name = _name(new)
        return PostComparison(
            post_id=post_id,
            old=await load_version(session, post_id, old_position),
            new=await load_version(session, post_id, new_position),
            old_name=old_name,
            new_name=new_name,
        )


async def _old_version(session: AsyncSession, post_id: int, old: int | None, new: int | None) -> tuple[int, str]:
    if old is not None:
        return await find_position(session, post_id, old), _name(old)
    if new is None:
        version = await get_version(session, post_id, 1)
        return version.first_change_id - 1, f"before operation {version.operation_id}"
    if new < 0:
        return await find_position(session, post_id, new - 1), _name(new - 1)
    last = await find_position(session, post_id, new)
    first = await VersionRepository(session).first_change_id(post_id, new)
    return (last if first is None else first - 1), f"before operation {new}"


def _name(version: int) -> str:
    if version > 0:
        return f"operation {version}"
    return f"{-version} change{'' if version == -1 else 's'} ago"


async def find_position(session: AsyncSession, post_id: int, version: int) -> int:
    """Return the id of the last change before the end of a version.

    `version` is the id of an operation, or a negative number of changes of the post to go back. Raises NotFoundError if
    the journal does not contain the operation or the change.
    """
    if version < 0:
        return (await get_version(session, post_id, -version)).first_change_id - 1
    # A greater number is not an id that a database can store.
    position = await VersionRepository(session).last_change_id(min(version, NOW))
    if position is None:
        raise NotFoundError.of("operation", [str(version)], hint="Run `blogcli log` to list the operations.")
    return position


async def get_version(session: AsyncSession, post_id: int, number: int) -> RecordedVersion:
    """Return a recorded version of a post by its number, counted from 1 for the newest version.

    Raises NotFoundError if the journal does not contain so many versions.
    """
    count = 0
    async for version in VersionRepository(session).versions(post_id):
        count += 1
        if count == number:
            return version
    changes = f"only {count} changes" if count > 1 else ("only 1 change" if count else "no change")
    raise NotFoundError(f"The journal contains {changes} of post {post_id}")


async def load_state(session: AsyncSession, post_id: int, position: int | datetime) -> PostState:
    """Return the state of a post after a change or at a time.

    Raises NotFoundError if the state is not recorded.
    """
    state = await VersionRepository(session).state_at(post_id, position)
    if state is None:
        raise NotFoundError(
            f"The journal does not contain this version of post {post_id}",
            hint=f"Run `blogcli post history id:{post_id}` to list the versions.",
        )
    return state


async def load_version(session: AsyncSession, post_id: int, position: int | datetime) -> PostDetail | None:
    """Return a post as it was after a change or at a time, or None if it did not exist.

    The author and the tags have the names that they had then. Raises NotFoundError if the version is not recorded.
    """
    state = await load_state(session, post_id, position)
    if state.values is None or state.content is None:
        return None
    names = FormerNameRepository(session)
    tags = await names.tag_names(state.tag_ids, position)
    values: dict[str, Any] = {
        **state.values,
        "id": post_id,
        "author": await names.email(state.values["author_id"], position),
        "tags": sorted(tags.values(), key=tag_key),
        "status": PostStatus.TRASHED if state.values["trashed_at"] else PostStatus(state.values["status"]),
        "extra": parse_json(state.values["extra"]),
        "content": await VersionRepository(session).load_content(post_id, state.content),
    }
    record: dict[str, Any] = {field.name: values.get(field.name) for field in fields(PostDetail)}
    return PostDetail(**record)
