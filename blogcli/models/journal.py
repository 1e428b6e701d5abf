"""The tables of the journal, which records every change of users, posts, tags and their links."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, server_now

# Ids of the journal grow faster than those of other tables. SQLite generates ids only for columns of the type INTEGER.
_BigId = BigInteger().with_variant(Integer, "sqlite")


class JournalOperation(Base):
    """An operation: all changes of one command, which one transaction has committed.

    Triggers of the database add an operation of the kind `outside` for changes that another program makes.
    """

    __tablename__ = "journal_operations"
    __table_args__ = (
        CheckConstraint("kind IN ('command', 'undo', 'redo', 'outside', 'migration')", name="kind"),
        # The id of a pruned operation is not given to another operation, because logs and scripts may name it.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime] = mapped_column(server_default=server_now())
    # The time shortly before the commit.
    ended_at: Mapped[datetime] = mapped_column(server_default=server_now())
    # The words of the command, such as `post publish`, and the whole command line without passwords.
    verb: Mapped[str | None] = mapped_column(Text)
    command: Mapped[str | None] = mapped_column(Text)
    # The user of the operating system who ran the command, or the role that another program used on PostgreSQL.
    actor: Mapped[str | None] = mapped_column(Text)
    host: Mapped[str | None] = mapped_column(Text)
    profile: Mapped[str | None] = mapped_column(Text)
    program: Mapped[str | None] = mapped_column(Text)
    # The revision of the schema in which the changes were made.
    revision: Mapped[str | None] = mapped_column(String(32))
    # The ids of the operations that an undo or a redo refers to.
    targets: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    # The id of the undo that has reverted this operation, or null while the operation is in effect.
    undone_by_id: Mapped[int | None] = mapped_column(BigInteger)
    # Maps the name of each changed table to the numbers of inserted, updated and deleted rows.
    counts: Mapped[dict[str, list[int]] | None] = mapped_column(JSON(none_as_null=True))
    # The number of changes whose former values were erased.
    forgotten: Mapped[int] = mapped_column(default=0, server_default="0")


class JournalChange(Base):
    """A change of one row. The ids of the changes of a row are in the order in which the changes happened."""

    __tablename__ = "journal_changes"
    __table_args__ = (
        CheckConstraint("action IN ('i', 'u', 'd')", name="action"),
        Index("ix_journal_changes_row", "table_no", "row_id", "id"),
        Index("ix_journal_changes_operation_id", "operation_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(_BigId, primary_key=True)
    # This is no foreign key, because checking it would take up to a quarter of the time of the change on PostgreSQL.
    operation_id: Mapped[int] = mapped_column(BigInteger)
    # The number of the table in `repositories.journal.tables`.
    table_no: Mapped[int]
    # The key of the changed row: the id of the user, post or tag. For a link and an import, it is the id of the post.
    row_id: Mapped[int]
    # The id of the tag of a link, and otherwise 0.
    other_id: Mapped[int]
    # Whether the row was inserted (i), updated (u) or deleted (d).
    action: Mapped[str] = mapped_column(String(1))
    # The former values by column: of all columns of a deleted row, or of the changed columns of an updated row.
    was: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
