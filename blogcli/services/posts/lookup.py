"""Resolve references and filters to ids, tags and users."""

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
from ...schemas.posts import PostSelection
from ...text.suggestions import suggest_email, suggest_name

if TYPE_CHECKING:
    from ...search.query import Query


_log = logging.getLogger(__name__)


# Comparing a name with thousands takes a moment; of more that are missing, the others get no suggestion.
_MOST_SUGGESTED = 3


async def tags_named(
    session: AsyncSession, names: Sequence[str], *, ignore_missing: bool = False, lock: RowLock | None = None
) -> tuple[list[Tag], list[str]]:
    """Return the tags with these names, and the names without a tag if they are to be ignored.

    With `lock`, the tags are held until the transaction ends. Raises NotFoundError for missing tags otherwise.
    """
    tags, missing = await TagRepository(session).resolve(names, lock=lock)
    if missing and not ignore_missing:
        hint = _suggestion(missing, await NameRepository(session).list_tag_names(), suggest_name)
        raise NotFoundError.of("tag", missing, hint=f"{hint}`blogcli tag list` shows the tags there are.")
    return tags, missing


async def users_named(
    session: AsyncSession, references: Sequence[str], *, ignore_missing: bool = False, lock: RowLock | None = None
) -> tuple[list[User], list[str]]:
    """Return the users that are named, and the references without a user if they are to be ignored.

    With `lock`, the users are held until the transaction ends. Raises NotFoundError for missing users otherwise.
    """
    users, missing = await UserRepository(session).resolve(references, lock=lock)
    if missing and not ignore_missing:
        hint = _suggestion(missing, await NameRepository(session).list_emails(), suggest_email)
        raise NotFoundError.of("user", missing, hint=f"{hint}`blogcli user list` shows the users there are.")
    return users, missing


async def known_tags(session: AsyncSession, names: Sequence[str], *, lock: RowLock | None = None) -> list[Tag]:
    """Return the tags with these names, held if `lock` says so; raise NotFoundError naming each that is missing."""
    return (await tags_named(session, names, lock=lock))[0]


async def known_users(session: AsyncSession, references: Sequence[str], *, lock: RowLock | None = None) -> list[User]:
    """Return the users that are named, held if `lock` says so; raise NotFoundError naming each that is missing."""
    return (await users_named(session, references, lock=lock))[0]


async def filters_of(
    session: AsyncSession, selection: PostSelection, query: "Query | None" = None, *, must_narrow: bool = False
) -> PostFilters:
    """Return the filters that a selection, and a query, mean; NotFoundError for an unknown tag or author.

    An unknown tag that posts must not have excludes none: a warning names it, or NotFoundError if the filters
    `must_narrow` the selection to less than all posts and no other does.
    """
    excluded, unknown = await tags_named(session, selection.not_tags, ignore_missing=True)
    filters = PostFilters(
        ids=selection.ids,
        tag_ids=[tag.id for tag in await known_tags(session, selection.tags)],
        all_tags=selection.all_tags,
        not_tag_ids=[tag.id for tag in excluded],
        untagged=selection.untagged,
        author_ids=[user.id for user in await known_users(session, selection.authors)],
        statuses=selection.statuses or selection.default_statuses,
        since=selection.since,
        until=selection.until,
        contains=selection.contains,
        fields=selection.fields,
        query=query,
    )
    if unknown and must_narrow and not replace(filters, statuses=selection.statuses).is_narrow:
        await known_tags(session, unknown)
    for name in unknown:
        _log.warning("no such tag: %s", name)
    return filters


def _suggestion(missing: list[str], known: list[str], closest_of: Callable[[str, list[str]], str | None]) -> str:
    """Return "Did you mean ...? " for the first of the missing names that are not ids, or nothing."""
    names = [name for name in missing if not name.removeprefix("id:").isdecimal()][:_MOST_SUGGESTED]
    similar = list(dict.fromkeys(found for name in names if (found := closest_of(name, known))))
    return f"Did you mean {' and '.join(repr(name) for name in similar)}? " if similar else ""


def order_of(selection: PostSelection) -> PostOrder:
    """The order that a selection asks for."""
    return PostOrder(selection.sort, selection.descending)


async def referenced_ids(
    session: AsyncSession, references: list[str], *, ignore_missing: bool = False, lock: RowLock | None = None
) -> tuple[list[int], list[str]]:
    """Return the ids of the posts that are named, and the references without a post if they are to be ignored.

    With `lock`, the posts are held until the transaction ends. Raises NotFoundError for missing posts otherwise.
    """
    ids, missing = await PostRepository(session).resolve(references, lock=lock)
    if missing and not ignore_missing:
        slugs = [reference.removeprefix("slug:") for reference in missing]
        hint = _suggestion(slugs, await NameRepository(session).list_newest_slugs(), suggest_name)
        raise NotFoundError.of("post", missing, hint=hint.rstrip() or None)
    return ids, missing
