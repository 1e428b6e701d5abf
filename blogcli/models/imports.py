"""The table that records the last import of each imported post."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class PostImport(Base):
    """The record of the last import of a post.

    The next import compares `digest` with the digest of the source to see whether the source has changed. It compares
    `version` and `updated_at` with those of the post to see whether the post was edited in blogcli after the import.
    """

    __tablename__ = "post_imports"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    # The digest of the source record from which the post was imported, in 32 hexadecimal digits.
    digest: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
    # The value of `updated_at` of the post after the import. After an undo, another change can give the post the same
    # version again, but not the same time. SQLite cannot add a column that is not nullable without a default.
    updated_at: Mapped[datetime | None]
