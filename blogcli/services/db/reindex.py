"""Update the search index."""

from dataclasses import replace

from ...database import SessionFactory
from ...reporter import Reporter
from ...repositories.posts.search import SearchRepository
from ...schemas.db import Reindexed


async def reindex(sessions: SessionFactory, *, dry_run: bool = False, on_progress: Reporter | None = None) -> Reindexed:
    """Correct the search index in batches of posts, with one transaction for each batch.

    A broken index is first replaced by an empty index. Other commands can read and write the database during the run.
    An interrupted run can be repeated. After each batch, `on_progress` receives the number of posts that were compared
    so far and the number of all posts.
    """
    last_id = 0
    async with sessions() as session:
        total = await SearchRepository(session).count_posts()
    async with sessions.begin(dry_run=True) as session:
        is_broken = await SearchRepository(session).is_broken()
    if is_broken and dry_run:
        return Reindexed(posts=total, rewritten=total)
    if is_broken:
        async with sessions.begin() as session:
            await SearchRepository(session).recreate()
    async with sessions.begin(dry_run=dry_run) as session:
        removed = await SearchRepository(session).remove_orphans()
    progress = Reindexed(posts=0, rewritten=0, removed=removed)
    while True:
        async with sessions.begin(dry_run=dry_run) as session:
            next_id, posts, rewritten = await SearchRepository(session).refresh_after(last_id)
        if next_id is None:
            return progress
        last_id = next_id
        progress = replace(progress, posts=progress.posts + posts, rewritten=progress.rewritten + rewritten)
        if on_progress:
            on_progress(progress.posts, total)
