"""Records of other formats -> posts, people and tags."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from ..database import SessionFactory
from ..errors import InvalidError
from ..interchange.entries import Entry, Note, ReadOptions
from ..interchange.formats import entries, recognise, survey
from ..interchange.sources import Source
from ..repositories.bulk import BulkRepository
from ..repositories.imports import ImportRepository
from ..schemas.importing import Imported, ImportTerms
from .arrivals import OUTCOMES, Arrivals
from .index_rows import with_index_rows
from .people import DefaultAuthor, Notebook
from .placing import Placing

__all__ = ["Note", "ReadOptions", "Source", "import_sources", "recognise"]


async def import_sources(
    sessions: SessionFactory,
    name: str,
    sources: Sequence[Source],
    *,
    options: ReadOptions,
    terms: ImportTerms,
    noted: Callable[[Note], None],
    told: Callable[[int, int], None],
    changed: Callable[[Sequence[int], Sequence[int]], None],
) -> Imported:
    """Bring in what sources of the named format hold; what was brought in before is compared, not doubled.

    `noted` learns whatever is changed, left out or guessed, `told` how many of how many items were looked at,
    and `changed` the ids of posts that are new or different, and the ids of posts that were public before.
    Raises InvalidError for a source that cannot be read at all, and, if the terms are strict, for a record that cannot;
    NotFoundError for an author that does not exist; ConflictError for a post that was edited here, if the terms say so.
    """
    found = survey(name, sources, options)
    notebook = Notebook(noted)
    async with sessions.begin(dry_run=terms.dry_run) as session:
        author = DefaultAuthor(session, terms.author, is_setting=terms.is_author_a_setting)
        placing = Placing(session, notebook, author=author, now=options.now)
        await ImportRepository(session).exclude_others()
        arrivals = Arrivals(session, notebook, placing, on_conflict=terms.on_conflict, changed=changed)
        finish = partial(with_index_rows, BulkRepository(session).documents)
        for batch in _counted(entries(name, found, options, finish=finish), found.total, told):
            await arrivals.take(batch)
        await author.check()
        arrivals.check()
        if notebook.failures and terms.is_strict:
            raise InvalidError(f"Records that cannot be read: {notebook.failures:,}; nothing was imported")
        counts = {outcome: arrivals.counts[outcome] for outcome in OUTCOMES}
        return Imported(**counts, failed=notebook.failures, users=placing.authors.made, tags=placing.tags.made)


def _counted(batches: Iterable[list[Entry]], total: int, told: Callable[[int, int], None]) -> Iterator[list[Entry]]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        told(done, total)
