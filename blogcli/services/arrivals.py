"""Posts that come in, put beside those that are there."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import ConflictPolicy
from ..errors import ConflictError
from ..interchange.entries import Entry, NoteCode
from ..repositories.archive import ArchiveRepository
from ..repositories.imports import ImportRepository, Known
from .people import Notebook
from .placing import Placing, is_same, post_of
from .records import post_record

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
        changed: Callable[[Sequence[int]], None],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._notebook = notebook
        self._placing = placing
        self._on_conflict = on_conflict
        self._changed = changed
        self._imports = ImportRepository(session)
        self._archive = ArchiveRepository(session)
        self._met = _Met()

    async def take(self, entries: Sequence[Entry]) -> None:
        """Take in the people, tags and posts of entries."""
        for entry in entries:
            self._notebook.copy(entry)
        placed = await self._placing.prepare(entries)
        posts, known = await self._identified([entry for entry in placed if entry.post])
        await self._renew({known[uuid]: entry for uuid, entry in posts.items() if uuid in known})
        ids = await self._placing.add([entry for uuid, entry in posts.items() if uuid not in known])
        self.counts[CREATED] += len(ids)
        self._changed(ids)

    async def _identified(self, entries: Sequence[Entry]) -> tuple[dict[UUID, Entry], dict[UUID, Known]]:
        """The entries by a uuid that this import has not met, and the posts that are there; none of those met whole."""
        if self._met.before is None:
            self._met.before = await self._imports.last_id()
        found: dict[UUID, Entry] = {}
        known = await self._imports.known([post_of(entry).uuid for entry in entries])
        for entry in entries:
            uuid = await self._uuid_for(entry, found, known)
            if uuid is None:
                self.counts[UNCHANGED] += 1
            else:
                found[uuid] = entry if uuid == post_of(entry).uuid else self._renamed(entry, uuid)
        self._met.update(known[uuid].id for uuid in found if uuid in known)
        return found, known

    async def _uuid_for(self, entry: Entry, batch: dict[UUID, Entry], known: dict[UUID, Known]) -> UUID | None:
        post = post_of(entry)
        # The more exact a name, the less it outlives changes of the source.
        for name in ("", post.slug or post.title, entry.digest):
            uuid = uuid5(post.uuid, name) if name else post.uuid
            if name:
                known |= await self._imports.known([uuid])
            if uuid not in batch and (uuid not in known or known[uuid].id not in self._met):
                return uuid
            earlier = batch.get(uuid) or known[uuid]
            if earlier.digest == entry.digest:
                return None
        return None

    def _renamed(self, entry: Entry, uuid: UUID) -> Entry:
        post = post_of(entry)
        text = f"another post has the uuid {post.uuid}; this one became {uuid}"
        self._notebook.note(entry, NoteCode.UUID_REPEATED, text)
        return replace(entry, post=replace(post, uuid=uuid))

    async def _renew(self, entries: dict[Known, Entry]) -> None:
        """Bring posts that are there up to date, where their source has changed and nobody has edited them since."""
        differing = {known: entry for known, entry in entries.items() if known.digest != entry.digest}
        self.counts[UNCHANGED] += len(entries) - len(differing)
        rows = await self._archive.posts([known.id for known in differing])
        present = {row.id: post_record(row) for row in rows}
        changed: dict[int, Entry] = {}
        for known, entry in differing.items():
            if entry.post and is_same(present[known.id], entry.post):
                await self._imports.remember([(known.id, entry.digest, known.version)])
                self.counts[UNCHANGED] += 1
            elif not known.is_edited or self._on_conflict is ConflictPolicy.UPDATE:
                changed[known.id] = entry
            else:
                self._refuse(entry, known)
        await self._placing.rewrite(changed)
        self.counts[UPDATED] += len(changed)
        self._changed(list(changed))

    def _refuse(self, entry: Entry, known: Known) -> None:
        edited = f"post {known.id} was edited here since it was imported"
        if known.digest is None:
            edited = f"post {known.id} is there, not from an import, and differs"
        if self._on_conflict is ConflictPolicy.FAIL:
            hint = "--on-conflict skip leaves it as it is here, --on-conflict update overwrites it."
            raise ConflictError(f"{entry.source}: {edited}; nothing was imported", hint=hint)
        self._notebook.note(entry, NoteCode.CONFLICT, f"{edited}; it stays as it is here")
        self.counts[SKIPPED] += 1


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
