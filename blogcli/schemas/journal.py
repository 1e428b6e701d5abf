"""Records of the journal: operations, and what they changed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class OperationSelection:
    """The filters that select operations. An operation is selected if it matches all given filters.

    `post`, `user` and `tag` are references to rows that the operation has changed. `command` contains the first words
    of a command, and `actor` is the name of the user who ran it.
    """

    post: str | None = None
    user: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    command: str | None = None
    actor: str | None = None
    is_outside: bool = False
    limit: int = 0
    offset: int = 0


@dataclass(frozen=True, kw_only=True)
class Operation:
    """An operation, and the numbers of changes of users, posts, tags and links between posts and tags.

    `targets` contains the ids of the operations that an undo or a redo has reverted, and `forgotten` is the number of
    changes whose former values were erased.
    """

    id: int
    kind: str
    command: str | None
    actor: str | None
    host: str | None
    started_at: datetime
    ended_at: datetime
    profile: str | None
    program: str | None
    users: int
    posts: int
    tags: int
    links: int
    undone_by: int | None
    targets: list[int]
    forgotten: int


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """A changed field of a row. For the content of a post, `before` and `after` are its lengths in characters."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class RowSummary:
    """What an operation changed in a user, a post or a tag, as shown to people.

    `action` is `created`, `deleted`, `changed`, or `created and deleted`. `name` is None if no name is known.
    `bookkeeping` contains the names of changed columns that are not in `fields`, because only programs use them.
    """

    noun: str
    id: int
    name: str | None
    action: str
    fields: list[FieldChange] = field(default_factory=list)
    added_tags: list[str] = field(default_factory=list)
    removed_tags: list[str] = field(default_factory=list)
    bookkeeping: list[str] = field(default_factory=list)
    is_forgotten: bool = False


@dataclass(frozen=True, kw_only=True)
class Retention:
    """Which operations to keep: those that ended since a time, or the newest ones."""

    since: datetime | None = None
    newest: int = 0


@dataclass(frozen=True, kw_only=True)
class JournalPart:
    """A part of the journal: its numbers of operations and changes, and its approximate size in bytes."""

    operations: int
    changes: int
    size: int


@dataclass(frozen=True, kw_only=True)
class ErasedValues:
    """The former values of a post or a user that are erased from the journal.

    `operations` and `changes` are the numbers of operations and changes with such values, and `size` is in bytes.
    """

    noun: str
    id: int
    operations: int
    changes: int
    size: int
