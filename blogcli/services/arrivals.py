"""Posts that come in, put beside those that are there."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncSession

from ..enums import ConflictPolicy
from ..errors import ConflictError
from ..interchange.entries import Entry, NoteCode
from ..interchange.record import PostRecord
from ..repositories.archive import ArchiveRepository
from ..repositories.imports import ImportRepository, Known
from ..search.documents import Text
from .people import Notebook
from .placing import Placing, is_same
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
        # The hash of each uuid that was met: a million uuids take more memory than there is.
        self._met: set[int] = set()

    async def take(self, entries: Sequence[Entry]) -> list[Text]:
        """Take in the posts of entries; the texts of those that are new, for the index of the search."""
        for entry in entries:
            self._notebook.copy(entry)
        placed = await self._placing.prepare(entries)
        posts = {entry.post.uuid: entry for entry in await self._identified(placed) if entry.post}
        known = await self._imports.known(list(posts))
        new = [entry for uuid, entry in posts.items() if uuid not in known]
        await self._renew({known[uuid]: entry for uuid, entry in posts.items() if uuid in known})
        texts = await self._placing.add(new)
        self.counts[CREATED] += len(texts)
        self._changed([id_ for id_, _, _ in texts])
        return texts

    async def _identified(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries with posts, each with a uuid that this import has not met; without those it has met whole."""
        found: dict[UUID, Entry] = {}
        for entry in entries:
            if entry.post is None:
                continue
            uuid = await self._uuid_for(entry, entry.post, found)
            if uuid is None:
                self.counts[UNCHANGED] += 1
                continue
            self._met.add(hash(uuid))
            found[uuid] = entry if uuid == entry.post.uuid else self._renamed(entry, entry.post, uuid)
        return list(found.values())

    async def _uuid_for(self, entry: Entry, post: PostRecord, batch: dict[UUID, Entry]) -> UUID | None:
        # The more exact a name, the less it outlives changes of the source.
        for name in ("", post.slug or post.title, entry.digest):
            uuid = uuid5(post.uuid, name) if name else post.uuid
            if hash(uuid) not in self._met:
                return uuid
            earlier = batch.get(uuid) or (await self._imports.known([uuid])).get(uuid)
            if earlier and earlier.digest == entry.digest:
                return None
        return None

    def _renamed(self, entry: Entry, post: PostRecord, uuid: UUID) -> Entry:
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
