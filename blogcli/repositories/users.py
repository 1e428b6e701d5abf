"""Find, count and change users."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select, update

from ..enums import UserSort
from ..models import Post, User
from ..models.base import utc_now
from .base import CHUNK, Repository, RowLock, limit_offset, locked
from .dialects import contains, has_concurrent_writers, sortable
from .identifiers import chunked, resolve

_POSTS = (
    select(func.count()).where(Post.author_id == User.id, Post.trashed_at.is_(None)).correlate(User).scalar_subquery()
)
_SORT_KEYS: dict[UserSort, SQLColumnExpression[Any]] = {
    UserSort.EMAIL: sortable(User.email),
    UserSort.FULL_NAME: sortable(User.full_name),
    UserSort.IS_ACTIVE: User.is_active,
    UserSort.POSTS: _POSTS,
    UserSort.CREATED_AT: User.created_at,
    UserSort.UPDATED_AT: User.updated_at,
}


class UserRepository(Repository[User]):
    """Finds and changes users. A reference to a user is an id or an e-mail address."""

    model = User
    noun = "user"

    async def get_by_email(self, email: str) -> User | None:
        """Return the user with the given e-mail address in any case, or None if no user has this address."""
        return await self.session.scalar(select(User).where(User.email == email.strip().lower()))

    async def list_by_full_name(self, full_name: str) -> list[User]:
        """Return the users with exactly the given full name, ordered by id."""
        return list(await self.session.scalars(select(User).where(User.full_name == full_name).order_by(User.id)))

    async def resolve(self, references: Sequence[str], *, lock: RowLock | None = None) -> tuple[list[User], list[str]]:
        """Return the distinct users to which the references refer, and the references that match no user.

        A reference is an id such as `7` or `id:7`, or an e-mail address. If `lock` is given, the users are locked until
        the transaction ends.
        """

        async def load(condition: ColumnElement[bool]) -> list[tuple[int, str, User]]:
            users = locked(select(User).where(condition).order_by(User.id), lock)
            return [(user.id, user.email, user) for user in await self.session.scalars(users)]

        return await resolve(
            references, load, columns=(User.id, User.email), key_of=lambda reference: reference.strip().lower()
        )

    async def list_with_posts(
        self,
        *,
        is_active: bool | None = None,
        needle: str | None = None,
        sort: UserSort = UserSort.ID,
        descending: bool = False,
        offset: int = 0,
        limit: int = 0,
    ) -> list[tuple[User, int]]:
        """Return the users that match the filters, each with the number of the user's posts outside the trash.

        If `is_active` is given, only active or only inactive users are returned. If `needle` is given, the e-mail
        address or the full name of a user must contain this text.
        """
        statement = self._matching(is_active=is_active, needle=needle).add_columns(_POSTS)
        by_id = User.id.desc() if descending else User.id.asc()
        if sort is not UserSort.ID:
            key = _SORT_KEYS[sort]
            statement = statement.order_by(key.desc().nulls_last() if descending else key.asc().nulls_first())
        statement = limit_offset(statement.order_by(by_id), offset=offset, limit=limit)
        rows = await self.session.execute(statement)
        return [(row[0], row[1]) for row in rows]

    async def count_matching(self, *, is_active: bool | None = None, needle: str | None = None) -> int:
        """Count the users that `list_with_posts` returns for the same filters without an offset and a limit."""
        return await self.count(self._matching(is_active=is_active, needle=needle))

    async def count_posts(self, ids: Sequence[int]) -> list[tuple[int, int]]:
        """Return the ids of the given users who have posts outside the trash, each with the number of such posts."""
        counts: list[tuple[int, int]] = []
        for chunk in chunked(ids, CHUNK):
            counted = select(Post.author_id, func.count()).where(Post.author_id.in_(chunk), Post.trashed_at.is_(None))
            counts += [(row[0], row[1]) for row in await self.session.execute(counted.group_by(Post.author_id))]
        return counts

    async def lock_posts(self, author_ids: Sequence[int]) -> None:
        """Lock the posts of the given users, including trashed posts, until the transaction ends."""
        if has_concurrent_writers(self.session):
            posts = select(Post.id).where(Post.author_id.in_(author_ids)).order_by(Post.id)
            await self.session.execute(locked(posts, RowLock.EXCLUSIVE))

    async def reassign_posts(self, author_id: int, heir_id: int) -> None:
        """Assign all posts of the user `author_id` to the user `heir_id`."""
        changes = {"author_id": heir_id, "updated_at": utc_now(), "version": Post.version + 1}
        ids = await self.session.scalars(select(Post.id).where(Post.author_id == author_id))
        # SQLite keeps the previous rows of a statement with triggers in memory.
        for chunk in chunked(sorted(ids), CHUNK):
            await self.session.execute(update(Post).where(Post.id.in_(chunk)).values(changes))

    async def replace_hash(self, user_id: int, outdated: str, hashed: str) -> None:
        """Replace the hash of a password by another hash of the same password.

        Nothing is changed if the password has changed. The time of the last change of the user stays the same.
        """
        condition = (User.id == user_id, User.hashed_password == outdated)
        values = {User.hashed_password: hashed, User.updated_at: User.updated_at}
        await self.session.execute(update(User).where(*condition).values(values))

    @staticmethod
    def _matching(*, is_active: bool | None, needle: str | None) -> Select[Any]:
        statement = select(User)
        if is_active is not None:
            statement = statement.where(User.is_active.is_(is_active))
        if needle:
            statement = statement.where(or_(contains(User.email, needle), contains(User.full_name, needle)))
        return statement
