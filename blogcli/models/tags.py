"""The table of tags."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..text.casefold import tag_key
from .base import Base


class Tag(Base):
    """A tag, whose key makes it unique regardless of the case and width of its name."""

    __tablename__ = "tags"
    # With AUTOINCREMENT, SQLite never uses the id of a deleted tag again.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy prescribes this name and type

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    # A key can be longer than the name, because one ligature is converted to up to 18 characters.
    key: Mapped[str] = mapped_column(String(900), unique=True)

    @classmethod
    def named(cls, name: str) -> "Tag":
        """Return a tag with a name and its key."""
        return cls(name=name, key=tag_key(name))

    def rename(self, name: str) -> None:
        """Change the name of the tag and, accordingly, the key."""
        self.name = name
        self.key = tag_key(name)
