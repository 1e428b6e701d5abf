"""Find the names that tags and users had at an earlier time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ...models import Tag, User
from ...models.journal import JournalChange, JournalOperation
from ..base import CHUNK
from ..identifiers import chunked
from .images import image_text
from .tables import TABLE_NUMBERS


class FormerNameRepository:
    """Read the names that tags and users had after a change or at a time.

    A `position` is the id of a change or a time.
    """

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def tag_names(self, ids: Collection[int], position: int | datetime) -> dict[int, str]:
        """Return the names of tags by id. The name of a tag that is not recorded is `tag` and its id."""
        return await self._names("tag", (Tag.id, Tag.name), ids, position)

    async def email(self, user_id: int, position: int | datetime) -> str:
        """Return the e-mail address of a user. An address that is not recorded is `user` and the id."""
        return (await self._names("user", (User.id, User.email), [user_id], position))[user_id]

    async def _names(
        self,
        noun: str,
        columns: tuple[InstrumentedAttribute[int], InstrumentedAttribute[str]],
        ids: Collection[int],
        position: int | datetime,
    ) -> dict[int, str]:
        id_, name = columns
        names = {number: f"{noun} {number}" for number in ids}
        for chunk in chunked(sorted(ids), CHUNK):
            for row in await self.session.execute(select(id_, name).where(id_.in_(chunk))):
                names[row[0]] = row[1]
            # The next change after the position contains the name that it has replaced, so the changes are read from
            # the last to the first.
            former_name = image_text(JournalChange.was, name.key)
            changes = select(JournalChange.row_id, former_name).where(
                JournalChange.table_no == TABLE_NUMBERS[f"{noun}s"],
                JournalChange.row_id.in_(chunk),
                former_name.is_not(None),
                _is_later(position),
            )
            for row in await self.session.execute(changes.order_by(JournalChange.id.desc())):
                names[row[0]] = row[1]
        return names


def _is_later(position: int | datetime) -> ColumnElement[bool]:
    if isinstance(position, int):
        return JournalChange.id > position
    operations = select(JournalOperation.id).where(JournalOperation.ended_at > position)
    return JournalChange.operation_id.in_(operations)
