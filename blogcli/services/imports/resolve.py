"""The people and tags of what comes in, found or made."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import NotFoundError
from ...interchange.items import ImportedItem
from ...interchange.notes import NoteCode
from ...interchange.records import UserRecord
from ...models.users import UNUSABLE_PASSWORD
from ...repositories.posts.bulk_insert import BulkRepository
from ...repositories.tags import TagRepository
from ...repositories.users import UserRepository
from ...text.casefold import tag_key
from ...text.emails import placeholder_email
from .log import Notebook

T = TypeVar("T")

# What is remembered between batches; when there is more, all is asked again.
_MOST_REMEMBERED = 50_000
_HASH = "$argon2"


class DefaultAuthor:
    """The author of posts that name nobody, looked up when the first of them needs one."""

    def __init__(self, session: AsyncSession, reference: str | None, *, is_setting: bool) -> None:
        self._users = UserRepository(session)
        self._reference = reference
        self._is_setting = is_setting
        self._email = None if reference else placeholder_email("unknown")

    async def email(self) -> str:
        """Return the address of the author; raise NotFoundError if there is no such user."""
        if self._email is None:
            users, missing = await self._users.resolve([self._reference or ""])
            if missing:
                raise self._missing()
            self._email = users[0].email
        return self._email

    async def check(self) -> None:
        """Raise NotFoundError for an author that was asked for and does not exist, even if no post needed it."""
        if not self._is_setting:
            await self.email()

    def _missing(self) -> NotFoundError:
        if not self._is_setting:
            hint = "`blogcli user list` shows the users there are."
            return NotFoundError(f"No such user: {self._reference}, given by --author", hint=hint)
        hint = "Give --author, change the setting `author`, or create the user with `blogcli user create`."
        return NotFoundError(f"No such user: {self._reference}, the author in the configuration", hint=hint)


class Authors:
    """People by address; whoever is there stays as they are."""

    def __init__(self, session: AsyncSession, notebook: Notebook, *, now: datetime) -> None:
        self._rows = BulkRepository(session)
        self._notebook = notebook
        self._now = now
        self._ids: dict[str, int] = {}
        self._names: dict[str, str | None] = {}
        # The other names that were noted.
        self._told = set[tuple[str, str]]()
        self.made = 0

    def id_of(self, email: str) -> int:
        """The id of a person who was ensured."""
        return self._ids[email]

    async def ensure(self, entries: Sequence[ImportedItem]) -> None:
        """See to it that all people of the entries, and all who wrote their posts, are there."""
        if len(self._ids) > _MOST_REMEMBERED:
            self._ids.clear()
            self._names.clear()
        people = _first((person.email, person) for entry in entries for person in entry.people)
        unknown = _first((email, entry) for email, entry in _authors(entries) if email not in people)
        wanted = [email for email in (*people, *unknown) if email not in self._ids]
        found = await self._rows.user_ids(wanted)
        new = [email for email in wanted if email not in found]
        for email in new:
            if email in unknown:
                self._notebook.note(unknown[email], NoteCode.AUTHOR_CREATED, f"{email} is new here, and inactive")
        await self._rows.add_users([self._row(people.get(email) or _stranger(email)) for email in new])
        self._ids |= found | await self._rows.user_ids(new)
        self._names |= await self._rows.full_names([email for email in people if email not in self._names])
        self._note_kept(entries)
        self.made += len(new)

    def _note_kept(self, entries: Sequence[ImportedItem]) -> None:
        for entry in entries:
            for email, there in ((person.email, person.full_name) for person in entry.people):
                here = self._names[email]
                if there not in (None, here) and (email, there) not in self._told:
                    self._told.add((email, there))
                    text = f"{email} is {here!r} here, and stays so; {there!r} there"
                    self._notebook.note(entry, NoteCode.USER_UNCHANGED, text)

    def _row(self, person: UserRecord) -> dict[str, Any]:
        hash_ = person.hashed_password or ""
        created_at = person.created_at or self._now
        return {
            "email": person.email,
            "full_name": person.full_name,
            "hashed_password": hash_ if hash_.startswith(_HASH) and len(hash_) <= 255 else UNUSABLE_PASSWORD,
            "is_active": person.is_active,
            "created_at": created_at,
            "updated_at": person.updated_at or created_at,
        }


class TagNames:
    """Tags by name, whatever its case or width."""

    def __init__(self, session: AsyncSession, notebook: Notebook) -> None:
        self._tags = TagRepository(session)
        self._notebook = notebook
        # By every spelling that was met; those that are not as the tag is spelled here.
        self._ids: dict[str, int] = {}
        self._folded: dict[str, str] = {}
        self.made = 0

    def ids_of(self, names: Sequence[str]) -> list[int]:
        """The ids of tags that were ensured."""
        return [self._ids[name] for name in names]

    async def ensure(self, entries: Sequence[ImportedItem]) -> None:
        """See to it that all tags of the entries are there."""
        if len(self._ids) > _MOST_REMEMBERED:
            self._ids.clear()
            self._folded.clear()
        # In order, since the first spelling of a tag that is made is the one that stays.
        await self._learn([name for name in dict.fromkeys(_names(entries)) if name not in self._ids])
        if self._folded:
            self._note_folded(entries)

    async def _learn(self, names: Sequence[str]) -> None:
        keys = {name: tag_key(name) for name in names}
        there = await self._tags.get_by_keys(list(set(keys.values())))
        self.made += len(set(keys.values())) - len(there)
        tags = {tag.key: tag for tag in await self._tags.get_or_create(names)}
        self._ids |= {name: tags[key].id for name, key in keys.items()}
        self._folded |= {name: tags[key].name for name, key in keys.items() if tags[key].name != name}

    def _note_folded(self, entries: Sequence[ImportedItem]) -> None:
        for entry in entries:
            for name in _names([entry]):
                if name in self._folded:
                    text = f"the tag {name!r} is the tag {self._folded[name]!r}"
                    self._notebook.note(entry, NoteCode.TAG_MERGED, text)


def _first(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """The first of those with the same name, in order."""
    found: dict[str, T] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return found


def _authors(entries: Sequence[ImportedItem]) -> Iterator[tuple[str, ImportedItem]]:
    for entry in entries:
        if entry.post and entry.post.author:
            yield entry.post.author, entry


def _names(entries: Sequence[ImportedItem]) -> Iterator[str]:
    for entry in entries:
        yield from (tag.name for tag in entry.tags)
        yield from entry.post.tags if entry.post else ()


def _stranger(email: str) -> UserRecord:
    return UserRecord(email=email, is_active=False)
