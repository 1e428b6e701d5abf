"""The table that identifies the blog."""

import uuid as uuids
from datetime import datetime

from sqlalchemy import Uuid
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, utc_now


class Blog(Base):
    """The identity of the blog in a database. The table has one row.

    A copy and a restored backup have the same identity as the blog from which they were made.
    """

    __tablename__ = "blog"

    uuid: Mapped[uuids.UUID] = mapped_column(Uuid(), primary_key=True, default=uuids.uuid4)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
