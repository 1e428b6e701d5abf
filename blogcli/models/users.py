"""People who write."""

from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, TimestampMixin

if TYPE_CHECKING:
    from .posts import Post

# No hash reads like this: the account exists, and no password opens it.
UNUSABLE_PASSWORD = "!"  # noqa: S105 - the mark of having none


class User(TimestampMixin, Base):
    """A person, named by a normalised, lower-case e-mail address."""

    __tablename__ = "users"
    # An id that was deleted is never given to another person.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own name and kind

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str | None] = mapped_column(String(100))
    is_active: Mapped[bool] = mapped_column(default=True)

    posts: Mapped[list["Post"]] = relationship(back_populates="author", lazy="raise", passive_deletes="all")

    def set_active(self, *, active: bool) -> bool:
        """Let the person in or keep them out; False when that is how it was."""
        changed = self.is_active is not active
        self.is_active = active
        return changed
