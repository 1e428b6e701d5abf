"""The table of users."""

from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .base import Base, TimestampMixin

if TYPE_CHECKING:
    from .posts import Post

# The value of `hashed_password` for a user without a password. No password matches the value, because it is not a hash.
UNUSABLE_PASSWORD = "!"  # noqa: S105 - this value means that there is no password


class User(TimestampMixin, Base):
    """An author of posts. Each user has a unique e-mail address, which is normalized and in lower case."""

    __tablename__ = "users"
    # With AUTOINCREMENT, SQLite never uses the id of a deleted user again.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy prescribes this name and type

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    hashed_password: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str | None] = mapped_column(String(100))
    is_active: Mapped[bool] = mapped_column(default=True)

    posts: Mapped[list["Post"]] = relationship(back_populates="author", lazy="raise", passive_deletes="all")

    def set_active(self, *, active: bool) -> bool:
        """Activate or deactivate the user, and return whether the user has changed."""
        changed = self.is_active is not active
        self.is_active = active
        return changed
