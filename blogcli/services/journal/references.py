"""Resolve references to users, posts and tags that may have been deleted."""

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import NotFoundError
from ...repositories.identifiers import parse_id
from ...repositories.journal.references import find_by_last_name, find_by_uuid, has_changes
from ..posts.lookup import resolve_posts, resolve_tags, resolve_users


async def resolve_row(session: AsyncSession, noun: str, reference: str) -> int:
    """Return the id of the post, user or tag that a reference names.

    A deleted row is found by its id or by its last slug, e-mail address or name, and a post also by its UUID. Raises
    NotFoundError if neither the blog nor the journal contains the row.
    """
    try:
        return await _resolve_existing(session, noun, reference)
    except NotFoundError:
        id_ = await _resolve_deleted(session, f"{noun}s", reference)
        if id_ is None:
            raise
        return id_


async def _resolve_existing(session: AsyncSession, noun: str, reference: str) -> int:
    if noun == "post":
        (id_,), _ = await resolve_posts(session, [reference])
        return id_
    if noun == "user":
        (user,), _ = await resolve_users(session, [reference])
        return user.id
    (tag,), _ = await resolve_tags(session, [reference])
    return tag.id


async def _resolve_deleted(session: AsyncSession, table: str, reference: str) -> int | None:
    id_ = parse_id(reference, bare_digits=table != "tags")
    if id_ is not None:
        return id_ if await has_changes(session, table, id_) else None
    if table == "posts" and (id_ := await find_by_uuid(session, reference)) is not None:
        return id_
    return await find_by_last_name(session, table, reference)
