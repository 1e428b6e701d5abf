"""Bring the search index up to date."""

from collections.abc import Callable

from ...database import SessionFactory
from ...repositories.posts.search import SearchRepository
from ...schemas.db import Reindexed


async def reindex(
    sessions: SessionFactory, *, dry_run: bool = False, told: Callable[[int, int], None] | None = None
) -> Reindexed:
    """Put right what the index holds, a batch at a time, each in a transaction of its own.

    An index that is broken is first replaced by an empty one. Others may read and write meanwhile, and what is
    interrupted goes on where it is run again. After each batch, `told` learns how many of how many were compared.
    """
    progress, last = Reindexed(posts=0, rewritten=0), 0
    async with sessions() as session:
        total = await SearchRepository(session).count_posts()
    async with sessions.begin(dry_run=True) as session:
        is_broken = await SearchRepository(session).is_broken()
    if is_broken and dry_run:
        return Reindexed(posts=total, rewritten=total)
    if is_broken:
        async with sessions.begin() as session:
            await SearchRepository(session).recreate()
    while True:
        async with sessions.begin(dry_run=dry_run) as session:
            following, posts, rewritten = await SearchRepository(session).refresh_after(last)
        if following is None:
            return progress
        last = following
        progress = Reindexed(posts=progress.posts + posts, rewritten=progress.rewritten + rewritten)
        if told:
            told(progress.posts, total)
