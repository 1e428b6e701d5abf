"""The table of tags."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..text.casefold import tag_key
from .base import Base


class Tag(Base):
    """A tag. Names that differ only in the case or width of their characters have the same key, which is unique."""

    __tablename__ = "tags"
    # With AUTOINCREMENT, SQLite never uses the id of a deleted tag again.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy prescribes this name and type

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    # A key can be longer than its name, because a ligature in the name is replaced by up to 18 characters.
    key: Mapped[str] = mapped_column(String(900), unique=True)

    @classmethod
    def named(cls, name: str) -> "Tag":
        """Return a new tag with the given name and the corresponding key."""
        return cls(name=name, key=tag_key(name))

    def rename(self, name: str) -> None:
        """Change the name and the key of the tag."""
        self.name = name
        self.key = tag_key(name)
