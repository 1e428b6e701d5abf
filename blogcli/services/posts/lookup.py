"""Resolve the references and filters of a selection to posts, tags and users."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import NotFoundError
from ...models import Tag, User
from ...repositories.base import RowLock
from ...repositories.names import NameRepository
from ...repositories.posts.filters import PostFilters, PostOrder
from ...repositories.posts.repository import PostRepository
from ...repositories.tags import TagRepository
from ...repositories.users import UserRepository
from ...schemas.posts.selection import PostSelection
from ...text.suggestions import suggest_email, suggest_name

if TYPE_CHECKING:
    from ...search.query import Query

_log = logging.getLogger(__name__)

# Comparing a name with thousands of other names is slow, so suggestions are made only for the first missing names.
_MAX_SUGGESTIONS = 3


async def resolve_posts(
    session: AsyncSession, references: Sequence[str], *, ignore_missing: bool = False, lock: RowLock | None = None
) -> tuple[list[int], list[str]]:
    """Return the ids of the posts that the references name, and the references that name no post.

    If `lock` is not None, the posts are locked until the transaction ends. Raises NotFoundError if references name no
    post, unless `ignore_missing` is true. The error message contains all of these references.
    """
    ids, missing = await PostRepository(session).resolve(references, lock=lock)
    if missing and not ignore_missing:
        slugs = [reference.removeprefix("slug:") for reference in missing]
        suggestions = _suggest(slugs, await NameRepository(session).list_newest_slugs(), suggest_name)
        raise NotFoundError.of("post", missing, hint=suggestions.rstrip() or None)
    return ids, missing


async def resolve_tags(
    session: AsyncSession, references: Sequence[str], *, ignore_missing: bool = False, lock: RowLock | None = None
) -> tuple[list[Tag], list[str]]:
    """Return the tags that the references name, and the references that name no tag.

    If `lock` is not None, the tags are locked until the transaction ends. Raises NotFoundError if references name no
    tag, unless `ignore_missing` is true. The error message contains all of these references.
    """
    tags, missing = await TagRepository(session).resolve(references, lock=lock)
    if missing and not ignore_missing:
        suggestions = _suggest(missing, await NameRepository(session).list_tag_names(), suggest_name)
        raise NotFoundError.of("tag", missing, hint=f"{suggestions}Run `blogcli tag list` to list all tags.")
    return tags, missing


async def resolve_users(
    session: AsyncSession, references: Sequence[str], *, ignore_missing: bool = False, lock: RowLock | None = None
) -> tuple[list[User], list[str]]:
    """Return the users that the references name, and the references that name no user.

    If `lock` is not None, the users are locked until the transaction ends. Raises NotFoundError if references name no
    user, unless `ignore_missing` is true. The error message contains all of these references.
    """
    users, missing = await UserRepository(session).resolve(references, lock=lock)
    if missing and not ignore_missing:
        suggestions = _suggest(missing, await NameRepository(session).list_emails(), suggest_email)
        raise NotFoundError.of("user", missing, hint=f"{suggestions}Run `blogcli user list` to list all users.")
    return users, missing


def _suggest(missing: list[str], known: list[str], closest_name: Callable[[str, list[str]], str | None]) -> str:
    """Return a question such as "Did you mean 'python'? ", or an empty string if no known name is similar."""
    names = [name for name in missing if not name.removeprefix("id:").isdecimal()][:_MAX_SUGGESTIONS]
    similar = list(dict.fromkeys(match for name in names if (match := closest_name(name, known))))
    return f"Did you mean {' and '.join(repr(name) for name in similar)}? " if similar else ""


async def resolve_filters(
    session: AsyncSession, selection: PostSelection, query: "Query | None" = None, *, must_narrow: bool = False
) -> PostFilters:
    """Return the filters of a selection, combined with the query. Tags and authors are resolved to ids.

    Raises NotFoundError if a tag or an author does not exist. An unknown tag in `not_tags` is only logged as a warning,
    because such a tag excludes no posts. If `must_narrow` is true and the selection has no other filters, an unknown
    tag in `not_tags` raises NotFoundError as well, because the selection would contain all posts.
    """
    tags, _ = await resolve_tags(session, selection.tags)
    excluded_tags, unknown = await resolve_tags(session, selection.not_tags, ignore_missing=True)
    authors, _ = await resolve_users(session, selection.authors)
    filters = PostFilters(
        ids=selection.ids,
        tag_ids=[tag.id for tag in tags],
        all_tags=selection.all_tags,
        not_tag_ids=[tag.id for tag in excluded_tags],
        untagged=selection.untagged,
        author_ids=[user.id for user in authors],
        statuses=selection.statuses or selection.default_statuses,
        since=selection.since,
        until=selection.until,
        due_by=selection.due_by,
        contains=selection.contains,
        fields=selection.fields,
        query=query,
    )
    if unknown and must_narrow and not replace(filters, statuses=selection.statuses).is_narrow:
        await resolve_tags(session, unknown)
    for name in unknown:
        _log.warning("no such tag: %s", name)
    return filters


def order_of(selection: PostSelection) -> PostOrder:
    """Return the order of a selection."""
    return PostOrder(selection.sort, selection.descending)
