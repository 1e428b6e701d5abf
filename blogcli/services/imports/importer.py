"""Import posts: create new posts, and update existing posts whose source has changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
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
from ...reporter import Reporter
from ...repositories.exports import ExportRepository
from ...repositories.imports import ExistingPost, ImportRepository
from ...repositories.posts.bulk_insert import BulkInsertRepository
from ...schemas.imports import ImportResult
from ..exports import POST_COLUMNS, make_post_record
from .create import NewPostWriter, get_post
from .index_rows import add_index_rows
from .log import ImportLog
from .resolve import DefaultAuthor
from .seen_ids import SeenIds
from .update import PostUpdater, is_unchanged

if TYPE_CHECKING:
    from ...schemas.inputs.imports import ImportParameters

OUTCOMES = CREATED, UPDATED, UNCHANGED, SKIPPED = "created", "updated", "unchanged", "skipped"

# A callback with two arguments: the ids of posts that were created or updated, and the ids of posts that were public
# before the import.
OnChanged = Callable[[Sequence[int], Sequence[int]], None]


class Importer:
    """Stores the posts of one import and counts the posts by outcome."""

    def __init__(
        self,
        session: AsyncSession,
        log: ImportLog,
        writer: NewPostWriter,
        *,
        seen: SeenIds,
        on_conflict: ConflictPolicy,
        on_changed: OnChanged,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._log = log
        self._writer = writer
        self._seen = seen
        self._on_conflict = on_conflict
        self._on_changed = on_changed
        self._updater = PostUpdater(session, writer)
        self._imports = ImportRepository(session)
        self._exports = ExportRepository(session)
        # Maps the uuid of each post that was skipped because of a conflict to the digest of the skipped version.
        self._skipped_digests: dict[UUID, str] = {}
        self._first_conflict = ""

    async def store(self, items: Sequence[ImportedItem]) -> None:
        """Store the users, tags and posts that the items contain."""
        for item in items:
            self._log.forward_notes(item)
        await self._writer.create_missing([item for item in items if not item.post])
        existing: dict[UUID, ExistingPost] = {}
        posts = await self._identify([item for item in items if item.post], existing)
        present = await self._update({uuid: item for uuid, item in posts.items() if uuid in existing}, existing)
        ids = await self._writer.create_posts([item for uuid, item in posts.items() if uuid not in present])
        self.counts[CREATED] += len(ids)
        self._on_changed(ids, [])

    def check_conflicts(self) -> None:
        """Raise ConflictError if there was a conflict and the conflict policy is FAIL."""
        count = self.counts[SKIPPED]
        if count and self._on_conflict is ConflictPolicy.FAIL:
            count_text = f"; {count:,} such posts" if count > 1 else ""
            hint = "Use --on-conflict skip to leave it unchanged, or --on-conflict update to overwrite it."
            raise ConflictError(f"{self._first_conflict}{count_text}; nothing was imported", hint=hint)

    async def _identify(
        self, items: Sequence[ImportedItem], existing: dict[UUID, ExistingPost]
    ) -> dict[UUID, ImportedItem]:
        """Return the items by the uuids of their posts.

        A post is left out if it is an exact duplicate of a post that this import has already processed. If two
        different posts of this import have the same uuid, the second post gets a new uuid. Posts in the database that
        have one of the uuids are added to `existing`.
        """
        batch: dict[UUID, ImportedItem] = {}
        existing |= await self._imports.existing_posts([get_post(item).uuid for item in items])
        for item in items:
            uuid = await self._choose_uuid(item, batch, existing)
            if uuid is None:
                self.counts[UNCHANGED] += 1
            else:
                batch[uuid] = item if uuid == get_post(item).uuid else self._replace_uuid(item, uuid)
        self._seen.update(existing[uuid].id for uuid in batch if uuid in existing)
        return batch

    async def _choose_uuid(
        self, item: ImportedItem, batch: dict[UUID, ImportedItem], existing: dict[UUID, ExistingPost]
    ) -> UUID | None:
        """Return, for the post of `item`, a uuid that differs from the uuids of all other posts of this import.

        Returns None if the post is an exact duplicate of a post that this import has already processed.
        """
        post = get_post(item)
        # A new uuid is derived from the slug or the title if this uuid is free, and from the digest otherwise. Unlike
        # the digest, the slug stays the same if the text is changed, so that the next import finds the same post.
        for name in ("", post.slug or post.title, item.digest):
            uuid = uuid5(post.uuid, name) if name else post.uuid
            if name:
                existing |= await self._imports.existing_posts([uuid])
            if uuid not in batch and (uuid not in existing or existing[uuid].id not in self._seen):
                return uuid
            if uuid in batch:
                digest: str | None = batch[uuid].digest
            else:
                digest = self._skipped_digests.get(uuid, existing[uuid].digest)
            if digest == item.digest:
                return None
        return None

    def _replace_uuid(self, item: ImportedItem, uuid: UUID) -> ImportedItem:
        post = get_post(item)
        message = f"another post has the uuid {post.uuid}; this one got {uuid}"
        self._log.add(item, NoteCode.DUPLICATE_UUID, message)
        return replace(item, post=replace(post, uuid=uuid))

    async def _update(self, items: Mapping[UUID, ImportedItem], existing: Mapping[UUID, ExistingPost]) -> set[UUID]:
        """Update the existing posts whose source has changed, and return the uuids in `items` whose posts still exist.

        Another command may have purged some of the posts after `existing` was queried.
        """
        differing = {uuid: item for uuid, item in items.items() if existing[uuid].digest != item.digest}
        self.counts[UNCHANGED] += len(items) - len(differing)
        locked = await self._imports.existing_posts(list(differing), lock=True)
        rows = await self._exports.posts([post.id for post in locked.values()], POST_COLUMNS)
        stored = {record.uuid: record for record in map(make_post_record, rows)}
        unchanged = [uuid for uuid in locked if is_unchanged(stored[uuid], get_post(differing[uuid]), self._writer.now)]
        await self._imports.record_imports(
            [
                (locked[uuid].id, differing[uuid].digest, locked[uuid].version, locked[uuid].updated_at)
                for uuid in unchanged
            ]
        )
        self.counts[UNCHANGED] += len(unchanged)
        updated = {
            post.id: differing[uuid]
            for uuid, post in locked.items()
            if uuid not in unchanged and self._may_update(differing[uuid], post, stored[uuid])
        }
        await self._updater.update_posts(updated)
        self.counts[UPDATED] += len(updated)
        self._on_changed(list(updated), [locked[uuid].id for uuid in locked if _is_public(stored[uuid])])
        return items.keys() - (differing.keys() - locked.keys())

    def _may_update(self, item: ImportedItem, existing: ExistingPost, stored: PostRecord) -> bool:
        """Return whether an existing post may be overwritten.

        Adds a note about the conflict if the post was changed after its last import, or if it was never imported.
        """
        if not existing.is_edited:
            return True
        may_update = self._on_conflict is ConflictPolicy.UPDATE
        conflict = _describe_conflict(existing, stored)
        outcome = "it was overwritten" if may_update else "it was not changed"
        self._log.add(item, NoteCode.CONFLICT, f"{conflict}; {outcome}: {stored.slug}")
        if not may_update:
            self.counts[SKIPPED] += 1
            self._skipped_digests[stored.uuid] = item.digest
            position = "" if item.position is None else f":{item.position}"
            self._first_conflict = self._first_conflict or f"{item.source}{position}: {conflict}"
        return may_update


def _is_public(post: PostRecord) -> bool:
    return post.status is PostStatus.PUBLISHED and post.trashed_at is None


def _describe_conflict(existing: ExistingPost, stored: PostRecord) -> str:
    if existing.digest is None:
        return f"post {existing.id} exists, was not imported, and differs"
    if stored.trashed_at is not None:
        return f"post {existing.id} is in the trash"
    return f"post {existing.id} was edited in blogcli since it was imported"


async def import_sources(
    sessions: SessionFactory,
    format_name: str,
    sources: Sequence[Source],
    *,
    options: ReadOptions,
    parameters: "ImportParameters",
    on_note: Callable[[Note], None],
    on_progress: Reporter,
    on_changed: OnChanged,
) -> ImportResult:
    """Import all posts, users and tags of the sources in one transaction, and return their numbers.

    Posts that were imported before are not created again, but are updated if their source has changed. `on_note`
    receives a note for each value that is changed or inferred and for each record that is skipped. `on_progress`
    receives the number of items that were read so far and the number of all items.

    Raises InvalidError if a whole source cannot be read, or if the import is strict and a record cannot be read. Raises
    UsageError if the operating system cannot read a file. Raises NotFoundError if the default author does not exist.
    Raises ConflictError if a post was edited in blogcli and the conflict policy is FAIL.
    """
    contents = scan(format_name, sources, options)
    log = ImportLog(on_note)
    async with sessions.begin(dry_run=parameters.dry_run) as session:
        author = DefaultAuthor(session, parameters.author, is_setting=parameters.is_author_a_setting)
        writer = NewPostWriter(session, log, author=author, now=options.now)
        imports = ImportRepository(session)
        await imports.acquire_import_lock()
        seen = SeenIds(await imports.last_id())
        importer = Importer(session, log, writer, seen=seen, on_conflict=parameters.on_conflict, on_changed=on_changed)
        finish = partial(add_index_rows, BulkInsertRepository(session).documents)
        batches = read_batches(format_name, contents, options, finish=finish)
        for batch in _report_progress(batches, contents.total, on_progress):
            await importer.store(batch)
        await author.check()
        importer.check_conflicts()
        if log.failures and parameters.is_strict:
            raise InvalidError(f"Records that cannot be read: {log.failures:,}; nothing was imported")
        counts = {outcome: importer.counts[outcome] for outcome in OUTCOMES}
        return ImportResult(**counts, failed=log.failures, users=writer.users.created, tags=writer.tags.created)


def _report_progress(
    batches: Iterable[list[ImportedItem]], total: int, on_progress: Reporter
) -> Iterator[list[ImportedItem]]:
    read = 0
    for batch in batches:
        yield batch
        read += len(batch)
        on_progress(read, total)
