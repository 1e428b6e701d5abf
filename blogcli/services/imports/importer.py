"""Posts that come in, put beside those that are there."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from ...database import SessionFactory
from ...enums import ConflictPolicy, PostStatus
from ...errors import ConflictError, InvalidError
from ...interchange.items import ImportedItem, ReadOptions
from ...interchange.notes import Note, NoteCode
from ...interchange.pipeline import read_batches, scan
from ...interchange.records import PostRecord
from ...interchange.sources import Source
from ...repositories.exports import ArchiveRepository
from ...repositories.imports import ImportRepository, Known
from ...repositories.posts.bulk_insert import BulkRepository
from ...schemas.imports import Imported, ImportTerms
from ..exports import post_record
from .create import Placing, post_of
from .index_rows import with_index_rows
from .log import Notebook
from .resolve import DefaultAuthor
from .update import Rewriting, is_same

OUTCOMES = CREATED, UPDATED, UNCHANGED, SKIPPED = "created", "updated", "unchanged", "skipped"


class Arrivals:
    """One import: the posts it has met, and what came of them."""

    def __init__(
        self,
        session: AsyncSession,
        notebook: Notebook,
        placing: Placing,
        *,
        on_conflict: ConflictPolicy,
        changed: Callable[[Sequence[int], Sequence[int]], None],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._notebook = notebook
        self._placing = placing
        self._on_conflict = on_conflict
        self._changed = changed
        self._rewriting = Rewriting(session, placing)
        self._imports = ImportRepository(session)
        self._archive = ArchiveRepository(session)
        self._met = _Met()
        # The digests of posts that were not taken in, and what the first of them was about.
        self._refused: dict[UUID, str] = {}
        self._first_conflict = ""

    async def take(self, entries: Sequence[ImportedItem]) -> None:
        """Take in the people, tags and posts of entries."""
        for entry in entries:
            self._notebook.copy(entry)
        await self._placing.ensure([entry for entry in entries if not entry.post])
        known: dict[UUID, Known] = {}
        posts = await self._identified([entry for entry in entries if entry.post], known)
        present = await self._renew({uuid: entry for uuid, entry in posts.items() if uuid in known}, known)
        ids = await self._placing.add([entry for uuid, entry in posts.items() if uuid not in present])
        self.counts[CREATED] += len(ids)
        self._changed(ids, [])

    def check(self) -> None:
        """Raise ConflictError where a post was edited here, if that was to stop the import."""
        count = self.counts[SKIPPED]
        if count and self._on_conflict is ConflictPolicy.FAIL:
            more = f"; {count:,} such posts" if count > 1 else ""
            hint = "--on-conflict skip leaves it as it is here, --on-conflict update overwrites it."
            raise ConflictError(f"{self._first_conflict}{more}; nothing was imported", hint=hint)

    async def _identified(self, entries: Sequence[ImportedItem], known: dict[UUID, Known]) -> dict[UUID, ImportedItem]:
        """The entries by a uuid that this import has not met, but for those that it has; `known` learns what is."""
        if self._met.before is None:
            self._met.before = await self._imports.last_id()
        found: dict[UUID, ImportedItem] = {}
        known |= await self._imports.known([post_of(entry).uuid for entry in entries])
        for entry in entries:
            uuid = await self._uuid_for(entry, found, known)
            if uuid is None:
                self.counts[UNCHANGED] += 1
            else:
                found[uuid] = entry if uuid == post_of(entry).uuid else self._renamed(entry, uuid)
        self._met.update(known[uuid].id for uuid in found if uuid in known)
        return found

    async def _uuid_for(
        self, entry: ImportedItem, batch: dict[UUID, ImportedItem], known: dict[UUID, Known]
    ) -> UUID | None:
        post = post_of(entry)
        # The more exact a name, the less it outlives changes of the source.
        for name in ("", post.slug or post.title, entry.digest):
            uuid = uuid5(post.uuid, name) if name else post.uuid
            if name:
                known |= await self._imports.known([uuid])
            if uuid not in batch and (uuid not in known or known[uuid].id not in self._met):
                return uuid
            earlier = batch[uuid].digest if uuid in batch else self._refused.get(uuid, known[uuid].digest)
            if earlier == entry.digest:
                return None
        return None

    def _renamed(self, entry: ImportedItem, uuid: UUID) -> ImportedItem:
        post = post_of(entry)
        text = f"another post has the uuid {post.uuid}; this one became {uuid}"
        self._notebook.note(entry, NoteCode.DUPLICATE_UUID, text)
        return replace(entry, post=replace(post, uuid=uuid))

    async def _renew(self, entries: Mapping[UUID, ImportedItem], known: Mapping[UUID, Known]) -> set[UUID]:
        """Bring posts that are there up to date, where their source has changed and nobody has edited them since.

        Returns which are still there: others may have been purged meanwhile.
        """
        differing = {uuid: entry for uuid, entry in entries.items() if known[uuid].digest != entry.digest}
        self.counts[UNCHANGED] += len(entries) - len(differing)
        locked = await self._imports.known(list(differing), lock=True)
        rows = await self._archive.posts([one.id for one in locked.values()])
        present = {record.uuid: record for record in map(post_record, rows)}
        same = [uuid for uuid in locked if is_same(present[uuid], post_of(differing[uuid]), self._placing.now)]
        await self._imports.remember([(locked[uuid].id, differing[uuid].digest, locked[uuid].version) for uuid in same])
        self.counts[UNCHANGED] += len(same)
        changed = {
            one.id: differing[uuid]
            for uuid, one in locked.items()
            if uuid not in same and self._is_taken(differing[uuid], one, present[uuid])
        }
        await self._rewriting.rewrite(changed)
        self.counts[UPDATED] += len(changed)
        self._changed(list(changed), [locked[uuid].id for uuid in locked if _is_public(present[uuid])])
        return entries.keys() - (differing.keys() - locked.keys())

    def _is_taken(self, entry: ImportedItem, known: Known, present: PostRecord) -> bool:
        """Whether a post that is there becomes what its source says; a conflict is noted."""
        if not known.is_edited:
            return True
        what, is_taken = _conflict(known, present), self._on_conflict is ConflictPolicy.UPDATE
        outcome = "its source's state took its place" if is_taken else "it stays as it is here"
        self._notebook.note(entry, NoteCode.CONFLICT, f"{what}; {outcome}: {present.slug}")
        if not is_taken:
            self.counts[SKIPPED] += 1
            self._refused[present.uuid] = entry.digest
            position = "" if entry.position is None else f":{entry.position}"
            self._first_conflict = self._first_conflict or f"{entry.source}{position}: {what}"
        return is_taken


def _is_public(post: PostRecord) -> bool:
    return post.status is PostStatus.PUBLISHED and post.trashed_at is None


def _conflict(known: Known, present: PostRecord) -> str:
    if known.digest is None:
        return f"post {known.id} is there, not from an import, and differs"
    if present.trashed_at is not None:
        return f"post {known.id} is in the trash here"
    return f"post {known.id} was edited here since it was imported"


class _Met:
    """The posts that this import has met: a bit for each id, where a million uuids would take much memory."""

    def __init__(self) -> None:
        # The last id that was taken before; those behind it are of this import.
        self.before: int | None = None
        self._bits = bytearray()

    def update(self, ids: Iterable[int]) -> None:
        for id_ in ids:
            place = id_ // 8
            if place >= len(self._bits):
                self._bits.extend(bytes(place + 1 - len(self._bits)))
            self._bits[place] |= 1 << id_ % 8

    def __contains__(self, id_: int) -> bool:
        if self.before is None or id_ > self.before:
            return True
        return id_ // 8 < len(self._bits) and bool(self._bits[id_ // 8] >> id_ % 8 & 1)


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
    found = scan(name, sources, options)
    notebook = Notebook(noted)
    async with sessions.begin(dry_run=terms.dry_run) as session:
        author = DefaultAuthor(session, terms.author, is_setting=terms.is_author_a_setting)
        placing = Placing(session, notebook, author=author, now=options.now)
        await ImportRepository(session).exclude_others()
        arrivals = Arrivals(session, notebook, placing, on_conflict=terms.on_conflict, changed=changed)
        finish = partial(with_index_rows, BulkRepository(session).documents)
        for batch in _counted(read_batches(name, found, options, finish=finish), found.total, told):
            await arrivals.take(batch)
        await author.check()
        arrivals.check()
        if notebook.failures and terms.is_strict:
            raise InvalidError(f"Records that cannot be read: {notebook.failures:,}; nothing was imported")
        counts = {outcome: arrivals.counts[outcome] for outcome in OUTCOMES}
        return Imported(**counts, failed=notebook.failures, users=placing.authors.made, tags=placing.tags.made)


def _counted(
    batches: Iterable[list[ImportedItem]], total: int, told: Callable[[int, int], None]
) -> Iterator[list[ImportedItem]]:
    done = 0
    for batch in batches:
        yield batch
        done += len(batch)
        told(done, total)
