"""What was brought in from elsewhere."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class PostImport(Base):
    """The last import of a post: what its source said of it then, and the version that this made of it.

    So a source that changed is told from a post that was edited here since.
    """

    __tablename__ = "post_imports"

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True)
    # Of the record, as 32 hexadecimal digits.
    digest: Mapped[str] = mapped_column(String(32))
    version: Mapped[int]
