"""Words that posts are filed under."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..text.casefold import tag_key
from .base import Base


class Tag(Base):
    """A tag under the name it was first given; `key` makes it unique regardless of case and width."""

    __tablename__ = "tags"
    # An id that was deleted is never given to another tag.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own name and kind

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    # Folding can lengthen a name: a single ligature becomes up to 18 characters.
    key: Mapped[str] = mapped_column(String(900), unique=True)

    @classmethod
    def named(cls, name: str) -> "Tag":
        """A tag of that name, with its key."""
        return cls(name=name, key=tag_key(name))

    def rename(self, name: str) -> None:
        """Give it another name, and so another key."""
        self.name = name
        self.key = tag_key(name)
