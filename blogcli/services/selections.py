"""A selection as people write it -> filters and ids; and the one loop that changes what it chooses."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncSession

from ..database import SessionFactory
from ..errors import ConflictError, NotFoundError
from ..models import Post, Tag, User
from ..repositories.base import RowLock
from ..repositories.listing import ListingRepository
from ..repositories.names import NameRepository
from ..repositories.posts import PostRepository
from ..repositories.selections import PostFilters, PostOrder
from ..repositories.tags import TagRepository
from ..repositories.users import UserRepository
from ..schemas.base import Changes
from ..schemas.posts import PostSummary
from ..schemas.selection import PostSelection, Terms
from ..suggestions import closest, closest_email
from .summaries import post_summary

if TYPE_CHECKING:
    from ..search.query import Query

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
        hint = _suggestion(missing, await NameRepository(session).tags(), closest)
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
        hint = _suggestion(missing, await NameRepository(session).emails(), closest_email)
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
    if unknown and must_narrow and not replace(filters, statuses=selection.statuses).narrow:
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
        hint = _suggestion(slugs, await NameRepository(session).newest_slugs(), closest)
        raise NotFoundError.of("post", missing, hint=hint.rstrip() or None)
    return ids, missing


async def chosen_ids(session: AsyncSession, selection: PostSelection, terms: Terms) -> tuple[list[int], list[str]]:
    """Return the ids of the posts that a command is to change, and the references that it ignores.

    The posts are held until the transaction ends. Those that another command has changed meanwhile so that the
    filters no longer choose them are left out, as if this command had started a moment later.
    """
    if selection.references is not None:
        return await referenced_ids(
            session, selection.references, ignore_missing=terms.ignore_missing, lock=RowLock.EXCLUSIVE
        )

    filters, posts = await filters_of(session, selection, must_narrow=True), ListingRepository(session)

    async def choose(among: Sequence[int] | None) -> list[int]:
        if among is not None:
            # Where the selection has a limit, other posts may have come before these.
            return await posts.ids(replace(filters, ids=among), order_of(selection))
        return await posts.ids(filters, order_of(selection), offset=selection.offset, limit=selection.limit)

    return await PostRepository(session).lock_chosen(choose), []


async def change_posts(
    sessions: SessionFactory, selection: PostSelection, change: Callable[[Post], bool], terms: Terms
) -> Changes[PostSummary]:
    """Apply `change` to every chosen post, in one transaction.

    Raises NotFoundError for references that name nothing, ConflictError where more posts would change than
    `max_affected` allows; in both cases nothing is changed.
    """
    async with sessions.begin(dry_run=terms.dry_run) as session:
        ids, missing = await chosen_ids(session, selection, terms)
        return await apply_change(session, ids, change, terms=terms, missing=missing)


async def apply_change(
    session: AsyncSession,
    ids: list[int],
    change: Callable[[Post], bool],
    *,
    terms: Terms,
    missing: list[str],
    whole: bool = False,
) -> Changes[PostSummary]:
    """Apply `change` to the posts with these ids, batch by batch; return those that changed as they are afterwards.

    The posts must be held already, as `chosen_ids` does. `whole` loads their content and extra too, for a change that
    compares them.
    """
    changes = Changes[PostSummary](changed=[], missing=missing)
    posts = PostRepository(session)
    async for batch in posts.load_batches(ids, whole=whole):
        before = [(post, post.is_public, post.words) for post in batch]
        altered = [states for states in before if change(states[0])]
        changed = [post for post, _, _ in altered]
        check_affected(len(changes.changed) + len(changed), terms)
        check_confirmed([post.id for post in changed], terms)
        await posts.save(changed)
        changes.changed.extend(post_summary(post) for post in changed)
        changes.published.extend(post.id for post, was_public, _ in altered if post.is_public and not was_public)
        changes.withdrawn.extend(post.id for post, was_public, _ in altered if was_public and not post.is_public)
        changes.emptied.extend(post.id for post, _, words in altered if words and not post.words)
    return changes.model_copy(update={"unchanged": len(ids) - len(changes.changed)})


def check_confirmed(ids: Sequence[int], terms: Terms) -> None:
    """Raise ConflictError for a post that would change although nobody was asked about it."""
    if terms.confirmed is not None and not terms.confirmed.issuperset(ids):
        raise ConflictError(
            "Other posts were selected while you were asked; nothing was changed", hint="Run the command again."
        )


def check_affected(count: int, terms: Terms) -> None:
    """Raise ConflictError when more would change than the terms allow."""
    if terms.max_affected is not None and count > terms.max_affected:
        raise ConflictError(
            f"More than {terms.max_affected} post{'' if terms.max_affected == 1 else 's'} would change; nothing did",
            hint="Narrow the selection, or raise --max-affected or the setting max_affected.",
        )


async def refuse_taken_slug(posts: PostRepository, slug: str, *, unless_of: int | None = None) -> None:
    """Raise ConflictError when another post has the slug."""
    owner, is_trashed = await posts.get_slug_owner(slug) or (None, False)
    if owner is None or owner == unless_of:
        return
    if is_trashed:
        raise ConflictError(
            f"The slug {slug!r} is taken by post {owner}, which is in the trash",
            hint=f"Choose another --slug, or run `blogcli post delete {owner} --purge` to delete that post for good.",
        )
    raise ConflictError(f"The slug {slug!r} is taken by post {owner}", hint="Choose another --slug.")


def refuse_trashed(post: Post) -> None:
    """Raise ConflictError for a post in the trash: it has to come out first."""
    if post.trashed_at is not None:
        raise ConflictError(
            f"Post {post.id} ({post.slug}) is in the trash", hint=f"Run `blogcli post restore {post.id}` first."
        )
