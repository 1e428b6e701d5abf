"""The table of the last imports of posts."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class PostImport(Base):
    """The last import of a post, with the digest of its source and the version of the post that the import created.

    The next import compares both values: the digest shows whether the source has changed, and the version shows whether
    the post was edited in blogcli.
    """

    __tablename__ = "post_imports"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    # The digest of the imported record, in 32 hexadecimal digits.
    digest: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
