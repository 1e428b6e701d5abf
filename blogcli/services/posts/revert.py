"""Give a post the values of an earlier version."""

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...errors import ConflictError, TryAgainError
from ...models import Post, User
from ...repositories.base import RowLock, assign
from ...repositories.journal.former_names import FormerNameRepository
from ...repositories.journal.versions import PostState, VersionRepository
from ...repositories.posts.repository import PostRepository
from ...repositories.tags import TagRepository
from ...schemas.base import Changes
from ...schemas.posts.changes import BulkOptions
from ...schemas.posts.records import PostSummary
from ...text.json_text import parse_json
from ..journal.references import resolve_row
from .bulk import apply_change, check_not_trashed, check_slug_is_free
from .changes import TagUpdate, assign_author
from .lookup import resolve_tags, resolve_users
from .versions import find_position, get_version, load_state

# The columns that are reverted in addition to the text if all fields are reverted.
_OTHER_COLUMNS = ("slug", "status", "published_at", "expires_at", "first_published_at")


async def revert_post(
    sessions: SessionFactory, reference: str, to: int, *, reverts_all: bool = False, dry_run: bool = False
) -> Changes[PostSummary]:
    """Give a post the title, content, excerpt and extra fields of an earlier version, as an ordinary change.

    `to` is the id of an operation, or a negative number of changes to go back. `reverts_all` includes the slug, the
    status, the dates, the author and the tags. Raises NotFoundError if the version, or with `reverts_all` the author,
    does not exist, ConflictError if the post is in the trash or purged, or if another post has the slug, and
    TryAgainError if another command changes the post at the same time.
    """
    async with sessions.begin(dry_run=dry_run) as session:
        post_id = await resolve_row(session, "post", reference)
        await _check_not_purged(session, post_id)
        position = await find_position(session, post_id, to)
        state = await load_state(session, post_id, position)
        if state.values is None or state.content is None:
            raise ConflictError(f"Post {post_id} did not exist in this version")
        author = await _lock_author(session, state) if reverts_all else None
        tag_update = await _prepare_tags(session, state, position) if reverts_all else None
        await PostRepository(session).lock([post_id])
        if await find_position(session, post_id, to) != position:
            raise TryAgainError(f"Another command has changed post {post_id} in the meantime")
        if reverts_all:
            await check_slug_is_free(PostRepository(session), state.values["slug"], unless_of=post_id)
        names = ("title", "excerpt", *(_OTHER_COLUMNS if reverts_all else ()))
        values = {name: state.values[name] for name in names} | {"extra": parse_json(state.values["extra"])}
        content = await VersionRepository(session).load_content(post_id, state.content)

        def change(post: Post) -> bool:
            check_not_trashed(post)
            differs = [assign(post, values), _write(post, content), assign_author(post, author)]
            return any(differs) | bool(tag_update and tag_update.apply(post))

        return await apply_change(session, [post_id], change, options=BulkOptions(), missing=[], with_content=True)


def _write(post: Post, content: str) -> bool:
    if post.content == content:
        return False
    post.write(content)
    return True


async def _check_not_purged(session: AsyncSession, post_id: int) -> None:
    # The post must not be loaded before it is locked, because the session would keep its values.
    ids, _ = await PostRepository(session).resolve([f"id:{post_id}"])
    if not ids:
        purge = await get_version(session, post_id, 1)
        raise ConflictError(
            f"Operation {purge.operation_id} has purged post {post_id}",
            hint=f"Run `blogcli undo {purge.operation_id} --post id:{post_id}` to restore it.",
        )


async def _lock_author(session: AsyncSession, state: PostState) -> User:
    reference = f"id:{(state.values or {})['author_id']}"
    (author,), _ = await resolve_users(session, [reference], lock=RowLock.SHARED)
    return author


async def _prepare_tags(session: AsyncSession, state: PostState, position: int) -> TagUpdate:
    """Return an update to the tags of a version. Tags that were deleted are created with the names they had then."""
    references = [f"id:{id_}" for id_ in sorted(state.tag_ids)]
    tags, _ = await resolve_tags(session, references, ignore_missing=True, lock=RowLock.SHARED)
    deleted_ids = state.tag_ids - {tag.id for tag in tags}
    names = await FormerNameRepository(session).tag_names(deleted_ids, position)
    created = await TagRepository(session).get_or_create(list(names.values()))
    return TagUpdate(replacement=[*tags, *created], added=[], removed_ids=set())
