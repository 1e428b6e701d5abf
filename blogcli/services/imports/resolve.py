"""Find the users and tags of imported posts, and create those that do not exist."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from ...errors import NotFoundError
from ...interchange.items import ImportedItem
from ...interchange.notes import NoteCode
from ...interchange.records import UserRecord
from ...models.users import UNUSABLE_PASSWORD
from ...repositories.posts.bulk_insert import BulkInsertRepository
from ...repositories.tags import TagRepository
from ...repositories.users import UserRepository
from ...text.casefold import tag_key
from ...text.emails import placeholder_email
from .log import ImportLog

T = TypeVar("T")

# The maximum number of users and of tags that are cached between batches. A cache that exceeds this number is cleared,
# and its content is queried again when it is needed.
_MAX_REMEMBERED = 50_000
_MAX_HASH_LENGTH = 255
_HASH_PREFIX = "$argon2"


class DefaultAuthor:
    """The author of posts whose source does not name an author. The user is looked up on first use."""

    def __init__(self, session: AsyncSession, reference: str | None, *, is_setting: bool) -> None:
        self._users = UserRepository(session)
        self._reference = reference
        self._is_setting = is_setting
        self._email = None if reference else placeholder_email("unknown")

    async def get_email(self) -> str:
        """Return the e-mail address of the author.

        Raises NotFoundError if the author does not exist.
        """
        if self._email is None:
            users, missing = await self._users.resolve([self._reference or ""])
            if missing:
                raise self._make_error()
            self._email = users[0].email
        return self._email

    async def check(self) -> None:
        """Raise NotFoundError if the author was given as an option and does not exist.

        An author that was given as an option must exist even if no post needs a default author.
        """
        if not self._is_setting:
            await self.get_email()

    def _make_error(self) -> NotFoundError:
        if not self._is_setting:
            hint = "Use `blogcli user list` to list the users."
            return NotFoundError(f"No such user: {self._reference}, given by --author", hint=hint)
        hint = "Give --author, change the setting `author`, or create the user with `blogcli user create`."
        return NotFoundError(f"No such user: {self._reference}, the author in the configuration", hint=hint)


class UserResolver:
    """Finds users by e-mail address and creates missing users. Existing users are not changed."""

    def __init__(self, session: AsyncSession, log: ImportLog, *, now: datetime) -> None:
        self.created = 0
        self._rows = BulkInsertRepository(session)
        self._log = log
        self._now = now
        self._ids: dict[str, int] = {}
        self._names: dict[str, str | None] = {}
        # The e-mail addresses and names about which a note was already added. Such a note says that the user with the
        # address has a different name in the database.
        self._noted = set[tuple[str, str]]()

    def get_id(self, email: str) -> int:
        """Return the id of a user that `create_missing` has found or created."""
        return self._ids[email]

    async def create_missing(self, items: Sequence[ImportedItem]) -> None:
        """Create the users that the items contain and the authors of their posts, except for existing users."""
        if len(self._ids) > _MAX_REMEMBERED:
            self._ids.clear()
            self._names.clear()
        users = _collect_first((user.email, user) for item in items for user in item.people)
        authors = _collect_first((email, item) for email, item in _iter_authors(items) if email not in users)
        unknown = [email for email in (*users, *authors) if email not in self._ids]
        existing = await self._rows.user_ids(unknown)
        new = [email for email in unknown if email not in existing]
        for email in new:
            if email in authors:
                self._log.add(authors[email], NoteCode.AUTHOR_CREATED, f"{email} was created as an inactive user")
        await self._rows.add_users([self._make_row(users.get(email) or _make_inactive_user(email)) for email in new])
        self._ids |= existing | await self._rows.user_ids(new)
        self._names |= await self._rows.full_names([email for email in users if email not in self._names])
        self._note_unchanged(items)
        self.created += len(new)

    def _note_unchanged(self, items: Sequence[ImportedItem]) -> None:
        """Add a note for each user whose name in the source differs from the name in the database."""
        for item in items:
            for user in item.people:
                name = self._names[user.email]
                if user.full_name not in (None, name) and (user.email, user.full_name) not in self._noted:
                    self._noted.add((user.email, user.full_name))
                    message = f"the name of {user.email} is {name!r} and was not changed to {user.full_name!r}"
                    self._log.add(item, NoteCode.USER_UNCHANGED, message)

    def _make_row(self, user: UserRecord) -> dict[str, Any]:
        hash_ = user.hashed_password or ""
        is_usable = hash_.startswith(_HASH_PREFIX) and len(hash_) <= _MAX_HASH_LENGTH
        created_at = user.created_at or self._now
        return {
            "email": user.email,
            "full_name": user.full_name,
            "hashed_password": hash_ if is_usable else UNUSABLE_PASSWORD,
            "is_active": user.is_active,
            "created_at": created_at,
            "updated_at": user.updated_at or created_at,
        }


class TagResolver:
    """Finds tags by name and creates missing tags. Case and width of characters are ignored."""

    def __init__(self, session: AsyncSession, log: ImportLog) -> None:
        self.created = 0
        self._tags = TagRepository(session)
        self._log = log
        # Maps each spelling of a tag in the sources to the id of the tag.
        self._ids: dict[str, int] = {}
        # If a spelling in the sources differs from the name of the tag, maps the spelling to the name of the tag.
        self._merged: dict[str, str] = {}

    def get_ids(self, names: Sequence[str]) -> list[int]:
        """Return the ids of tags that `create_missing` has found or created."""
        return [self._ids[name] for name in names]

    async def create_missing(self, items: Sequence[ImportedItem]) -> None:
        """Create the tags of the items, unless they exist."""
        if len(self._ids) > _MAX_REMEMBERED:
            self._ids.clear()
            self._merged.clear()
        # The names are resolved in order, because the first spelling of a new tag becomes the name of the tag.
        await self._resolve([name for name in dict.fromkeys(_iter_tag_names(items)) if name not in self._ids])
        if self._merged:
            self._note_merged(items)

    async def _resolve(self, names: Sequence[str]) -> None:
        keys = {name: tag_key(name) for name in names}
        distinct_keys = set(keys.values())
        existing = await self._tags.get_by_keys(list(distinct_keys))
        self.created += len(distinct_keys) - len(existing)
        tags = {tag.key: tag for tag in await self._tags.get_or_create(names)}
        self._ids |= {name: tags[key].id for name, key in keys.items()}
        self._merged |= {name: tags[key].name for name, key in keys.items() if tags[key].name != name}

    def _note_merged(self, items: Sequence[ImportedItem]) -> None:
        for item in items:
            for name in _iter_tag_names([item]):
                if name in self._merged:
                    self._log.add(item, NoteCode.TAG_MERGED, f"the tag {name!r} was merged into {self._merged[name]!r}")


def _collect_first(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Return the first value of each key. The keys are in the order of their first appearance."""
    values: dict[str, T] = {}
    for key, value in pairs:
        values.setdefault(key, value)
    return values


def _iter_authors(items: Sequence[ImportedItem]) -> Iterator[tuple[str, ImportedItem]]:
    for item in items:
        if item.post and item.post.author:
            yield item.post.author, item


def _iter_tag_names(items: Sequence[ImportedItem]) -> Iterator[str]:
    for item in items:
        yield from (tag.name for tag in item.tags)
        yield from item.post.tags if item.post else ()


def _make_inactive_user(email: str) -> UserRecord:
    return UserRecord(email=email, is_active=False)
