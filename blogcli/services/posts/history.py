"""List the versions of a post."""

from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import blake2b

from ...database import SessionFactory
from ...models.journal import JournalOperation
from ...repositories.base import CHUNK
from ...repositories.dialects import use_snapshot_isolation
from ...repositories.identifiers import chunked
from ...repositories.journal.versions import Content, PostState, RecordedVersion, VersionRepository, changed_fields
from ...schemas.posts.versions import PostVersion
from ..journal.references import resolve_row
from .edit import format_edit_base


@dataclass(slots=True)
class _Entry:
    """A version without the values of its operation, of which only one batch is loaded at once."""

    operation: int | None
    replaced_at: datetime | None
    changed: list[str]
    words: int | None
    words_change: int | None = None
    same_as: int | None = None


async def stream_versions(
    sessions: SessionFactory, reference: str, *, limit: int = 0
) -> AsyncIterator[list[PostVersion]]:
    """Yield the versions of a post in batches, newest first. A limit of 0 means no limit.

    The post may have been purged. Contents are only read to compare versions whose other values are equal. Raises
    NotFoundError if the post does not exist.
    """
    async with sessions() as session:
        await use_snapshot_isolation(session)
        post_id = await resolve_row(session, "post", reference)
        versions = VersionRepository(session)
        entries = await _list_entries(versions, post_id)
        for batch in chunked(entries[:limit] if limit else entries, CHUNK):
            operations = await versions.operations([entry.operation for entry in batch if entry.operation])
            yield [_record(entry, operations.get(entry.operation or 0)) for entry in batch]


async def list_changes_since(sessions: SessionFactory, post_id: int, base: str, *, limit: int) -> list[PostVersion]:
    """Return the versions of a post that are newer than the state for which `get_edit_base` returned `base`.

    The versions are returned newest first, and at most `limit`. If an undo has restored the state, only the versions
    after the undo are newer.
    """
    async with sessions() as session:
        await use_snapshot_isolation(session)
        versions = VersionRepository(session)
        entries: list[_Entry] = []
        async for version in versions.versions(post_id):
            if len(entries) == limit or _is_base(version.after, base):
                break
            entries.append(_describe(version, None))
        operations = await versions.operations([entry.operation for entry in entries if entry.operation])
        return [_record(entry, operations.get(entry.operation or 0)) for entry in entries]


def _is_base(state: PostState, base: str) -> bool:
    values = state.values
    return values is not None and format_edit_base(values["version"], values["updated_at"]) == base


def _record(entry: _Entry, operation: JournalOperation | None) -> PostVersion:
    return PostVersion(
        **asdict(entry),
        kind=operation.kind if operation else None,
        command=operation.command if operation else None,
        actor=operation.actor if operation else None,
        program=operation.program if operation else None,
        ended_at=operation.ended_at if operation else None,
    )


async def _list_entries(versions: VersionRepository, post_id: int) -> list[_Entry]:
    equal_versions = _EqualVersions(versions, post_id)
    entries: list[_Entry] = []
    replaced_at: datetime | None = None
    oldest: PostState | None = await versions.current_state(post_id)
    async for version in versions.versions(post_id):
        entry = _describe(version, replaced_at)
        await equal_versions.add(entry, version.after)
        entries.append(entry)
        replaced_at = version.ended_at
        oldest = version.before
    if oldest is None or oldest.exists:
        # The post is older than the journal, or the earlier changes were removed from the journal.
        entries.append(_Entry(None, replaced_at, ["unrecorded"], _words(oldest)))
    return entries


def _describe(version: RecordedVersion, replaced_at: datetime | None) -> _Entry:
    before = version.before
    after = version.after
    words = _words(after)
    if before and before.exists and after.exists:
        change = (words or 0) - (_words(before) or 0)
        return _Entry(version.operation_id, replaced_at, changed_fields(before, after), words, change)
    changed = ["created"] if before and not before.exists else []
    if not after.exists:
        changed.append("purged")
    return _Entry(version.operation_id, replaced_at, changed, words, words if changed == ["created"] else None)


def _words(state: PostState | None) -> int | None:
    return state.values["words"] if state and state.values else None


class _EqualVersions:
    """Finds earlier versions that are equal to later versions, with one digest for each version in memory."""

    def __init__(self, versions: VersionRepository, post_id: int) -> None:
        self._versions = versions
        self._post_id = post_id
        self._later: dict[bytes, list[tuple[_Entry, Content]]] = defaultdict(list)
        self._digests: dict[Content, bytes] = {}

    async def add(self, entry: _Entry, state: PostState) -> None:
        """Add a version that is older than all versions that were added before."""
        if state.content is None:
            return
        later = self._later[state.key()]
        for number, (other, content) in reversed(list(enumerate(later))):
            if await self._are_equal(content, state.content):
                other.same_as = entry.operation
                del later[number]
        later.append((entry, state.content))

    async def _are_equal(self, first: Content, second: Content) -> bool:
        return first == second or await self._digest(first) == await self._digest(second)

    async def _digest(self, content: Content) -> bytes:
        if content not in self._digests:
            text = await self._versions.load_content(self._post_id, content)
            self._digests[content] = blake2b(text.encode(errors="replace"), digest_size=16).digest()
        return self._digests[content]
